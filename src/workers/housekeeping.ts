import type { ActiveChannel } from "../channels/types.ts";
import type { Database } from "../store/database.ts";
import { requeueOrphans } from "../store/news.ts";
import { expireWaiting } from "../store/outbox.ts";
import { flagUnconfirmed, purgeOld } from "../store/retention.ts";
import type { Logger } from "../tools/log.ts";
import type { Loop } from "./loop.ts";
import { startLoop } from "./loop.ts";
import { recoverLostFlights } from "./outbox/lost-flights.ts";

/** What has to happen now and then: flights of dead processes, late receipts, texts past their life, old rows. */

const EVERY_MS = 1_000;
/** Expiry looks at all that waits, so it looks less often. */
const EXPIRE_EVERY = 5;
const PURGE_EVERY = 3_600;

export function startHousekeeping(deps: {
  database: Database;
  node: string;
  channels: { byId(id: string): ActiveChannel | null };
  log: Logger;
  wakeInbox: () => void;
  wakeOutbox: () => void;
}): Loop {
  let rounds = 0;
  return startLoop({
    async round() {
      if ((await recoverLostFlights(deps)) > 0) deps.wakeOutbox();
      if ((await requeueOrphans(deps.database)) > 0) deps.wakeInbox();
      if (rounds % EXPIRE_EVERY === 0) await deps.database.transact((tx) => expireWaiting(tx));
      if (rounds % PURGE_EVERY === 0) {
        await purgeOld(deps.database);
        await flagUnconfirmed(deps.database, Date.now());
      }
      rounds += 1;
      return EVERY_MS;
    },
    onFault: (error) => deps.log.error({ err: error }, "housekeeping: a round failed"),
  });
}
