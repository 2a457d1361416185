import { randomUUID } from "node:crypto";
import { allowedOverlap } from "../../delivery/hooks/lane-state.ts";
import type { Database } from "../../store/database.ts";
import type { Claimed, ClaimLimits, HookFlight } from "../../store/hook-claim.ts";
import { claimHooks, isFailing, isWeak } from "../../store/hook-claim.ts";
import { anyLane } from "../../store/hook-lanes.ts";
import { freeLostHooks, nextHookDue, releaseHooks } from "../../store/hook-queue.ts";
import { createBatcher } from "../../tools/batcher.ts";
import type { Logger } from "../../tools/log.ts";
import { startLoop } from "../loop.ts";
import { untilTaken } from "../outbox/until-taken.ts";
import type { HookCounters } from "./counters.ts";
import type { HookCaller, HookTry } from "./fly-hook.ts";
import { failedTry, flyHook } from "./fly-hook.ts";
import { cautiousFormats } from "./hook-care.ts";
import { createHookSettler } from "./settle-hooks.ts";

/*
 * The webhook worker: claim what is due, lane by lane; send it; settle what came of it.
 *
 * A claim is one short transaction, and none is open while an endpoint is called. What was claimed is a row with
 * a lease that only this process holds. Tries are settled together, by compare-and-set on the claim. Whatever an
 * endpoint does, it holds its own few sockets and no others: lanes that fail or are slow share a part of them.
 */

const MOST_SOCKETS = 256;
const MOST_FAILING = MOST_SOCKETS / 4;
const MOST_WEAK = MOST_SOCKETS / 2;
/** What one tenant may hold while others wait, and when nobody does: some are left for who comes. */
const MOST_OF_TENANT = MOST_SOCKETS / 2;
const MOST_ALONE = MOST_SOCKETS - 64;
/** How long it is believed that nobody else waits, ms. */
const ALONE_MS = 20;
/** Tries that may wait for their settlement; no more is claimed above. */
const MOST_UNSETTLED = 1_024;
/** Fewer free sockets than this are not worth a claim while more are about to be free. */
const WORTH_A_CLAIM = 48;
const SETTLE_AT_MOST = 200;
/** How often to look when nothing wakes us: with deliveries waiting, and without, ms. */
const WAITING_MS = 250;
const IDLE_MS = 1_000;
/** Claims in a row that may find only lanes from which nothing may leave now, before it rests. */
const MOST_IN_VAIN = 4;
/** While our own network is down, one try in so many ms tells whether it still is. */
const EGRESS_MS = 10_000;

export interface HookWorkerDeps {
  database: Database;
  node: string;
  log: Logger;
  caller: HookCaller;
  counters: HookCounters;
  random: () => number;
  /** Events were committed. */
  onEvents: () => void;
}

export interface HookWorker {
  wake(): void;
  /** Claims nothing more; resolves when what is under way is settled or given back, at the latest after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export function startHookWorker(deps: HookWorkerDeps): HookWorker {
  const settler = createHookSettler(deps);
  const settles = createBatcher<HookTry, void>(
    { maxItems: SETTLE_AT_MOST, concurrency: 2 },
    async (batch) => {
      await settleAll(settler, batch, deps);
      for (const { flight } of batch) landed(flight);
      loop.wake();
      return batch.map(() => undefined);
    },
  );
  /** Tries under way, and tries whose end is not yet written. */
  const flying = new Map<HookFlight, Promise<void>>();
  const ofLane = new Map<string, number>();
  /** Sockets that each tenant holds, and when nobody but those with many had anything due. */
  const ofTenant = new Map<string, number>();
  let aloneAt = Number.NEGATIVE_INFINITY;
  let calling = 0;
  let failing = 0;
  let weak = 0;
  let stopping = false;
  let inVain = 0;
  let wasDown = false;
  let triedEgressAt = Number.NEGATIVE_INFINITY;

  /** Most installations have no endpoint: that is not asked more than once a second. */
  async function hasLanes(): Promise<boolean> {
    const now = performance.now();
    if (lanes.exist || now - lanes.askedAt < IDLE_MS) return lanes.exist;
    lanes = { exist: await anyLane(deps.database), askedAt: now };
    return lanes.exist;
  }
  let lanes = { exist: false, askedAt: Number.NEGATIVE_INFINITY };

  function limits(): ClaimLimits {
    const most = Math.min(MOST_SOCKETS - calling, MOST_UNSETTLED - flying.size);
    const full = [...ofLane].flatMap(([lane, count]) => (count >= (overlaps.get(lane) ?? 1) ? [lane] : []));
    const weakest = { mostFailing: MOST_FAILING - failing, mostWeak: MOST_WEAK - weak };
    return { most, fullLanes: full, ...weakest, ofTenant, mostOfTenant: MOST_OF_TENANT };
  }
  const overlaps = new Map<string, number>();

  async function round(): Promise<number> {
    if (!(await hasLanes())) return IDLE_MS;
    const room = limits();
    if (stopping || room.most <= 0 || (calling > 0 && room.most < WORTH_A_CLAIM)) return IDLE_MS;
    const now = performance.now();
    const isEgressDown = deps.caller.egress.isDown(now);
    tellOfEgress(isEgressDown);
    const wait = isEgressDown ? triedEgressAt + EGRESS_MS - now : 0;
    if (wait > 0) return wait;
    const { flights, isCutShort } = isEgressDown ? await claimOne(room) : await claimFairly(room, now);
    if (isEgressDown && flights.length > 0) triedEgressAt = now;
    const goesOn = flights.length === 0 && isCutShort && inVain < MOST_IN_VAIN;
    inVain = goesOn ? inVain + 1 : 0;
    if (goesOn) return 0;
    // A lane that is full says itself when it has room: its tries are settled, and that wakes us.
    if (flights.length === 0) return waitFor(await nextHookDue(deps.database, room.fullLanes));
    const claimedAt = performance.now();
    for (const flight of flights) begin(flight, claimedAt);
    return 0;
  }

  function tellOfEgress(isDown: boolean): void {
    if (isDown === wasDown) return;
    wasDown = isDown;
    if (isDown) deps.log.error("webhooks: our own network is down: nobody is reached, so all endpoints wait");
    else deps.log.info("webhooks: our own network is back");
  }

  async function claim(room: ClaimLimits): Promise<Claimed> {
    const name = randomUUID();
    try {
      return await claimHooks(deps.database, deps.node, name, room, allowedOverlap);
    } catch (error) {
      // It may have been committed all the same, and nobody else gives back what a living process holds.
      giveBack(name);
      throw error;
    }
  }

  /** Tried until it is written down: the connection that broke may be the first of many. */
  function giveBack(name: string): void {
    const write = async () => {
      if (!stopping) await releaseHooks(deps.database, deps.node, name);
    };
    const onFault = (error: unknown) =>
      deps.log.error({ err: error }, "webhooks: giving back deliveries failed");
    untilTaken(write, onFault).catch(() => undefined);
  }

  /** Who has half of the sockets gets more when nobody else has anything due, but never the last ones. */
  async function claimFairly(room: ClaimLimits, now: number): Promise<Claimed> {
    const isCrowded = [...ofTenant.values()].some((held) => held >= MOST_OF_TENANT);
    if (!isCrowded) return claim(room);
    if (now - aloneAt >= ALONE_MS) {
      const others = await claim(room);
      if (others.flights.length > 0) return others;
      aloneAt = now;
    }
    return claim({ ...room, mostOfTenant: MOST_ALONE });
  }

  /** For a look whether our network is back: an endpoint that worked tells more than one that is dead anyway. */
  async function claimOne(room: ClaimLimits): Promise<Claimed> {
    const working = await claim({ ...room, most: 1, mostFailing: 0 });
    return working.flights.length > 0 ? working : claim({ ...room, most: 1 });
  }

  function begin(flight: HookFlight, claimedAt: number): void {
    const { lane, endpointId, tenantId } = flight;
    overlaps.set(endpointId, allowedOverlap(lane));
    count(ofLane, endpointId, 1);
    const shares = { failing: isFailing(lane) ? 1 : 0, weak: isWeak(lane) ? 1 : 0 };
    calling += 1;
    count(ofTenant, tenantId, 1);
    failing += shares.failing;
    weak += shares.weak;
    const done = flyHook(flight, claimedAt, deps.caller)
      .catch((error) => {
        deps.log.error({ err: error, delivery: flight.id }, "webhooks: a request could not be written");
        return failedTry(flight, claimedAt, error);
      })
      .finally(() => {
        calling -= 1;
        count(ofTenant, tenantId, -1);
        failing -= shares.failing;
        weak -= shares.weak;
      })
      .then((one) => {
        deps.counters.tried(one);
        return settles.add(one);
      })
      .catch((error) => deps.log.error({ err: error, delivery: flight.id }, "webhooks: a try was lost"));
    flying.set(flight, done);
  }

  function landed(flight: HookFlight): void {
    flying.delete(flight);
    count(ofLane, flight.endpointId, -1);
    if (!ofLane.has(flight.endpointId)) overlaps.delete(flight.endpointId);
  }

  const loop = startLoop({
    round,
    onFault: (error) => deps.log.error({ err: error }, "webhooks: a round failed"),
  });
  return {
    wake: loop.wake,
    async stop(graceMs) {
      stopping = true;
      await loop.stop();
      const all = Promise.all(flying.values());
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      if (flying.size > 0) await leaveBehind(deps);
    },
  };
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

/** What is still under way may have been processed: it is freed as if this process had died. */
async function leaveBehind({ database, node, log, caller }: HookWorkerDeps): Promise<void> {
  await freeLostHooks(database, [node], cautiousFormats(caller.formats)).catch((error) =>
    log.error({ err: error }, "webhooks: giving back deliveries failed"),
  );
}

function waitFor(dueInMs: number | null): number {
  if (dueInMs === null) return IDLE_MS;
  return dueInMs <= 0 ? WAITING_MS : Math.min(WAITING_MS, Math.max(5, dueInMs));
}

/** A settlement that the database refuses is done alone, and then without what it could stumble over. */
async function settleAll(
  settler: ReturnType<typeof createHookSettler>,
  batch: HookTry[],
  { log }: HookWorkerDeps,
): Promise<void> {
  const write = (tries: HookTry[]) =>
    untilTaken(
      () => settler.settle(tries),
      (error) => log.error({ err: error, tries: tries.length }, "webhooks: settling failed"),
    );
  try {
    await write(batch);
  } catch {
    for (const one of batch) {
      const bare: HookTry = { ...one, request: null, response: null };
      await write([one])
        .catch(() => write([bare]))
        .catch((error) => log.error({ err: error, delivery: one.flight.id }, "webhooks: a try was not kept"));
    }
  }
}
