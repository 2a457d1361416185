import { z } from "zod";
import type { Issue } from "../../domain/errors.ts";
import { HubError } from "../../domain/errors.ts";
import { cleanText } from "../../domain/sms-text.ts";

/** Shapes that many nouns share. */

/** Any text from outside: NUL and half surrogate pairs taken out. */
export const text = (most: number) => z.string().max(most).transform(cleanText);

/** A text that must say something. */
export const name = (most = 200) =>
  z
    .string()
    .max(most)
    .transform((value) => cleanText(value).trim())
    .refine((value) => value.length > 0, "must not be empty");

export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50).describe("How many, 1 to 100"),
  cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

/** Cuts a page out of `limit + 1` rows; the cursor is opaque to clients. */
export function pageOf<Row, View>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  view: (row: Row) => View,
): { data: View[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    data: shown.map(view),
    nextCursor: more ? cursorAt(cursorOf(last as Row)) : null,
  };
}

/** A page of a search, which may end before the page is full. */
export function foundPage<Row, View>(
  found: { rows: Row[]; next: string | null },
  view: (row: Row) => View,
): { data: View[]; nextCursor: string | null } {
  return { data: found.rows.map(view), nextCursor: found.next === null ? null : cursorAt(found.next) };
}

/** Said of lists whose filters are looked for, page by page. */
export const MAY_BE_SHORT =
  "A page may hold fewer than `limit` entries although there are more: `nextCursor` tells.";

/** The cursor of what comes behind a place. */
export function cursorAt(place: string): string {
  return Buffer.from(place).toString("base64url");
}

export function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const value = Buffer.from(cursor, "base64url").toString("utf8");
  if (value === "" || value.includes("\0") || Buffer.from(value).toString("base64url") !== cursor) {
    throw new HubError("validation_error", "cursor: is not one we gave out", [
      { path: "cursor", message: "is not one we gave out" },
    ]);
  }
  return value;
}

/** Of something that can be edited; see `revisions.ts`. */
export const Revision = z.string().describe("Its state, as the ETag; send it as `If-Match` with a change");

export const Time = z.string().describe("UTC, ISO 8601 with milliseconds");

/** A phone number in E.164, short code, or as a person types it; normalised by the handler. */
export const Phone = z
  .string()
  .trim()
  .min(2)
  .max(40)
  .transform(cleanText)
  .describe("E.164, e.g. +14155550101");

/**
 * An object that refuses keys it does not know, each named by its own path. Keys in `echoed` are those that
 * answers carry and callers may send back: they are read over.
 */
export function closed<Shape extends z.ZodRawShape>(shape: Shape, echoed: string[] = []): z.ZodObject<Shape> {
  const known = new Set([...Object.keys(shape), ...echoed]);
  const checked = z
    .looseObject(shape)
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (!known.has(key)) context.addIssue({ code: "custom", path: [key], message: "is not known" });
      }
    })
    .overwrite((value) => {
      const kept = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
      return Object.fromEntries(kept) as typeof value;
    })
    .meta({ additionalProperties: false });
  return checked as unknown as z.ZodObject<Shape>;
}

/** A whole number within a range that the message names. */
export const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

/** A point in time in a query. */
export const TimeFilter = z.iso
  .datetime({ offset: true, error: "must be a time like 2026-01-31T08:00:00Z" })
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()), "must be a time like 2026-01-31T08:00:00Z");

/** `true` or `false` in a query. */
export const Flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((value) => value === "true");

/** An id in a path: cleaned, so that what cannot be stored is simply not found. */
export const IdParams = z.object({ id: text(200) });

/** The values a caller gave: what was left out is no key at all. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Throws when there are faults; the message tells the first, the issues tell all. */
export function refuse(code: "validation_error" | "conflict", issues: Issue[]): void {
  const [first] = issues;
  if (first) throw new HubError(code, `${first.path}: ${first.message}`, issues);
}
