import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { HubError, notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import type { EndpointSource, StoredEndpoint } from "../../store/endpoints.ts";
import {
  countEndpoints,
  dropEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
} from "../../store/endpoints.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { endpointActionRoutes } from "./endpoint-actions.ts";
import { checkEndpoint, ownerOf, patchEndpoint, usualTimeout } from "./endpoint-change.ts";
import type { MadeSecret } from "./endpoint-secrets.ts";
import { kindsOf, makeSecrets, shownOf, signingFor, storeSecrets } from "./endpoint-secrets.ts";
import { CreatedEndpoint, EndpointPatch, EndpointView, NewEndpoint, withoutQuery } from "./endpoint-shape.ts";
import { endpointViewer, sealHeaders, showEndpoint } from "./endpoint-view.ts";
import { heedIfMatch, revisionOf } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, page, pageOf, readCursor } from "./shapes.ts";

/** Endpoints of one account, those of rules, integrations and callbacks included. */
const MOST_ENDPOINTS = 1_000;

const Query = ListQuery.extend({
  source: z.enum(["endpoint", "forward_all", "rule", "integration", "callback"]).optional(),
});

export function endpointRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;
  const one = { tags: ["endpoints"], params: IdParams };

  app.get(
    "/v1/endpoints",
    { schema: { tags: ["endpoints"], querystring: Query, response: { 200: page(EndpointView) } } },
    async (request) => {
      const { limit, cursor, source } = request.query;
      const filter = { sources: sourcesOf(source), before: readCursor(cursor), limit: limit + 1 };
      const rows = await listEndpoints(database, callerOf(request).tenantId, filter);
      return pageOf(rows, limit, (row) => row.id, await endpointViewer(deps, rows));
    },
  );

  app.post(
    "/v1/endpoints",
    {
      schema: {
        tags: ["endpoints"],
        description: "The secret is in this answer and nowhere else.",
        body: NewEndpoint,
        response: { 201: CreatedEndpoint },
      },
    },
    async (request, reply) => {
      const { tenantId } = callerOf(request);
      const { id, secrets } = await create(deps, request, request.body);
      const shown = await showEndpoint(deps, tenantId, id);
      return reply.code(201).send({ ...shown, secret: shownOf(secrets) });
    },
  );

  app.get("/v1/endpoints/:id", { schema: { ...one, response: { 200: EndpointView } } }, async (request) =>
    showEndpoint(deps, callerOf(request).tenantId, request.params.id),
  );

  app.patch(
    "/v1/endpoints/:id",
    {
      schema: {
        ...one,
        description:
          "A corrected address serves at once what waits. Disabled, deliveries are held; enabled again, they " +
          "leave or are discarded as `release` says. `secret` replaces the old one at once.",
        body: EndpointPatch,
        response: { 200: EndpointView.extend({ secret: z.string().nullable().optional() }) },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const made = await database.transact(async (tx) => {
        const row = await lockEndpoint(tx, tenantId, id);
        if (!row) throw notFound("endpoint");
        await heedIfMatch(tx, request, editedOf(row));
        const secret = await patchEndpoint(tx, deps, row, request.body);
        const changed = Object.keys(request.body);
        await audit(tx, { tenantId, actor, action: "endpoint.changed", object: id, detail: { changed } });
        return secret;
      });
      deps.eventsWritten();
      deps.wakeHooks();
      const shown = await showEndpoint(deps, tenantId, id);
      return made === null ? shown : { ...shown, secret: made };
    },
  );

  app.delete(
    "/v1/endpoints/:id",
    {
      schema: {
        ...one,
        description: "Cancels what has not left.",
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        const row = await lockEndpoint(tx, tenantId, id);
        if (!row) throw notFound("endpoint");
        await heedIfMatch(tx, request, editedOf(row));
        if (row.source !== "endpoint" && row.source !== "callback")
          throw new HubError("conflict", ownerOf(row));
        await dropEndpoint(tx, row);
        const detail = { url: withoutQuery(row.url) };
        await audit(tx, { tenantId, actor, action: "endpoint.removed", object: id, detail });
      });
      return reply.code(204).send(null);
    },
  );

  endpointActionRoutes(app, deps);
}

function editedOf(row: StoredEndpoint) {
  return { object: row.id, actions: "endpoint.", revision: revisionOf(row), updatedAt: row.updated_at };
}

/** Which texts an integration hears of makes two sources of one. */
function sourcesOf(source: EndpointView["source"] | undefined): EndpointSource[] {
  if (source === undefined) return [];
  return source === "integration" ? ["integration", "integration_replies"] : [source];
}

/** One more endpoint than an account may have is refused. */
export async function checkNumber(tx: Tx, tenantId: string): Promise<void> {
  if ((await countEndpoints(tx, tenantId, MOST_ENDPOINTS)) < MOST_ENDPOINTS) return;
  throw new HubError("conflict", `An account has at most ${MOST_ENDPOINTS} endpoints.`);
}

async function create(
  deps: ApiDeps,
  request: FastifyRequest,
  body: NewEndpoint,
): Promise<{ id: string; secrets: MadeSecret[] }> {
  const { tenantId, actor } = callerOf(request);
  const id = newId("ep");
  const checked = checkEndpoint(deps, tenantId, body, body.format);
  const signing = signingFor(body.signing, body.secret);
  const secrets = makeSecrets(deps, kindsOf(signing), body.secret);
  await deps.database.transact(async (tx) => {
    await checkNumber(tx, tenantId);
    await insertEndpoint(tx, {
      ...body,
      id,
      tenantId,
      source: "endpoint",
      sourceId: null,
      types: checked.types ?? body.types,
      formatOptions: { ...body.formatOptions, ...checked.kind },
      timeoutMs: body.timeoutMs ?? usualTimeout(deps, body.format),
      signing,
      headers: sealHeaders(deps, id, {}, checked.headers),
    });
    await storeSecrets(tx, deps, [id], secrets);
    const detail = { url: withoutQuery(body.url), types: body.types, format: body.format };
    await audit(tx, { tenantId, actor, action: "endpoint.created", object: id, detail });
  });
  return { id, secrets };
}
