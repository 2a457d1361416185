import { z } from "zod";
import type { Kind } from "../../domain/board.ts";
import type { Issue } from "../../domain/errors.ts";
import { audit } from "../../store/audit.ts";
import { boardKinds, nextBoardRevision, saveKind, valuesInUse } from "../../store/board.ts";
import type { Tx } from "../../store/database.ts";
import { bumpConfig } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import { closed, ListQuery, name, page, pageOf, Revision, readCursor, refuse } from "./shapes.ts";

const key = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_-]*$/, "must begin with a letter and hold only a-z, 0-9, _ and -");
const phrase = name(60).refine((value) => wordsOf(value) !== "", "must hold a letter or a digit");

const KindValue = closed({
  key,
  state: name(40).optional().describe("How the state is told: open, on hold; the key if left out"),
  ask: name(40).optional().describe("How it is asked for: Open, Hold"),
  verbs: z.array(phrase).max(50).default([]).describe("Words and phrases that set this value"),
});
const KindField = closed({
  key,
  default: z.string().max(40).nullable().default(null).describe("Value of new items; null = not set"),
  values: z.array(KindValue).min(1, "must hold at least one value").max(50),
});
const NewKind = closed(
  {
    key,
    label: name(40),
    plural: name(40).optional(),
    hints: z.array(phrase).max(50).optional().describe("Words that narrow a text to this kind"),
    labelUse: z
      .enum(["needed", "always", "never"], { error: "must be needed, always or never" })
      .default("needed"),
    fields: z
      .array(KindField)
      .min(1, "must hold at least one field")
      .max(20)
      .describe("The first one is the main one"),
  },
  ["revision", "warnings"],
);

const KindView = z.object({
  key: z.string(),
  label: z.string(),
  plural: z.string(),
  hints: z.array(z.string()),
  labelUse: z.enum(["needed", "always", "never"]),
  fields: z.array(
    z.object({
      key: z.string(),
      default: z.string().nullable(),
      values: z.array(
        z.object({ key: z.string(), state: z.string(), ask: z.string(), verbs: z.array(z.string()) }),
      ),
    }),
  ),
  revision: Revision,
});
const SavedKind = KindView.extend({ warnings: z.array(z.string()) });

export function kindRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/board/kinds",
    { schema: { tags: ["board"], querystring: ListQuery, response: { 200: page(KindView) } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const kinds = await boardKinds(deps.database, callerOf(request).tenantId);
      const after = readCursor(cursor);
      const start = after === null ? 0 : kinds.findIndex((kind) => kind.key === after) + 1;
      return pageOf(
        kinds.slice(start, start + limit + 1),
        limit,
        (kind) => kind.key,
        (kind) => ({ ...kind, revision: revisionOf(kind) }),
      );
    },
  );

  app.post(
    "/v1/board/kinds",
    {
      schema: {
        tags: ["board"],
        description: "Adds a kind, or replaces the one with this key.",
        body: NewKind,
        response: { 200: SavedKind, 201: SavedKind },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const kind = withDefaults(request.body);
      refuse("validation_error", kindFaults(kind));
      const isNew = await deps.database.transact(async (tx) => {
        // Taken first: no item gets a value while the kind loses it. It also renews the public board.
        await nextBoardRevision(tx, tenantId);
        const known = (await boardKinds(tx, tenantId)).find((other) => other.key === kind.key);
        await heedIfMatch(tx, request, {
          object: kind.key,
          actions: "board.kind.",
          revision: known ? revisionOf(known) : "",
          updatedAt: null,
        });
        if (known) await refuseLoss(tx, tenantId, kind);
        await saveKind(tx, tenantId, kind);
        await bumpConfig(tx, tenantId);
        await audit(tx, { tenantId, actor, action: "board.kind.saved", object: kind.key, detail: kind });
        return !known;
      });
      const warnings = deps.boardWarnings([kind], []);
      return reply.code(isNew ? 201 : 200).send({ ...kind, revision: revisionOf(kind), warnings });
    },
  );
}

function withDefaults(body: z.output<typeof NewKind>): Kind {
  const plural = body.plural ?? `${body.label}s`;
  const hints = body.hints ?? [body.label.toLowerCase(), plural.toLowerCase()];
  return {
    key: body.key,
    label: body.label,
    plural,
    hints: [...new Set(hints)],
    labelUse: body.labelUse,
    fields: body.fields.map((field) => ({
      key: field.key,
      default: field.default,
      values: field.values.map((value) => ({
        key: value.key,
        state: value.state ?? value.key,
        ask: value.ask ?? capital(value.verbs[0] ?? value.key),
        verbs: [...new Set(value.verbs)],
      })),
    })),
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What the shapes cannot tell: keys that come twice, defaults that are no values, verbs that mean two things. */
function kindFaults(kind: Kind): Issue[] {
  const faults: Issue[] = [];
  const fieldKeys = new Set<string>();
  const verbs = new Map<string, string>();
  for (const [f, field] of kind.fields.entries()) {
    if (fieldKeys.has(field.key))
      faults.push({ path: `fields.${f}.key`, message: `"${field.key}" is there twice` });
    fieldKeys.add(field.key);
    const valueKeys = new Set<string>();
    for (const [v, value] of field.values.entries()) {
      const at = `fields.${f}.values.${v}`;
      if (valueKeys.has(value.key))
        faults.push({ path: `${at}.key`, message: `"${value.key}" is there twice` });
      valueKeys.add(value.key);
      for (const [w, verb] of value.verbs.entries()) {
        const meaning = `${field.key} ${value.key}`;
        const other = verbs.get(wordsOf(verb));
        if (other !== undefined && other !== meaning) {
          const message = `"${verb}" stands for ${other} already; a verb means one thing inside a kind`;
          faults.push({ path: `${at}.verbs.${w}`, message });
        }
        verbs.set(wordsOf(verb), meaning);
      }
    }
    if (field.default !== null && !valueKeys.has(field.default)) {
      faults.push({ path: `fields.${f}.default`, message: `"${field.default}" is not one of its values` });
    }
  }
  return faults;
}

/** Verbs are compared as texts are read: no case, no accents, no punctuation. */
function wordsOf(phraseText: string): string {
  return phraseText
    .replace(/['`´‘’]/g, "")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A field or value that items still have cannot go: they would be in a state that has no name. */
async function refuseLoss(tx: Tx, tenantId: string, kind: Kind): Promise<void> {
  const used = await valuesInUse(tx, tenantId, kind.key);
  const lost = used.flatMap(({ field, value, items }): Issue[] => {
    const index = kind.fields.findIndex((candidate) => candidate.key === field);
    const kept = kind.fields[index]?.values.some((candidate) => candidate.key === value) ?? false;
    if (kept) return [];
    const path = index < 0 ? "fields" : `fields.${index}.values`;
    return [{ path, message: `${items} item(s) still have ${field} "${value}"; change them first` }];
  });
  refuse("conflict", lost);
}
