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
import { createBudgetGate } from "./budget-gate.ts";
import type { OutboxCounters } from "./counters.ts";
import { fly } from "./fly.ts";
import { createLaneKeeper } from "./lane-keeper.ts";
import { untilTaken } from "./until-taken.ts";

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
/** Between two looks at texts that are due and blocked: other flights must land first, ms. */
const BLOCKED_MS = 50;
/** What a claim saw of a person's consent is believed this long, ms. */
const CLAIM_BELIEVED_MS = 1_000;
/** Until texts of a channel that this process does not know may be claimed again, ms. */
const UNKNOWN_CHANNEL_MS = 5_000;

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
  const budgets = createBudgetGate(deps);
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
    let flights: Flight[] = [];
    try {
      flights = await claimFlights(deps.database, deps.node, claim, limit);
      if (flights.some((flight) => !deps.channels.byId(flight.lane))) await deps.channels.refresh();
      if (flights.length > 0) await budgets.judge(flights);
    } catch (error) {
      for (const flight of flights) budgets.landed(flight);
      // It may have been committed all the same, and nobody else gives back what a living process holds.
      watch(release(null, claim));
      throw error;
    }
    if (flights.length === 0) return waitFor(await nextDue(deps.database));
    const conversations = Map.groupBy(flights, (flight) => `${flight.lane} ${flight.conversation}`);
    for (const conversation of conversations.values()) begin(conversation);
    return 0;
  }

  function begin(conversation: Flight[]): void {
    inFlight += conversation.length;
    const landed = flyInOrder(conversation).finally(() => {
      inFlight -= conversation.length;
      for (const flight of conversation) budgets.landed(flight);
    });
    watch(landed);
  }

  /** What must end before the program may. */
  function watch(work: Promise<void>): void {
    const watched = work
      .catch((error) => deps.log.error({ err: error }, "outbox: a flight was lost"))
      .finally(() => flying.delete(watched));
    flying.add(watched);
  }

  function release(flights: Flight[] | null, claim: string, afterMs = 0): Promise<void> {
    const seqs = flights?.map((flight) => flight.seq) ?? null;
    return untilTaken(
      () => releaseFlights(deps.database, seqs, claim, afterMs),
      (error) => deps.log.error({ err: error }, "outbox: giving back texts failed"),
    );
  }

  async function flyInOrder(conversation: Flight[]): Promise<void> {
    const claimedAt = performance.now();
    for (const [index, flight] of conversation.entries()) {
      const channel = deps.channels.byId(flight.lane);
      const old = index > 0 && performance.now() - claimedAt > CLAIM_BELIEVED_MS;
      if (stopping || !channel || old) {
        await release(conversation.slice(index), flight.claim, channel ? 0 : UNKNOWN_CHANNEL_MS);
        loop.wake();
        return;
      }
      const settlement = await fly(flight, channel, lanes, deps, budgets.whyNot(flight));
      if (settlement.accepted) budgets.accepted(flight);
      await settles.add(settlement);
      if (settlement.again && index + 1 < conversation.length) {
        return release(conversation.slice(index + 1), flight.claim);
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
      await budgets.stop();
    },
  };
}

function waitFor(dueInMs: number | null): number {
  if (dueInMs === null) return IDLE_MS;
  if (dueInMs <= 0) return BLOCKED_MS;
  return Math.min(WAITING_MS, Math.max(5, dueInMs));
}

/** A settlement that the database refuses is done alone, and then without what it could stumble over. */
async function settleAll(deps: OutboxWorkerDeps, batch: Settlement[]): Promise<void> {
  const write = (settlements: Settlement[]) =>
    untilTaken(
      () => settleFlights(deps.database, settlements),
      (error) => deps.log.error({ err: error, settlements: settlements.length }, "outbox: settling failed"),
    );
  try {
    await write(batch);
  } catch {
    for (const one of batch) {
      const bare = { ...one, providerMessageId: null, error: null, attempt: null, events: [] };
      await write([one]).catch(() => write([bare]));
    }
  }
}
