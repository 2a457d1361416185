import type { ActiveChannel } from "../channels/types.ts";
import type { Database } from "../store/database.ts";
import { releaseLater } from "../store/later.ts";
import { expireWaiting } from "../store/messages.ts";
import { requeueOrphans } from "../store/news.ts";
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
/** Expiry looks at all that waits, so it looks less often. */
const EXPIRE_EVERY = 5;
const PURGE_EVERY = 3_600;
const FIRST_PURGE = 60;
const EXPIRE_AT_ONCE = 500;
const RELEASE_AT_ONCE = 1_000;

export function startHousekeeping(deps: {
  database: Database;
  /** For statements that read whole tables. */
  wide: Database;
  node: string;
  channels: { byId(id: string): ActiveChannel | null };
  log: Logger;
  counters: FailoverDeps["counters"];
  wakeInbox: () => void;
  wakeOutbox: () => void;
}): Loop {
  const suspects: Suspects = new Map();
  let rounds = 0;
  let stopping = false;
  const loop = startLoop({
    async round() {
      if ((await recoverLostFlights({ ...deps, suspects })) > 0) deps.wakeOutbox();
      if ((await requeueOrphans(deps.database)) > 0) deps.wakeInbox();
      if ((await moveFromDownLanes(deps)) > 0) deps.wakeOutbox();
      if ((await releaseAll(deps.database)) > 0) deps.wakeOutbox();
      // Counted before the work: a purge that fails is due again in an hour, not in a second.
      const round = rounds++;
      await learnGrowth(deps.wide);
      if (round % EXPIRE_EVERY === 0) await expireAll(deps.database);
      // Not at the start, when everything else wants the database.
      if (round % PURGE_EVERY === FIRST_PURGE) {
        await flagUnconfirmed(deps.wide, Date.now());
        await purgeOld(deps.wide, () => stopping);
      }
      return EVERY_MS;
    },
    onFault: (error) => deps.log.error({ err: error }, "housekeeping: a round failed"),
  });
  return {
    wake: loop.wake,
    stop() {
      stopping = true;
      return loop.stop();
    },
  };
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

async function expireAll(database: Database): Promise<void> {
  let count = 0;
  do {
    count = await database.transact(async (tx) => {
      const expired = await expireWaiting(tx, EXPIRE_AT_ONCE);
      await insertEvents(tx, expiredEvents(expired, new Date().toISOString()));
      return expired.length;
    });
  } while (count === EXPIRE_AT_ONCE);
}
