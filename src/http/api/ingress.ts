import { z } from "zod";
import { notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { audit } from "../../store/audit.ts";
import type { Reader, Tx } from "../../store/database.ts";
import type { StoredEndpoint } from "../../store/endpoints.ts";
import { dropEndpoint, endpointsOf, insertEndpoint, lockEndpoint } from "../../store/endpoints.ts";
import type { IntegrationFields, StoredIntegration } from "../../store/integrations.ts";
import {
  deleteIntegration,
  insertIntegration,
  integrationById,
  lastPosts,
  listIntegrations,
  replaceIntegration,
} from "../../store/integrations.ts";
import { lockTenant } from "../../store/tenants.ts";
import { hashKey } from "../../tools/secrets.ts";
import { randomWord } from "../../tools/webhook-secrets.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { changeEndpoint } from "./endpoint-change.ts";
import { makeSecrets, shownOf, storeSecrets } from "./endpoint-secrets.ts";
import { urlIssues } from "./endpoint-shape.ts";
import { checkNumber } from "./endpoints.ts";
import type { IntegrationBody } from "./ingress-shape.ts";
import {
  channelIssues,
  fieldsOf,
  Integration,
  IntegrationChange,
  integrationView,
  NewIntegration,
  Post,
  ShownIntegration,
} from "./ingress-shape.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, page, pageOf, readCursor, refuse } from "./shapes.ts";

/** Systems that post their own JSON to have texts sent, as people set them up. The door itself: `ingress-door.ts`. */

const SOURCES = ["integration", "integration_replies"] as const;

export function ingressRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;
  const tags = ["ingress"];
  const one = { tags, params: IdParams };

  app.get(
    "/v1/ingress",
    { schema: { tags, querystring: ListQuery, response: { 200: page(Integration) } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { limit, cursor } = request.query;
      const rows = await listIntegrations(database, tenantId, readCursor(cursor), limit + 1);
      const endpoints = await endpointsOf(database, tenantId, [...SOURCES], null);
      const idOf = new Map(endpoints.map((endpoint) => [endpoint.source_id, endpoint.id]));
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        (row) => integrationView(row, idOf.get(row.id) ?? null),
      );
    },
  );

  app.post(
    "/v1/ingress",
    {
      schema: {
        tags,
        description: "The address to post to, and the secret of `outboundUrl`, are in this answer only.",
        body: NewIntegration,
        response: { 201: ShownIntegration },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const id = newId("wkh");
      check(deps, tenantId, request.body);
      const fields = fieldsOf(request.body, null, (secret) => deps.box.seal(secret, id));
      const token = newToken();
      const outboundSecret = await database.transact(async (tx) => {
        const { hash, hint } = token;
        await insertIntegration(tx, { ...fields, id, tenantId, tokenHash: hash, tokenHint: hint });
        await audit(tx, {
          tenantId,
          actor,
          action: "integration.created",
          object: id,
          detail: { name: fields.name },
        });
        return saveOutbound(tx, deps, tenantId, id, fields);
      });
      const shown = await show(database, tenantId, id);
      return reply.code(201).send({ ...shown, ...addressOf(deps, token), ...secretOf(outboundSecret) });
    },
  );

  app.get("/v1/ingress/:id", { schema: { ...one, response: { 200: Integration } } }, async (request) =>
    show(database, callerOf(request).tenantId, request.params.id),
  );

  app.put(
    "/v1/ingress/:id",
    {
      schema: {
        ...one,
        description: "Paths that are left out go back to what the preset says; everything else stays.",
        body: IntegrationChange,
        response: { 200: ShownIntegration },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      check(deps, tenantId, request.body);
      const token = request.body.rotateToken ? newToken() : null;
      const outboundSecret = await database.transact(async (tx) => {
        await lockTenant(tx, tenantId);
        const stored = await find(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(stored));
        const fields = fieldsOf(request.body, stored, (secret) => deps.box.seal(secret, id));
        await replaceIntegration(tx, id, fields, token);
        const action = token ? "integration.token_rotated" : "integration.changed";
        await audit(tx, { tenantId, actor, action, object: id, detail: { name: fields.name } });
        return saveOutbound(tx, deps, tenantId, id, fields);
      });
      deps.eventsWritten();
      deps.wakeHooks();
      const address = token && addressOf(deps, token);
      return { ...(await show(database, tenantId, id)), ...address, ...secretOf(outboundSecret) };
    },
  );

  app.delete(
    "/v1/ingress/:id",
    { schema: { ...one, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        await lockTenant(tx, tenantId);
        const stored = await find(tx, tenantId, id);
        await heedIfMatch(tx, request, editedOf(stored));
        const { name } = stored;
        await dropOutbound(tx, tenantId, id);
        await deleteIntegration(tx, id);
        await audit(tx, { tenantId, actor, action: "integration.removed", object: id, detail: { name } });
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/v1/ingress/:id/posts",
    {
      schema: {
        ...one,
        description: "The last 20 posts, newest first, with the values found.",
        response: { 200: page(Post) },
      },
    },
    async (request) => {
      const { id } = await find(database, callerOf(request).tenantId, request.params.id);
      const posts = await lastPosts(database, id);
      return { data: posts.map((post) => ({ ...post, at: post.at.toISOString() })), nextCursor: null };
    },
  );
}

interface Token {
  text: string;
  hash: Buffer;
  hint: string;
}

function newToken(): Token {
  const text = `ig_${randomWord(32)}`;
  return { text, hash: hashKey(text), hint: text.slice(-4) };
}

function addressOf(deps: ApiDeps, { text }: Token) {
  return { token: text, url: `${deps.publicUrl()}/v1/ingress/${text}` };
}

function secretOf(outboundSecret: string | null) {
  return outboundSecret === null ? {} : { outboundSecret };
}

function check(deps: ApiDeps, tenantId: string, { outboundUrl, channelId }: IntegrationBody): void {
  refuse("validation_error", [
    ...(outboundUrl ? urlIssues(deps, outboundUrl, "outboundUrl") : []),
    ...channelIssues(channelId, deps.channels.ofTenant(tenantId)),
  ]);
}

async function find(reader: Reader, tenantId: string, id: string): Promise<StoredIntegration> {
  const row = await integrationById(reader, tenantId, id);
  if (!row) throw notFound("integration");
  return row;
}

function editedOf(row: StoredIntegration) {
  return { object: row.id, actions: "integration.", revision: revisionOf(row), updatedAt: row.updated_at };
}

async function show(reader: Reader, tenantId: string, id: string): Promise<Integration> {
  const row = await find(reader, tenantId, id);
  const [endpoint] = await endpointsOf(reader, tenantId, [...SOURCES], id);
  return integrationView(row, endpoint?.id ?? null);
}

/** Makes, changes or removes the endpoint behind `outboundUrl`. Answers the secret of a new one. */
async function saveOutbound(
  tx: Tx,
  deps: ApiDeps,
  tenantId: string,
  id: string,
  { outboundUrl, mirror, enabled }: IntegrationFields,
): Promise<string | null> {
  const row = await lockOutbound(tx, tenantId, id);
  if (outboundUrl === null) {
    if (row) await dropEndpoint(tx, row);
    return null;
  }
  const source = mirror === "replies" ? "integration_replies" : "integration";
  if (row) {
    await changeEndpoint(tx, deps, row, { source, url: outboundUrl, enabled });
    return null;
  }
  await checkNumber(tx, tenantId);
  const endpointId = newId("ep");
  await insertEndpoint(tx, {
    id: endpointId,
    tenantId,
    source,
    sourceId: id,
    url: outboundUrl,
    types: ["message.received"],
    channelIds: [],
    format: "mobile-api-connect",
    formatOptions: {},
    enabled,
    rate: null,
    concurrency: 8,
    timeoutMs: 8_000,
    schedule: null,
    ordering: "none",
    onExhausted: "hold",
    signing: "v1",
    headers: null,
  });
  const secrets = makeSecrets(deps, ["symmetric"], undefined);
  await storeSecrets(tx, deps, [endpointId], secrets);
  return shownOf(secrets);
}

async function lockOutbound(tx: Tx, tenantId: string, id: string): Promise<StoredEndpoint | null> {
  const [known] = await endpointsOf(tx, tenantId, [...SOURCES], id);
  return known ? lockEndpoint(tx, tenantId, known.id) : null;
}

async function dropOutbound(tx: Tx, tenantId: string, id: string): Promise<void> {
  const row = await lockOutbound(tx, tenantId, id);
  if (row) await dropEndpoint(tx, row);
}
