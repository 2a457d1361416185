import type { ActiveChannel } from "../channels/types.ts";
import type { Database } from "../store/database.ts";
import { endWaitingForParts } from "../store/inbound-parts.ts";
import { releaseLater } from "../store/later.ts";
import { expireWaiting, stretchEnd } from "../store/messages.ts";
import { ORPHAN_SECONDS, requeueOrphans } from "../store/news.ts";
import { flagUnconfirmed, purgeOld } from "../store/retention.ts";
import { insertEvents } from "../store/routing.ts";
import { learnGrowth } from "../store/statistics.ts";
import type { Logger } from "../tools/log.ts";
import type { Loop } from "./loop.ts";
import { startLoop } from "./loop.ts";
import { expiredEvents } from "./never-left.ts";
import type { FailoverDeps } from "./outbox/failover.ts";
import { moveFromDownLanes } from "./outbox/failover.ts";
import type { Suspects } from "./outbox/lost-flights.ts";
import { recoverLostFlights } from "./outbox/lost-flights.ts";

/** What has to happen now and then: flights of dead processes, late receipts, texts past their life, old rows. */

const EVERY_MS = 1_000;
/** Expiry looks at all that waits, so it looks less often; while that is more than a stretch, at one after the other. */
const EXPIRE_EVERY = 5;
const EXPIRE_STRETCH = 20_000;
const PURGE_EVERY_MS = 3_600_000;
/** Not at the start, when everything else wants the database. */
const FIRST_PURGE_MS = 60_000;
/** Receipts that came a moment ago are looked at each time, older ones part by part, seconds. */
const RECENT_RECEIPTS = 120;
const RECEIPT_PARTS = 600;
const EXPIRE_AT_ONCE = 500;
const RELEASE_AT_ONCE = 1_000;
/** How long the parts of a long text wait for those that are missing. */
const PARTS_WAIT_MS = 300_000;

export function startHousekeeping(deps: {
  database: Database;
  /** For statements that read whole tables. */
  wide: Database;
  node: string;
  channels: { byId(id: string): ActiveChannel | null };
  log: Logger;
  counters: FailoverDeps["counters"] & { partsMissing(channel: string): void };
  wakeInbox: () => void;
  wakeOutbox: () => void;
}): Loop {
  const suspects: Suspects = new Map();
  let rounds = 0;
  let expired = 0;
  const purge = startPurge(deps);
  const loop = startLoop({
    async round() {
      if ((await recoverLostFlights({ ...deps, suspects })) > 0) deps.wakeOutbox();
      if ((await requeueReceipts(deps.database, rounds)) > 0) deps.wakeInbox();
      const partial = await endWaitingForParts(deps.database, new Date(), PARTS_WAIT_MS);
      for (const channel of partial) deps.counters.partsMissing(channel);
      if (partial.length > 0) deps.wakeInbox();
      if ((await moveFromDownLanes(deps)) > 0) deps.wakeOutbox();
      if ((await releaseAll(deps.database)) > 0) deps.wakeOutbox();
      const round = rounds++;
      await learnGrowth(deps.wide);
      if (round % EXPIRE_EVERY === 0 || expired > 0) expired = await expireStretch(deps.database, expired);
      return EVERY_MS;
    },
    onFault: (error) => deps.log.error({ err: error }, "housekeeping: a round failed"),
  });
  return {
    wake: loop.wake,
    async stop() {
      await Promise.all([purge.stop(), loop.stop()]);
    },
  };
}

/** A loop of its own: it looks at whole tables, and texts whose time has come must not wait for that. */
function startPurge({ wide, log }: { wide: Database; log: Logger }): Loop {
  let stopping = false;
  let isFirst = true;
  const onFault = (error: unknown) => log.error({ err: error }, "housekeeping: a purge failed");
  const loop = startLoop({
    async round() {
      if (isFirst) {
        isFirst = false;
        return FIRST_PURGE_MS;
      }
      // One that fails is due again in an hour, not in a second.
      await purge(wide, () => stopping).catch(onFault);
      return PURGE_EVERY_MS;
    },
    onFault,
  });
  return {
    wake: loop.wake,
    stop() {
      stopping = true;
      return loop.stop();
    },
  };
}

async function purge(database: Database, isStopping: () => boolean): Promise<void> {
  await flagUnconfirmed(database, Date.now());
  await purgeOld(database, isStopping);
}

/** Receipts that came before their send was settled: mostly that is a moment later. At the start all of them. */
async function requeueReceipts(database: Database, round: number): Promise<number> {
  if (round === 0) return requeueOrphans(database);
  const recent = await requeueOrphans(database, { least: 0, most: RECENT_RECEIPTS });
  const part = ORPHAN_SECONDS / RECEIPT_PARTS;
  const least = RECENT_RECEIPTS + (round % RECEIPT_PARTS) * part;
  return recent + (await requeueOrphans(database, { least, most: least + part }));
}

/** Texts whose time has come. */
async function releaseAll(database: Database): Promise<number> {
  let all = 0;
  let count = 0;
  do {
    count = await releaseLater(database, RELEASE_AT_ONCE);
    all += count;
  } while (count === RELEASE_AT_ONCE);
  return all;
}

/** Answers behind which text the next stretch begins; 0 = at the first. */
async function expireStretch(database: Database, after: number): Promise<number> {
  const upTo = await stretchEnd(database, after, EXPIRE_STRETCH);
  let count = 0;
  do {
    count = await database.transact(async (tx) => {
      const expired = await expireWaiting(tx, { after, upTo }, EXPIRE_AT_ONCE);
      await insertEvents(tx, expiredEvents(expired, new Date().toISOString()));
      return expired.length;
    });
  } while (count === EXPIRE_AT_ONCE);
  return upTo ?? 0;
}
