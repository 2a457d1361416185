import { z } from "zod";
import type { Actor, Reporter } from "../../domain/board.ts";
import type { Issue } from "../../domain/errors.ts";
import { notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { isPhoneNumber, normalisePhone } from "../../domain/phone.ts";
import { audit } from "../../store/audit.ts";
import { boardItem, boardKinds } from "../../store/board.ts";
import type { Tx } from "../../store/database.ts";
import type { StoredReporter } from "../../store/reporters.ts";
import {
  deleteReporter,
  insertReporter,
  listReporters,
  phoneOwners,
  replaceReporter,
  reporterById,
} from "../../store/reporters.ts";
import { bumpConfig, tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import {
  closed,
  Flag,
  given,
  IdParams,
  ListQuery,
  name,
  Phone,
  page,
  pageOf,
  Revision,
  readCursor,
  refuse,
  Time,
  text,
  whole,
} from "./shapes.ts";

const Permission = text(300).describe(
  "`*`, `lift`, `trail:area=North`, `gate:item=itm_...` or `*:area=North`",
);

const fields = {
  name: name(),
  phones: z.array(Phone).min(1, "must hold at least one number").max(20),
  permissions: z.array(Permission).max(500).describe("The union counts; an empty list means no changes"),
  confirmation: z.enum(["immediate", "two_step"]).nullable().describe("null = as the settings say"),
  undoWindowSeconds: whole(30, 600).nullable().describe("null = as the settings say"),
  active: z.boolean(),
  tags: z.array(name(60)).max(20),
  pin: z
    .string()
    .regex(/^[0-9]{4,8}$/, "must be 4 to 8 digits")
    .nullable()
    .describe("Never shown again; null takes it away"),
};
const ECHOED = ["id", "pinSet", "createdAt", "updatedAt", "revision"];

const NewReporter = closed(
  {
    ...fields,
    permissions: fields.permissions.default([]),
    confirmation: fields.confirmation.default(null),
    undoWindowSeconds: fields.undoWindowSeconds.default(null),
    active: fields.active.default(true),
    tags: fields.tags.default([]),
    pin: fields.pin.default(null),
  },
  ECHOED,
);
const ReporterPatch = closed(z.object(fields).partial().shape, ECHOED);

const ReporterView = z.object({
  id: z.string(),
  name: z.string(),
  phones: z.array(z.string()),
  permissions: z.array(z.string()),
  confirmation: z.enum(["immediate", "two_step"]).nullable(),
  undoWindowSeconds: z.number().nullable(),
  active: z.boolean(),
  tags: z.array(z.string()),
  pinSet: z.boolean(),
  createdAt: Time,
  updatedAt: Time,
  revision: Revision,
});
const Query = ListQuery.extend({ active: Flag.optional(), phone: Phone.optional() });

export function reporterRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;

  app.get(
    "/v1/reporters",
    { schema: { tags: ["reporters"], querystring: Query, response: { 200: page(ReporterView) } } },
    async (request) => {
      const { limit, cursor, active, phone } = request.query;
      const { tenantId } = callerOf(request);
      const rows = await listReporters(database, tenantId, {
        after: readCursor(cursor),
        limit: limit + 1,
        ...(active !== undefined && { active }),
        ...(phone !== undefined && { phone: normalisePhone(phone, await countryOf(database, tenantId)) }),
      });
      return pageOf(rows, limit, (row) => row.id, view);
    },
  );

  app.post(
    "/v1/reporters",
    { schema: { tags: ["reporters"], body: NewReporter, response: { 201: ReporterView } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { pin, ...body } = request.body;
      const id = newId("rep");
      const stored = await database.transact(async (tx) => {
        await bumpConfig(tx, tenantId);
        const phones = await checkPhones(tx, tenantId, id, body.phones);
        await checkPermissions(tx, tenantId, body.permissions, []);
        const pinHash = pin === null ? null : deps.hashPin(id, pin);
        await insertReporter(tx, tenantId, { ...body, id, phones, pinHash });
        await note(tx, tenantId, actor, "reporter.created", { ...body, id, phones });
        return load(tx, tenantId, id);
      });
      return reply.code(201).send(view(stored));
    },
  );

  app.get(
    "/v1/reporters/:id",
    { schema: { tags: ["reporters"], params: IdParams, response: { 200: ReporterView } } },
    async (request) => view(await load(database, callerOf(request).tenantId, request.params.id)),
  );

  app.patch(
    "/v1/reporters/:id",
    {
      schema: { tags: ["reporters"], params: IdParams, body: ReporterPatch, response: { 200: ReporterView } },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const { pin, ...body } = request.body;
      const stored = await database.transact(async (tx) => {
        // The tenant's row is locked first: two changes of reporters never look past each other.
        await bumpConfig(tx, tenantId);
        const before = await load(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(before));
        const after: Reporter = { ...before, ...given(body) };
        if (body.phones) after.phones = await checkPhones(tx, tenantId, id, body.phones);
        if (body.permissions) await checkPermissions(tx, tenantId, body.permissions, before.permissions);
        if (pin !== undefined) after.pinHash = pin === null ? null : deps.hashPin(id, pin);
        await replaceReporter(tx, tenantId, after);
        const detail = { ...body, ...(pin !== undefined && { pinSet: pin !== null }) };
        await note(tx, tenantId, actor, "reporter.changed", { ...detail, id });
        return load(tx, tenantId, id);
      });
      return view(stored);
    },
  );

  app.delete(
    "/v1/reporters/:id",
    { schema: { tags: ["reporters"], params: IdParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        await bumpConfig(tx, tenantId);
        const before = await load(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(before));
        const { name, phones } = before;
        await deleteReporter(tx, tenantId, id);
        await note(tx, tenantId, actor, "reporter.deleted", { id, name, phones });
      });
      return reply.code(204).send(null);
    },
  );
}

function editedOf(reporter: StoredReporter) {
  const { id: object, updatedAt } = reporter;
  return { object, actions: "reporter.", revision: revisionOf(reporter), updatedAt };
}

async function load(reader: ApiDeps["database"] | Tx, tenantId: string, id: string): Promise<StoredReporter> {
  const reporter = await reporterById(reader, tenantId, id);
  if (!reporter) throw notFound("reporter");
  return reporter;
}

function note(
  tx: Tx,
  tenantId: string,
  actor: Actor,
  action: string,
  detail: { id: string; [key: string]: unknown },
): Promise<void> {
  const { id, ...rest } = detail;
  return audit(tx, { tenantId, actor, action, object: id, detail: rest });
}

async function countryOf(reader: ApiDeps["database"] | Tx, tenantId: string): Promise<string> {
  return (await tenantById(reader, tenantId))?.country ?? "US";
}

/** The numbers in E.164, each once. A number belongs to one reporter only. */
async function checkPhones(tx: Tx, tenantId: string, id: string, typed: string[]): Promise<string[]> {
  const country = await countryOf(tx, tenantId);
  const phones = typed.map((phone) => normalisePhone(phone, country));
  const faults = phones.flatMap((phone, index): Issue[] =>
    isPhoneNumber(phone)
      ? []
      : [{ path: `phones.${index}`, message: "must be a phone number, e.g. +14155550101" }],
  );
  refuse("validation_error", faults);
  const owners = await phoneOwners(tx, tenantId, phones, id);
  const taken = owners.map(
    ({ phone, reporterId, name }): Issue => ({
      path: `phones.${phones.indexOf(phone)}`,
      message: `${phone} belongs to ${name} (${reporterId})`,
    }),
  );
  refuse("conflict", taken);
  return [...new Set(phones)];
}

/** What was held before may stay, so that a deleted item does not keep a person from being edited. */
async function checkPermissions(
  tx: Tx,
  tenantId: string,
  permissions: string[],
  held: string[],
): Promise<void> {
  const kinds = new Set((await boardKinds(tx, tenantId)).map((kind) => kind.key));
  const faults: Issue[] = [];
  for (const [index, permission] of permissions.entries()) {
    if (held.includes(permission)) continue;
    const message = await permissionFault(tx, tenantId, permission, kinds);
    if (message !== null) faults.push({ path: `permissions.${index}`, message });
  }
  refuse("validation_error", faults);
}

async function permissionFault(
  tx: Tx,
  tenantId: string,
  permission: string,
  kinds: Set<string>,
): Promise<string | null> {
  const [, subject = "", scope, value = ""] = /^([^:]+)(?::(area|item)=(.+))?$/s.exec(permission) ?? [];
  if (subject === "") return "must be *, a kind, kind:area=..., kind:item=itm_... or *:area=...";
  if (subject !== "*" && !kinds.has(subject)) return `there is no kind "${subject}"`;
  if (scope !== "item") return null;
  if (subject === "*") return "an item is named with its kind, e.g. gate:item=itm_...";
  const item = await boardItem(tx, tenantId, value);
  if (!item) return `there is no item "${value}"`;
  return item.kind === subject ? null : `"${item.name}" is a ${item.kind}, not a ${subject}`;
}

function view(reporter: StoredReporter): z.input<typeof ReporterView> {
  const { pinHash, createdAt, updatedAt, ...shown } = reporter;
  return {
    ...shown,
    pinSet: pinHash !== null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    revision: revisionOf(reporter),
  };
}
