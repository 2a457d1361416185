import { randomInt } from "node:crypto";
import { z } from "zod";
import { HubError, notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { KEY_ROLES, roleMayGive } from "../../domain/roles.ts";
import { audit } from "../../store/audit.ts";
import { deleteInvitationsBy } from "../../store/invitations.ts";
import { insertKey, listKeys, revokeKey } from "../../store/keys.ts";
import { deletePasswordLinksBy } from "../../store/password-links.ts";
import { hashKey } from "../../tools/secrets.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { ListQuery, name, page, pageOf, readCursor, Time } from "./shapes.ts";

const Key = z.object({
  id: z.string(),
  name: z.string(),
  role: z
    .enum(KEY_ROLES)
    .describe("owner and admin: all; operator: no set-up; viewer: reads, but no people's texts"),
  hint: z.string().describe("The last four characters"),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
});
const NewKey = z.object({ name: name(), role: z.enum(KEY_ROLES).default("owner") });
const CreatedKey = Key.extend({ key: z.string().describe("Shown this once") });
const Params = z.object({ id: z.string() });

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** `sk_live_` and 40 random characters: 238 bits. */
export function makeApiKey(): string {
  let key = "sk_live_";
  for (let i = 0; i < 40; i++) key += ALPHABET[randomInt(ALPHABET.length)];
  return key;
}

export function keyRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/keys",
    { schema: { tags: ["keys"], querystring: ListQuery, response: { 200: page(Key) } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await listKeys(deps.database, callerOf(request).tenantId, readCursor(cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        (row) => ({
          ...row,
          createdAt: row.createdAt.toISOString(),
          lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
        }),
      );
    },
  );

  app.post(
    "/v1/keys",
    { schema: { tags: ["keys"], body: NewKey, response: { 201: CreatedKey } } },
    async (request, reply) => {
      const { tenantId, actor, role: own } = callerOf(request);
      const key = makeApiKey();
      const { name: label, role } = request.body;
      if (!roleMayGive(own, role))
        throw new HubError("forbidden", "Only an owner may make a key of an owner.");
      const created = { id: newId("key"), name: label, role, hint: key.slice(-4) };
      await deps.database.transact(async (tx) => {
        await insertKey(tx, { ...created, tenantId, hash: hashKey(key) });
        await audit(tx, { tenantId, actor, action: "key.created", object: created.id });
      });
      const createdAt = new Date(deps.clock.now()).toISOString();
      return reply.code(201).send({ ...created, createdAt, lastUsedAt: null, key });
    },
  );

  app.delete(
    "/v1/keys/:id",
    { schema: { tags: ["keys"], params: Params, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await deps.database.transact(async (tx) => {
        if (!(await revokeKey(tx, tenantId, id))) throw notFound("key");
        await deleteInvitationsBy(tx, tenantId, id, KEY_ROLES);
        await deletePasswordLinksBy(tx, id);
        await audit(tx, { tenantId, actor, action: "key.revoked", object: id });
      });
      return reply.code(204).send(null);
    },
  );
}
