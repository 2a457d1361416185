import { z } from "zod";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import { endpointSecretRotated, webhookTest } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import { deliveryById, makeTestDelivery } from "../../store/deliveries.ts";
import { endpointHealth } from "../../store/endpoint-health.ts";
import { endOldSecrets, liveSecrets } from "../../store/endpoint-secrets.ts";
import type { StoredEndpoint } from "../../store/endpoints.ts";
import { endpointsOf, lockEndpoint } from "../../store/endpoints.ts";
import { insertReplay } from "../../store/replay-rows.ts";
import { insertEvents } from "../../store/routing.ts";
import { lockTenant, tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import { Attempt, attemptView } from "./delivery-view.ts";
import type { ApiDeps } from "./deps.ts";
import { EndpointHealth, endpointHealthOf } from "./endpoint-health.ts";
import type { Rotation } from "./endpoint-secrets.ts";
import { rotateSecrets, shownOf } from "./endpoint-secrets.ts";
import { ReplayOrder, RotateOrder, readTypes } from "./endpoint-shape.ts";
import { findEndpoint } from "./endpoint-view.ts";
import { Replay, showReplay } from "./replay-view.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, refuse, Time } from "./shapes.ts";

const Rotated = z.object({
  secret: z.string().nullable().describe("`whsec_…`, shown this once"),
  publicKey: z.string().nullable().describe("`whpk_…`, where `v1a` signs"),
  secretId: z.string().nullable(),
  oldValidUntil: Time.nullable().describe("Until then the old secret signs too; null: it ended"),
});

const Tested = z.object({
  deliveryId: z.string(),
  ok: z.boolean(),
  attempt: Attempt.nullable().describe("Null: it was not tried in time; look at the delivery later"),
});

/** Added to the endpoint's own time limit: claiming, looking up the name, writing the result down, ms. */
const TEST_EXTRA_MS = 3_000;
const LOOK_EVERY_MS = 50;

export function endpointActionRoutes(app: ApiApp, deps: ApiDeps): void {
  const one = { tags: ["endpoints"], params: IdParams };

  app.post(
    "/v1/endpoints/:id/rotate-secret",
    {
      schema: {
        ...one,
        description:
          "Makes a new secret; the old one signs too until the overlap ends. `X-MAC-Signature`, which holds one " +
          "signature, stays with the old one until then, or until `switchNow`. Callbacks share one secret.",
        body: RotateOrder.nullish(),
        response: { 200: Rotated },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const order = request.body ?? RotateOrder.parse({});
      const rotation = await deps.database.transact(async (tx) => {
        const rows = await lockSharers(tx, tenantId, id);
        if (order.switchNow) return switchNow(tx, rows);
        const done = await rotateSecrets(tx, deps, rows, order);
        const at = new Date(deps.clock.now()).toISOString();
        const { secretId, oldValidUntil } = done;
        const told = { endpointId: id, secretId, oldValidUntil, by: actor, at };
        await insertEvents(tx, [endpointSecretRotated(tenantId, told)]);
        await audit(tx, { tenantId, actor, action: "endpoint.secret_rotated", object: id });
        return done;
      });
      deps.eventsWritten();
      return rotatedView(deps, rotation);
    },
  );

  app.post(
    "/v1/endpoints/:id/test",
    {
      schema: {
        ...one,
        description: "Sends `webhook.test` to this endpoint alone and answers how the try went.",
        response: { 200: Tested },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const endpoint = await findEndpoint(deps.database, tenantId, request.params.id);
      const deliveryId = await deps.database.transact((tx) => makeTest(tx, deps, endpoint));
      deps.wakeHooks();
      const attempt = await firstAttempt(deps, endpoint, deliveryId);
      return { deliveryId, ok: attempt?.code === "ok", attempt };
    },
  );

  app.post(
    "/v1/endpoints/:id/replay",
    {
      schema: {
        ...one,
        description: "Sends old events again, at its own pace, beside what is new.",
        body: ReplayOrder,
        response: { 202: Replay },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const endpoint = await findEndpoint(deps.database, tenantId, request.params.id);
      const { body } = request;
      const since = new Date(body.since);
      const until = body.until ? new Date(body.until) : new Date(deps.clock.now());
      if (since >= until) throw invalid("since", "must be before `until`");
      const types = readReplayTypes(endpoint, body.types);
      const { states, rate } = body;
      const id = newId("rpl");
      await deps.database.transact(async (tx) => {
        await insertReplay(tx, { id, tenantId, endpointId: endpoint.id, since, until, types, states, rate });
        const detail = { replayId: id, since: since.toISOString(), until: until.toISOString(), states };
        await audit(tx, { tenantId, actor, action: "endpoint.replayed", object: endpoint.id, detail });
      });
      deps.wakeHooks();
      return reply.code(202).send(await showReplay(deps.database, tenantId, id));
    },
  );

  app.get(
    "/v1/endpoints/:id/health",
    {
      schema: {
        ...one,
        description: "How it is doing, and what keeps deliveries from leaving, in words.",
        response: { 200: EndpointHealth },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const endpoint = await findEndpoint(deps.database, tenantId, request.params.id);
      const health = await endpointHealth(deps.database, tenantId, endpoint.id);
      if (!health) throw notFound("endpoint");
      const timeZone = (await tenantById(deps.database, tenantId))?.settings.board.timeZone ?? "UTC";
      return endpointHealthOf(endpoint, health, timeZone);
    },
  );
}

/** The endpoint, or all of the tenant's callbacks, which share one secret: locked. */
async function lockSharers(tx: Tx, tenantId: string, id: string): Promise<StoredEndpoint[]> {
  // A callback to a new address copies the secret: not while it changes.
  await lockTenant(tx, tenantId);
  const row = await lockEndpoint(tx, tenantId, id);
  if (!row) throw notFound("endpoint");
  if (row.source !== "callback") return [row];
  const all = await endpointsOf(tx, tenantId, ["callback"], null);
  return [row, ...all.filter((other) => other.id !== row.id)];
}

async function switchNow(tx: Tx, rows: StoredEndpoint[]): Promise<Rotation> {
  const ids = rows.map(({ id }) => id);
  if (!(await endOldSecrets(tx, ids))) throw new HubError("conflict", "No old secret signs any more.");
  const [current] = await liveSecrets(tx, ids.slice(0, 1));
  return { secretId: current?.id ?? null, secrets: [], oldValidUntil: null };
}

function rotatedView(deps: ApiDeps, { secretId, secrets, oldValidUntil }: Rotation) {
  const key = secrets.find(({ kind }) => kind === "ed25519");
  return {
    secret: shownOf(secrets),
    publicKey: key ? deps.publicKeyOf(key.text) : null,
    secretId,
    oldValidUntil,
  };
}

async function makeTest(tx: Tx, deps: ApiDeps, endpoint: StoredEndpoint): Promise<string> {
  const at = new Date(deps.clock.now()).toISOString();
  const note = "A test: somebody asked Signalbox to send it.";
  const event = webhookTest(endpoint.tenant_id, endpoint.id, note, at);
  await insertEvents(tx, [event]);
  return makeTestDelivery(tx, {
    tenantId: endpoint.tenant_id,
    eventId: event.id,
    eventType: event.type,
    endpointId: endpoint.id,
  });
}

async function firstAttempt(
  deps: ApiDeps,
  endpoint: StoredEndpoint,
  deliveryId: string,
): Promise<Attempt | null> {
  const end = performance.now() + endpoint.timeout_ms + TEST_EXTRA_MS;
  while (performance.now() < end) {
    const delivery = await deliveryById(deps.database, endpoint.tenant_id, deliveryId);
    const [attempt] = delivery?.attempts ?? [];
    if (attempt) return attemptView(attempt);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}

/** Left out: what the endpoint takes anyway. */
function readReplayTypes(endpoint: StoredEndpoint, types: string[] | undefined): string[] {
  if (types === undefined) return endpoint.types;
  const wanted = readTypes("signalbox", types);
  if (!wanted.ok) refuse("validation_error", wanted.issues);
  return wanted.ok ? wanted.types : [];
}
