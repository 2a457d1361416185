import { z } from "zod";
import type { Actor } from "../../domain/board.ts";
import { HubError } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { audit } from "../../store/audit.ts";
import type { Reader, Tx } from "../../store/database.ts";
import { liveSecrets } from "../../store/endpoint-secrets.ts";
import type { StoredEndpoint } from "../../store/endpoints.ts";
import { dropEndpoint, endpointsOf, insertEndpoint, lockEndpoint } from "../../store/endpoints.ts";
import { lockTenant } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { changeEndpoint } from "./endpoint-change.ts";
import { makeSecrets, shownOf, storeSecrets } from "./endpoint-secrets.ts";
import { Secret, Url, urlIssues, withoutQuery } from "./endpoint-shape.ts";
import type { ApiApp } from "./routes.ts";
import { given, refuse, Time } from "./shapes.ts";

/*
 * Mobile API Connect's "forward all": one address that hears of every text that comes in, whatever rules do. It
 * is an endpoint with a lane, a log and a secret like any other; this is only another way to set it up.
 */

const Order = z.object({
  url: Url,
  enabled: z.boolean({ error: "must be true or false" }).optional(),
  secret: Secret.optional(),
});

const Webhook = z.object({
  url: z.string(),
  enabled: z.boolean(),
  secretSet: z.boolean(),
  updatedAt: Time,
});
type Webhook = z.infer<typeof Webhook>;

const CALLS = { ordering: "none", onExhausted: "hold", signing: "v1", headers: null } as const;

export function webhookRoutes(app: ApiApp, deps: ApiDeps): void {
  const tags = ["webhooks"];

  app.get("/v1/webhooks", { schema: { tags, response: { 200: Webhook } } }, async (request) =>
    show(deps.database, callerOf(request).tenantId),
  );

  app.put(
    "/v1/webhooks",
    {
      schema: {
        tags,
        description: "Every text that comes in is sent there. The first time the secret is in the answer.",
        body: Order,
        response: { 200: Webhook.extend({ secret: z.string().optional() }) },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const order = request.body;
      refuse("validation_error", urlIssues(deps, order.url));
      const secret = await deps.database.transact(async (tx) => {
        // Two calls at once make one.
        await lockTenant(tx, tenantId);
        const row = await find(tx, tenantId);
        if (row) return change(tx, deps, row.id, tenantId, order, actor);
        return create(tx, deps, tenantId, order, actor);
      });
      deps.eventsWritten();
      deps.wakeHooks();
      const shown = await show(deps.database, tenantId);
      return secret === null ? shown : { ...shown, secret };
    },
  );

  app.delete("/v1/webhooks", { schema: { tags, response: { 204: z.null() } } }, async (request, reply) => {
    const { tenantId, actor } = callerOf(request);
    await deps.database.transact(async (tx) => {
      const known = await find(tx, tenantId);
      const row = known && (await lockEndpoint(tx, tenantId, known.id));
      if (!row) throw none();
      await dropEndpoint(tx, row);
      await audit(tx, { tenantId, actor, action: "webhook.removed", object: row.id });
    });
    return reply.code(204).send(null);
  });
}

function none(): HubError {
  return new HubError("no_webhook_config", "No webhook is set. Set one with PUT /v1/webhooks.");
}

async function find(reader: Reader, tenantId: string): Promise<StoredEndpoint | null> {
  const [row] = await endpointsOf(reader, tenantId, ["forward_all"], null);
  return row ?? null;
}

async function show(reader: Reader, tenantId: string): Promise<Webhook> {
  const row = await find(reader, tenantId);
  if (!row) throw none();
  const secrets = await liveSecrets(reader, [row.id]);
  return {
    url: row.url,
    enabled: row.enabled,
    secretSet: secrets.length > 0,
    updatedAt: row.updated_at.toISOString(),
  };
}

type Order = z.output<typeof Order>;

/** Answers the secret, which is shown this once. */
async function create(
  tx: Tx,
  deps: ApiDeps,
  tenantId: string,
  order: Order,
  actor: Actor,
): Promise<string | null> {
  const id = newId("ep");
  const secrets = makeSecrets(deps, ["symmetric"], order.secret);
  await insertEndpoint(tx, {
    ...CALLS,
    id,
    tenantId,
    source: "forward_all",
    sourceId: null,
    url: order.url,
    types: ["message.received"],
    channelIds: [],
    format: "mobile-api-connect",
    formatOptions: {},
    enabled: order.enabled ?? true,
    rate: null,
    concurrency: 8,
    timeoutMs: 8_000,
    schedule: null,
  });
  await storeSecrets(tx, deps, [id], secrets);
  const detail = { url: withoutQuery(order.url) };
  await audit(tx, { tenantId, actor, action: "webhook.created", object: id, detail });
  return shownOf(secrets);
}

async function change(
  tx: Tx,
  deps: ApiDeps,
  id: string,
  tenantId: string,
  { url, enabled, secret }: Order,
  actor: Actor,
): Promise<null> {
  const row = await lockEndpoint(tx, tenantId, id);
  if (!row) throw none();
  await changeEndpoint(tx, deps, row, given({ url, enabled, secret }));
  const detail = { url: withoutQuery(url), enabled: enabled ?? row.enabled };
  await audit(tx, { tenantId, actor, action: "webhook.changed", object: id, detail });
  return null;
}
