import { z } from "zod";
import type { ActiveChannel, DoorRequest } from "../../channels/types.ts";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import type { StoredArrival } from "../../store/arrivals.ts";
import { arrivalBySeq, listArrivals, requeueArrival, settleAside } from "../../store/arrivals.ts";
import { audit } from "../../store/audit.ts";
import { bucketOf, conversationKey, keepArrivals } from "../../store/inbox.ts";
import { callerOf } from "../auth.ts";
import { toArrivals } from "../inbound.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { foundPage, ListQuery, MAY_BE_SHORT, page, readCursor, Time } from "./shapes.ts";

const Arrival = z.object({
  id: z.string(),
  channelId: z.string(),
  kind: z.string().describe("message, receipt, ...; unreadable: not understood"),
  door: z.string(),
  client: z.string().nullable(),
  receivedAt: Time,
  deliveries: z.number().describe("How often the provider sent it"),
  attempts: z.number(),
  aside: z.string().nullable().describe("Why it was set aside; null = it was not"),
  body: z.string().nullable().describe("As it came; kept for some days"),
});
const Query = ListQuery.extend({
  aside: z.enum(["true", "false"]).default("false").describe("Only what was set aside"),
});
const Params = z.object({ id: z.string().regex(/^arr_\d{1,15}$/, "is not the id of an arrival") });

/** What providers handed us, as it came; and what could not be understood or routed, to be tried again. */
export function arrivalRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/arrivals",
    {
      schema: {
        tags: ["arrivals"],
        description: `What providers handed us, newest first. ${MAY_BE_SHORT}`,
        querystring: Query,
        response: { 200: page(Arrival) },
      },
    },
    async (request) => {
      const { limit, cursor, aside } = request.query;
      const before = readCursor(cursor);
      const found = await listArrivals(deps.database, callerOf(request).tenantId, {
        aside: aside === "true",
        before: before === null ? null : seqOf(before),
        limit,
      });
      return foundPage(found, view);
    },
  );

  app.post(
    "/v1/arrivals/:id/replay",
    { schema: { tags: ["arrivals"], params: Params, response: { 202: z.object({ arrivals: z.number() }) } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const seq = Number(request.params.id.slice("arr_".length));
      const stored = await arrivalBySeq(deps.database, tenantId, seq);
      if (!stored) throw notFound("arrival");
      if (stored.aside === null) throw new HubError("conflict", "This arrival was not set aside.");
      const arrivals = await replay(deps, tenantId, stored);
      await deps.database.transact((tx) =>
        audit(tx, { tenantId, actor, action: "arrival.replayed", object: request.params.id }),
      );
      deps.wakeInbox();
      return reply.code(202).send({ arrivals });
    },
  );
}

function seqOf(cursor: string): number {
  const seq = Number(cursor);
  if (Number.isSafeInteger(seq)) return seq;
  throw invalid("cursor", "is not one we gave out");
}

/** Reads the kept bytes again; what was understood before and failed in routing goes back to the work list. */
async function replay(deps: ApiDeps, tenantId: string, stored: StoredArrival): Promise<number> {
  const { seq, payload } = stored;
  if (payload) {
    const key = conversationKey({ tenantId, channelId: stored.channelId, arrival: payload });
    await deps.database.transact((tx) => requeueArrival(tx, seq, bucketOf(key)));
    return 1;
  }
  const channel = deps.channels.byId(stored.channelId);
  if (!channel) throw new HubError("conflict", "The channel of this arrival was deleted.");
  const arrivals = toArrivals(doorRequest(deps, stored, channel), channel);
  const fault = arrivals.find((arrival) => arrival.aside !== null);
  if (fault) throw new HubError("conflict", `It is still not understood: ${fault.aside}`);
  await keepArrivals(deps.database, arrivals);
  await deps.database.transact((tx) => settleAside(tx, seq));
  return arrivals.length;
}

function doorRequest(deps: ApiDeps, stored: StoredArrival, channel: ActiveChannel): DoorRequest {
  return {
    kind: stored.door,
    method: "POST",
    url: `${deps.publicUrl()}/in/${channel.token}/${stored.door}`,
    headers: (stored.headers ?? {}) as DoorRequest["headers"],
    rawBody: stored.raw ?? Buffer.alloc(0),
    clientAddress: stored.client ?? "",
    receivedAt: stored.receivedAt,
  };
}

function view(row: StoredArrival): z.infer<typeof Arrival> {
  return {
    id: `arr_${row.seq}`,
    channelId: row.channelId,
    kind: row.kind,
    door: row.door,
    client: row.client,
    receivedAt: row.receivedAt.toISOString(),
    deliveries: row.deliveries,
    attempts: row.attempts,
    aside: row.aside,
    body: row.raw?.toString("utf8") ?? null,
  };
}
