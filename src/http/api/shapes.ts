import { z } from "zod";
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
    nextCursor: more ? Buffer.from(cursorOf(last as Row)).toString("base64url") : null,
  };
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

export const Time = z.string().describe("UTC, ISO 8601 with milliseconds");

export const ErrorBody = z.object({
  error: z.string(),
  message: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** A phone number in E.164, short code, or as a person types it; normalised by the handler. */
export const Phone = z.string().trim().min(2).max(40).describe("E.164, e.g. +14155550101");
