import type { FastifyReply } from "fastify";
import type { PlacedEvent, Position, TypeFilter } from "../store/events.ts";
import { currentPosition, eventsAfter, eventsBetween, lastEventsBetween } from "../store/events.ts";
import type { ApiDeps } from "./api/deps.ts";
import type { EventStream } from "./sse.ts";
import { openEventStream } from "./sse.ts";

/*
 * One tail per process follows the events in the order of their commits and hands them to all who listen. It
 * looks soon after this process wrote events, and now and then for those that others wrote. It rests while
 * nobody listens.
 */

/** Between two looks while there is news, and while there is none, ms. */
const BUSY_MS = 20;
const IDLE_MS = 500;
/** Looks after a hint: a transaction that began earlier and is still open hides what was just written. */
const LOOKS_AFTER_HINT = 5;
const PAGE = 1_000;
const REPLAY_PAGE = 500;
/**
 * Events that may wait for a listener who is still being told of the past, or takes his time. They wait as they are,
 * once for all listeners; what is written out for one of them is no more than a portion.
 */
const MOST_PENDING = 5_000;
const PORTION = 50;
/** Events known to a reader who begins now, though they are behind the settled past. */
const MOST_KNOWN = 10_000;

/** Behind every transaction there can be. */
const END: Position = { tx: "18446744073709551615", id: "" };

type Listener = (events: PlacedEvent[]) => void;

interface Live {
  /** What comes behind `upTo` goes to the listener. */
  listen(tenantId: string, listener: Listener): Promise<{ upTo: Position; stop: () => void }>;
}

type LiveDeps = Pick<ApiDeps, "database" | "onEvents" | "log">;

const tails = new WeakMap<LiveDeps, Live>();

/** The tail of this process. */
function liveOf(deps: LiveDeps): Live {
  const known = tails.get(deps);
  if (known) return known;
  const live = createLive(deps);
  tails.set(deps, live);
  return live;
}

function createLive(deps: LiveDeps): Live {
  const listeners = new Map<string, Set<Listener>>();
  let position: Position | null = null;
  let starting: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let unsubscribe: (() => void) | null = null;
  let hints = 0;
  let looking = false;

  async function start(): Promise<void> {
    unsubscribe ??= deps.onEvents(() => {
      const idle = hints === 0;
      hints = LOOKS_AFTER_HINT;
      if (idle && !looking) lookIn(BUSY_MS);
    });
    position = await currentPosition(deps.database);
    lookIn(hints > 0 ? BUSY_MS : IDLE_MS);
  }

  function rest(): void {
    unsubscribe?.();
    unsubscribe = null;
    if (timer) clearTimeout(timer);
    timer = null;
    position = null;
    starting = null;
  }

  function lookIn(ms: number): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(look, ms).unref();
  }

  async function look(): Promise<void> {
    const from = position;
    if (!from) return;
    if (hints > 0) hints -= 1;
    looking = true;
    let more = false;
    try {
      const events = await eventsAfter(deps.database, from, PAGE);
      // It may have gone to rest, and even have started anew, in the meantime.
      if (position !== from) return;
      const last = events.at(-1);
      if (last) position = { tx: last.tx, id: last.id };
      more = events.length === PAGE;
      for (const [tenantId, own] of Map.groupBy(events, (event) => event.tenantId)) {
        for (const listener of [...(listeners.get(tenantId) ?? [])]) listener(own);
      }
    } catch (error) {
      deps.log.warn({ err: error }, "events: reading the newest failed");
    } finally {
      looking = false;
    }
    if (position) lookIn(more ? 0 : hints > 0 ? BUSY_MS : IDLE_MS);
  }

  function stop(tenantId: string, listener: Listener): void {
    const own = listeners.get(tenantId);
    if (!own?.delete(listener)) return;
    if (own.size === 0) listeners.delete(tenantId);
    if (listeners.size === 0) rest();
  }

  return {
    async listen(tenantId, listener) {
      for (;;) {
        starting ??= start().catch((error) => {
          starting = null;
          throw error;
        });
        await starting;
        if (!position) continue;
        // From here to the end nothing waits: no event falls between the position and the listener.
        const own = listeners.get(tenantId) ?? new Set();
        listeners.set(tenantId, own.add(listener));
        return { upTo: position, stop: () => stop(tenantId, listener) };
      }
    },
  };
}

interface Following {
  tenantId: string;
  types: TypeFilter;
  /** What the reader saw last; null = only what comes. */
  after: Position | null;
  /** Past events told at most: the newest. Null = all of them. */
  mostPast: number | null;
  /** What the reader is told first when there is more past than that. */
  onTooMuch: string;
  opened(stream: EventStream): void;
  /** Answers null when the reader must go. */
  frames(events: PlacedEvent[]): Promise<string | null>;
}

/**
 * Answers with a stream that tells of the past, then of what comes, each event once and in order. The answer
 * begins when nothing can be missed any more: what happens after it has begun is told.
 */
export async function follow(deps: LiveDeps, reply: FastifyReply, following: Following): Promise<void> {
  const isKnown = await knownTo(deps, following);
  const gate = Promise.withResolvers<EventStream>();
  let stream: EventStream | null = null;
  let told = gate.promise;
  let pending = 0;
  const { upTo, stop } = await liveOf(deps).listen(following.tenantId, (all) => {
    const events = all.filter((event) => isOfType(event.type, following.types) && !isKnown(event));
    pending += events.length;
    if (pending > MOST_PENDING) return stream?.close();
    told = told.then(async (open) => {
      await tell(deps, open, following, events);
      pending -= events.length;
      return open;
    });
  });
  stream = openEventStream(reply);
  stream.onClose(stop);
  following.opened(stream);
  if (following.after) await tellPast(deps, stream, { ...following, after: following.after }, upTo);
  gate.resolve(stream);
}

/** Resolves when the reader has taken most of it. */
async function tell(
  deps: LiveDeps,
  stream: EventStream,
  following: Following,
  events: PlacedEvent[],
): Promise<void> {
  try {
    for (let from = 0; from < events.length && !stream.closed; from += PORTION) {
      const frames = await following.frames(events.slice(from, from + PORTION));
      if (frames === null) stream.close();
      else if (frames !== "") stream.write(frames);
      await stream.drained();
    }
  } catch (error) {
    deps.log.warn({ err: error }, "events: telling a reader failed");
    stream.close();
  }
}

/**
 * Tells what a reader knows who was told of `after` elsewhere, or who begins now: the tail may lag behind that.
 * Behind the settled past only what can be seen now is known: a transaction that began earlier may still bring
 * something.
 */
async function knownTo(deps: LiveDeps, following: Following): Promise<(event: PlacedEvent) => boolean> {
  const { tenantId, types, after } = following;
  const settled = await currentPosition(deps.database);
  if (after && isBehind(settled, after)) return (event) => !isBehind(event, after);
  const stretch = { tenantId, types, after: settled, upTo: after ?? END, limit: MOST_KNOWN };
  const seen = new Set((await eventsBetween(deps.database, stretch)).map((event) => event.id));
  return (event) => seen.has(event.id) || !isBehind(event, settled);
}

function isBehind(place: Position, other: Position): boolean {
  const [tx, otherTx] = [BigInt(place.tx), BigInt(other.tx)];
  return tx === otherTx ? place.id > other.id : tx > otherTx;
}

async function tellPast(
  deps: LiveDeps,
  stream: EventStream,
  following: Following & { after: Position },
  upTo: Position,
): Promise<void> {
  const { tenantId, types, mostPast } = following;
  try {
    if (mostPast !== null) {
      const stretch = { tenantId, types, after: following.after, upTo, limit: mostPast + 1 };
      const events = await lastEventsBetween(deps.database, stretch);
      if (events.length > mostPast) stream.write(following.onTooMuch);
      return await tell(deps, stream, following, events.slice(-mostPast));
    }
    let after = following.after;
    for (;;) {
      const stretch = { tenantId, types, after, upTo, limit: REPLAY_PAGE };
      const events = await eventsBetween(deps.database, stretch);
      await tell(deps, stream, following, events);
      const last = events.at(-1);
      if (!last || events.length < REPLAY_PAGE || stream.closed) return;
      after = { tx: last.tx, id: last.id };
    }
  } catch (error) {
    deps.log.warn({ err: error }, "events: telling the past failed");
    stream.close();
  }
}

function isOfType(type: string, { exact, prefixes }: TypeFilter): boolean {
  if (exact.length === 0 && prefixes.length === 0) return true;
  return exact.includes(type) || prefixes.some((prefix) => type.startsWith(prefix));
}
