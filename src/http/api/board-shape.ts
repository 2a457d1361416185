import { z } from "zod";
import type { Kind } from "../../domain/board.ts";
import type { Issue } from "../../domain/errors.ts";
import type { StoredItem } from "../../store/board.ts";
import { inPlainWords } from "../plain-words.ts";
import { closed, name, Time, whole } from "./shapes.ts";

/** Shapes of board items, and the checks that need the kinds of the board. */

/** Items in one request. */
const MOST_ITEMS = 1_000;
/** Answers carry these and may be sent back as they are. */
const ECHOED = ["id", "revision", "updatedAt", "updatedBy", "warnings"];

const fields = {
  kind: z.string().max(60).describe("Key of its kind"),
  name: name(120),
  aliases: z.array(name(120)).max(50),
  number: whole(0, 999_999_999).nullable(),
  area: name(60).nullable(),
  fields: z
    .record(z.string(), z.string().nullable())
    .describe("Value key by field key, e.g. {status: 'closed'}; null = not set"),
  archived: z.boolean().describe("Archived items are neither shown nor matched"),
  position: whole(0, 2_000_000_000).describe("Place on the board; the end if left out"),
};

const NewItem = closed(
  {
    kind: fields.kind,
    name: fields.name,
    aliases: fields.aliases.default([]),
    number: fields.number.default(null),
    area: fields.area.default(null),
    fields: fields.fields.default({}),
    archived: fields.archived.default(false),
    position: fields.position.optional(),
  },
  ECHOED,
);
export type NewItem = z.output<typeof NewItem>;

const NewItems = closed({ items: z.array(NewItem).min(1).max(MOST_ITEMS) });

/** One item, or `{items: [...]}`. Told apart by hand: the faults of a union name no field. */
export const ItemBody = z
  .unknown()
  .meta({ anyOf: [jsonSchemaOf(NewItem), jsonSchemaOf(NewItems)] })
  .transform((value, context): { one: boolean; items: NewItem[] } => {
    const isList = typeof value === "object" && value !== null && "items" in value;
    const parsed = isList ? NewItems.safeParse(value) : NewItem.safeParse(value);
    if (!parsed.success) {
      for (const { code, path, message, ...params } of parsed.error.issues) {
        context.addIssue({ code: "custom", path, message: inPlainWords({ keyword: code, message, params }) });
      }
      return z.NEVER;
    }
    return "items" in parsed.data
      ? { one: false, items: parsed.data.items }
      : { one: true, items: [parsed.data] };
  });

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

export const ItemPatch = closed(z.object(fields).partial().shape, ECHOED);
export type ItemPatch = z.output<typeof ItemPatch>;

export const ActorView = z.object({ kind: z.string(), id: z.string(), name: z.string() });

export const ItemView = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  number: z.number().nullable(),
  area: z.string().nullable(),
  fields: z.record(z.string(), z.string().nullable()),
  archived: z.boolean(),
  position: z.number(),
  revision: z.number(),
  updatedAt: Time,
  updatedBy: ActorView.nullable(),
  warnings: z.array(z.string()).optional(),
});

export function itemAnswer(item: StoredItem, warnings?: string[]): z.input<typeof ItemView> {
  const { last, ...shown } = item;
  return { ...shown, ...(warnings && { warnings }) };
}

/** Unknown fields and values of an item of this kind, each with its path. */
export function fieldFaults(kind: Kind, values: Record<string, string | null>, prefix: string): Issue[] {
  return Object.entries(values).flatMap(([key, value]): Issue[] => {
    const path = `${prefix}fields.${key}`;
    const field = kind.fields.find((candidate) => candidate.key === key);
    if (!field) {
      const known = kind.fields.map((candidate) => candidate.key).join(", ");
      return [{ path, message: `a ${kind.key} has no such field; it has ${known}` }];
    }
    if (value === null || field.values.some((candidate) => candidate.key === value)) return [];
    const known = field.values.map((candidate) => candidate.key).join(", ");
    return [{ path, message: `"${value}" is not one of ${known}` }];
  });
}

export function kindFault(kinds: Map<string, Kind>, key: string, prefix: string): Issue[] {
  if (kinds.has(key)) return [];
  const known = [...kinds.keys()].join(", ") || "none yet";
  return [{ path: `${prefix}kind`, message: `there is no kind "${key}"; there is ${known}` }];
}
