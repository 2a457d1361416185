import { z } from "zod";
import { HubError, notFound } from "../../domain/errors.ts";
import { replayFinished } from "../../domain/facts.ts";
import { audit } from "../../store/audit.ts";
import { deliveryById, listDeliveries, retryDelivery } from "../../store/deliveries.ts";
import { cancelReplay, listReplays } from "../../store/replay-rows.ts";
import { insertEvents } from "../../store/routing.ts";
import { callerOf } from "../auth.ts";
import {
  DELIVERY_STATES,
  DeliveryDetail,
  DeliveryView,
  deliveryDetail,
  deliveryView,
} from "./delivery-view.ts";
import type { ApiDeps } from "./deps.ts";
import { Replay, replayView, showReplay } from "./replay-view.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, page, pageOf, readCursor, TimeFilter } from "./shapes.ts";

const Query = ListQuery.extend({
  endpoint: z.string().max(100).optional(),
  state: z.enum(DELIVERY_STATES).optional(),
  type: z.string().max(100).optional().describe("A type, or a beginning such as `message.*`"),
  message: z.string().max(100).optional().describe("Id of a message"),
  since: TimeFilter.optional().describe("When the event came about"),
  until: TimeFilter.optional().describe("Before this time"),
  code: z.string().max(60).optional().describe("What the last try came to, e.g. `timeout_total`"),
});

const ReplayQuery = ListQuery.extend({ endpoint: z.string().max(100).optional() });

export function deliveryRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;
  const tags = ["deliveries"];

  app.get(
    "/v1/deliveries",
    {
      schema: {
        tags,
        description:
          "Newest first by their events. A page may hold fewer than `limit` although there are more: " +
          "`nextCursor` tells.",
        querystring: Query,
        response: { 200: page(DeliveryView) },
      },
    },
    async (request) => {
      const { limit, cursor, endpoint, message, ...rest } = request.query;
      const filter = { ...rest, endpointId: endpoint, messageId: message };
      const before = readCursor(cursor);
      const found = await listDeliveries(database, callerOf(request).tenantId, filter, before, limit);
      const nextCursor = found.next === null ? null : Buffer.from(found.next).toString("base64url");
      return { data: found.rows.map(deliveryView), nextCursor };
    },
  );

  app.get(
    "/v1/deliveries/:id",
    { schema: { tags, params: IdParams, response: { 200: DeliveryDetail } } },
    async (request) => show(deps, callerOf(request).tenantId, request.params.id),
  );

  app.post(
    "/v1/deliveries/:id/retry",
    {
      schema: {
        tags,
        description:
          "Tries it once more at once, past its schedule and a pause of the endpoint. As often as wanted.",
        params: IdParams,
        response: { 200: DeliveryDetail },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        const row = await deliveryById(tx, tenantId, id);
        if (!row) throw notFound("delivery");
        if (row.state === "cancelled") throw new HubError("conflict", "This delivery was cancelled.");
        const result = await retryDelivery(tx, tenantId, id);
        if (result === "gone") throw new HubError("conflict", "Its endpoint was deleted.");
        if (result === "sending") {
          reply.header("retry-after", "1");
          throw new HubError("conflict", "It is being sent right now.");
        }
        await audit(tx, { tenantId, actor, action: "delivery.retried", object: id });
      });
      deps.wakeHooks();
      return show(deps, tenantId, id);
    },
  );

  app.get(
    "/v1/replays",
    { schema: { tags, querystring: ReplayQuery, response: { 200: page(Replay) } } },
    async (request) => {
      const { limit, cursor, endpoint } = request.query;
      const filter = { endpointId: endpoint ?? null, before: readCursor(cursor), limit: limit + 1 };
      const rows = await listReplays(database, callerOf(request).tenantId, filter);
      return pageOf(rows, limit, (row) => row.id, replayView);
    },
  );

  app.get(
    "/v1/replays/:id",
    { schema: { tags, params: IdParams, response: { 200: Replay } } },
    async (request) => showReplay(deps.database, callerOf(request).tenantId, request.params.id),
  );

  app.post(
    "/v1/replays/:id/cancel",
    {
      schema: {
        tags,
        description: "Queues nothing more and cancels what still waits of it.",
        params: IdParams,
        response: { 200: Replay },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        const before = await showReplay(tx, tenantId, id);
        if (!(await cancelReplay(tx, tenantId, id)))
          throw new HubError("conflict", `The replay is ${before.state} and nothing of it waits.`);
        const { endpointId, matched, queued, skipped } = before;
        const at = new Date(deps.clock.now()).toISOString();
        const told = { replayId: id, endpointId, state: "cancelled" as const, matched, queued, skipped, at };
        if (before.state === "running") await insertEvents(tx, [replayFinished(tenantId, told)]);
        await audit(tx, { tenantId, actor, action: "replay.cancelled", object: id });
      });
      deps.eventsWritten();
      return showReplay(deps.database, tenantId, id);
    },
  );

  app.get(
    "/v1/jobs/:id",
    { schema: { tags: ["jobs"], params: IdParams, response: { 200: Replay } } },
    async (request) => showReplay(deps.database, callerOf(request).tenantId, request.params.id, "job"),
  );
}

async function show(deps: ApiDeps, tenantId: string, id: string) {
  const row = await deliveryById(deps.database, tenantId, id);
  if (!row) throw notFound("delivery");
  return deliveryDetail(deps, tenantId, row);
}
