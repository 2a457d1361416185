import { z } from "zod";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import type { PlacedEvent, Position, StoredEvent, TypeFilter } from "../../store/events.ts";
import { eventById, listEvents, positionOf } from "../../store/events.ts";
import { callerOf, isStillWelcome } from "../auth.ts";
import { follow } from "../live.ts";
import { createStreamRoom, eventFrame } from "../sse.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import {
  foundPage,
  IdParams,
  ListQuery,
  MAY_BE_SHORT,
  page,
  readCursor,
  Time,
  TimeFilter,
  text,
} from "./shapes.ts";

/** Streams this process keeps open for readers with a key. */
const MOST_STREAMS = 1_000;
/** Of one account: the others want to listen, too. */
const MOST_OF_ONE = 250;

const EventView = z.object({
  id: z.string(),
  type: z.string(),
  timestamp: Time,
  tenantId: z.string(),
  data: z.unknown(),
});

const TYPE = /^(?:\*|[a-z0-9_]+(?:\.[a-z0-9_]+)*(?:\.\*)?)$/;
const Types = z
  .string()
  .max(500)
  .transform((value) => value.split(",").map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => TYPE.test(part)),
    "must be types such as message.sent or message.*",
  )
  .describe("One or more types, with commas between: exact, or a beginning such as `message.*`");

const Query = ListQuery.extend({
  type: Types.optional(),
  since: TimeFilter.optional(),
  until: TimeFilter.optional(),
});
const StreamQuery = z.object({ type: Types.optional(), lastEventId: text(200).optional() });

export function eventRoutes(app: ApiApp, deps: ApiDeps): void {
  const streams = createStreamRoom(app, MOST_STREAMS);

  app.get(
    "/v1/events",
    {
      schema: {
        tags: ["events"],
        description: `Newest first. ${MAY_BE_SHORT}`,
        querystring: Query,
        response: { 200: page(EventView) },
      },
    },
    async (request) => {
      const { limit, cursor, type, since, until } = request.query;
      const found = await listEvents(deps.database, callerOf(request).tenantId, {
        types: typeFilter(type),
        since: since ?? null,
        until: until ?? null,
        after: readCursor(cursor),
        limit,
      });
      return foundPage(found, view);
    },
  );

  app.get(
    "/v1/events/:id",
    { schema: { tags: ["events"], params: IdParams, response: { 200: EventView } } },
    async (request) => {
      const event = await eventById(deps.database, callerOf(request).tenantId, request.params.id);
      if (!event) throw notFound("event");
      return view(event);
    },
  );

  app.get(
    "/v1/events/stream",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["events"],
        description:
          "Server-sent events: each has the id, the type as its name and the event as its data. `Last-Event-ID` " +
          "(header, or `lastEventId`) replays what came after that event, in the order of commits.",
        querystring: StreamQuery,
        produces: ["text/event-stream"],
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const { tenantId } = callerOf(request);
      if (streams.isFull) throw new HubError("unavailable", "Too many streams are open.");
      if (streams.countOf(tenantId) >= MOST_OF_ONE)
        throw new HubError("unavailable", `An account has at most ${MOST_OF_ONE} streams open.`);
      const after = await startOf(
        deps,
        tenantId,
        request.headers["last-event-id"],
        request.query.lastEventId,
      );
      await follow(deps, reply, {
        tenantId,
        types: typeFilter(request.query.type),
        after,
        mostPast: null,
        onTooMuch: "",
        opened: (stream) => streams.add(stream, tenantId),
        // A key may be revoked and a session end while the stream is open.
        frames: async (events) => ((await isStillWelcome(request)) ? framesOf(events) : null),
      });
    },
  );
}

/** The header is what a browser sends when it comes back: it is newer than the address it first called. */
async function startOf(
  deps: ApiDeps,
  tenantId: string,
  header: string | string[] | undefined,
  query: string | undefined,
): Promise<Position | null> {
  const id = header?.toString() || query;
  if (id === undefined || id === "") return null;
  const position = await positionOf(deps.database, tenantId, id);
  if (!position) throw invalid("lastEventId", "is not an event of this account, or is no longer kept");
  return position;
}

function typeFilter(types: string[] | undefined): TypeFilter {
  if (!types || types.includes("*")) return { exact: [], prefixes: [] };
  return {
    exact: types.filter((type) => !type.endsWith("*")),
    prefixes: types.filter((type) => type.endsWith("*")).map((type) => type.slice(0, -1)),
  };
}

function view(event: StoredEvent): z.input<typeof EventView> {
  const { id, type, at, tenantId, data } = event;
  return { id, type, timestamp: at.toISOString(), tenantId, data };
}

/** Many streams follow one tail: each event is written out once. */
const written = new WeakMap<PlacedEvent, string>();

function framesOf(events: PlacedEvent[]): string {
  let frames = "";
  for (const event of events) {
    let frame = written.get(event);
    if (frame === undefined) {
      frame = eventFrame({ id: event.id, type: event.type, data: JSON.stringify(view(event)) });
      written.set(event, frame);
    }
    frames += frame;
  }
  return frames;
}
