import { randomUUID } from "node:crypto";
import type { ActiveChannel } from "../../channels/types.ts";
import type { ChannelRoute, WayOut } from "../../delivery/send-text.ts";
import type { Database } from "../../store/database.ts";
import type { Flight, Settlement } from "../../store/outbox.ts";
import { claimFlights, nextDue, releaseFlights, settleFlights } from "../../store/outbox.ts";
import { createBatcher } from "../../tools/batcher.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import { startLoop } from "../loop.ts";
import type { OutboxCounters } from "./counters.ts";
import { fly } from "./fly.ts";
import { createLaneKeeper } from "./lane-keeper.ts";

/*
 * The outbox worker: claim what may leave, fly it, settle what came of it.
 *
 * A claim is one short transaction; no transaction is open while a provider is called. Each claimed text is a
 * flight: a row that only this process holds. Flights of one conversation go one after the other, all others
 * at once. What a flight came to is settled together with others, in one statement, by compare-and-set on the
 * claim. If the process dies in between, the next one finds the flight (see lost-flights.ts).
 */

/** Flights one process may hold at once. */
const MAX_FLIGHTS = 256;
const CLAIM_AT_MOST = 128;
const SETTLE_AT_MOST = 200;
/** How often to look when nothing wakes us: with texts waiting, and without, ms. */
const WAITING_MS = 250;
const IDLE_MS = 1_000;

export interface OutboxWorkerDeps {
  database: Database;
  node: string;
  clock: Clock;
  log: Logger;
  channels: { byId(id: string): ActiveChannel | null; refresh(): Promise<void> };
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  counters: OutboxCounters;
  random: () => number;
  /** Events were committed. */
  onEvents: () => void;
}

export interface OutboxWorker {
  wake(): void;
  /** Claims nothing more; resolves when the flights under way are settled, or after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export function startOutboxWorker(deps: OutboxWorkerDeps): OutboxWorker {
  const lanes = createLaneKeeper(deps.database, deps.log);
  const settles = createBatcher<Settlement, void>(
    { maxItems: SETTLE_AT_MOST, concurrency: 1 },
    async (batch) => {
      await settleAll(deps, batch);
      deps.onEvents();
      loop.wake();
      return batch.map(() => undefined);
    },
  );
  const flying = new Set<Promise<void>>();
  let inFlight = 0;
  let stopping = false;

  async function round(): Promise<number> {
    const limit = Math.min(CLAIM_AT_MOST, MAX_FLIGHTS - inFlight);
    if (limit <= 0) return IDLE_MS;
    const claim = randomUUID();
    const flights = await claimFlights(deps.database, deps.node, claim, limit);
    if (flights.length === 0) return waitFor(await nextDue(deps.database));
    if (flights.some((flight) => !deps.channels.byId(flight.lane))) await deps.channels.refresh();
    const conversations = Map.groupBy(flights, (flight) => `${flight.lane} ${flight.conversation}`);
    for (const conversation of conversations.values()) begin(conversation);
    return 0;
  }

  function begin(conversation: Flight[]): void {
    inFlight += conversation.length;
    const flight = flyInOrder(conversation)
      .catch((error) => deps.log.error({ err: error }, "outbox: a flight was lost"))
      .finally(() => {
        inFlight -= conversation.length;
        flying.delete(flight);
      });
    flying.add(flight);
  }

  async function flyInOrder(conversation: Flight[]): Promise<void> {
    for (const [index, flight] of conversation.entries()) {
      const channel = deps.channels.byId(flight.lane);
      if (stopping || !channel) {
        const rest = conversation.slice(index);
        await releaseFlights(
          deps.database,
          rest.map((later) => later.seq),
          flight.claim,
        );
        return;
      }
      const settlement = await fly(flight, channel, lanes, deps);
      await settles.add(settlement);
      if (settlement.again && index + 1 < conversation.length) {
        const later = conversation.slice(index + 1).map((next) => next.seq);
        await releaseFlights(deps.database, later, flight.claim);
        return;
      }
    }
  }

  const loop = startLoop({
    round,
    onFault: (error) => deps.log.error({ err: error }, "outbox: a round failed"),
  });
  return {
    wake: loop.wake,
    async stop(graceMs) {
      stopping = true;
      await loop.stop();
      const landed = Promise.all(flying).then(() => settles.idle());
      await Promise.race([landed, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
    },
  };
}

function waitFor(dueInMs: number | null): number {
  if (dueInMs === null) return IDLE_MS;
  return Math.min(WAITING_MS, Math.max(5, dueInMs));
}

/** The provider has the texts: settling is tried until the database takes it, however long that is away. */
async function settleAll(deps: OutboxWorkerDeps, batch: Settlement[]): Promise<void> {
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      await settleFlights(deps.database, batch);
      return;
    } catch (error) {
      deps.log.error({ err: error, settlements: batch.length }, "outbox: settling failed; trying again");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
