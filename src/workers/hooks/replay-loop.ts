import { replayFinished } from "../../domain/facts.ts";
import type { Database, Tx } from "../../store/database.ts";
import { countProgress } from "../../store/replay-rows.ts";
import type { RunningReplay } from "../../store/replays.ts";
import {
  countMatches,
  finishReplay,
  lockReplay,
  queueReplayPage,
  setMatched,
  waitingOfReplay,
} from "../../store/replays.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Loop } from "../loop.ts";
import { startLoop } from "../loop.ts";

/*
 * Puts old events on the work list again, page by page: first a count, then from the cursor on. Each page and the
 * cursor are one commit, so a process that dies goes on where it was. A page lasts as long as its rate says, and
 * the next one waits for it: live events keep going first, and a cancel has little to take back. Those that run take
 * turns: one whose endpoint is dead stops no other.
 */

const IDLE_MS = 1_000;
const BETWEEN_PAGES_MS = 100;
const COUNT_EVERY_MS = 1_000;
const LARGEST_PAGE = 500;
/** A page holds what goes out in this many seconds. */
const PAGE_SECONDS = 5;

export interface ReplayDeps {
  database: Database;
  wakeHooks: () => void;
  onEvents: () => void;
  onFault: (error: unknown) => void;
}

export function startReplays(deps: ReplayDeps): Loop {
  let last = "";
  let countedAt = 0;
  return startLoop({
    async round() {
      const step = await deps.database.transact(async (tx) => {
        const replay = await lockReplay(tx, last);
        last = replay?.id ?? "";
        return replay ? workOn(tx, replay) : "none";
      });
      if (step === "queued") deps.wakeHooks();
      if (performance.now() - countedAt >= COUNT_EVERY_MS) {
        await countProgress(deps.database);
        countedAt = performance.now();
      }
      if (step === "done") deps.onEvents();
      return step === "none" ? IDLE_MS : BETWEEN_PAGES_MS;
    },
    onFault: deps.onFault,
  });
}

async function workOn(tx: Tx, replay: RunningReplay): Promise<"waits" | "queued" | "done"> {
  if (replay.matched === null) {
    await setMatched(tx, replay.id, await countMatches(tx, replay));
    return "waits";
  }
  const page = pageOf(replay);
  if ((await waitingOfReplay(tx, replay, page)) > page / 2) return "waits";
  if ((await queueReplayPage(tx, replay, page)) > 0) return "queued";
  const { queued, skipped } = await finishReplay(tx, replay.id);
  const { id: replayId, endpointId, matched } = replay;
  const at = new Date().toISOString();
  await insertEvents(tx, [
    replayFinished(replay.tenantId, { replayId, endpointId, state: "done", matched, queued, skipped, at }),
  ]);
  return "done";
}

function pageOf(replay: RunningReplay): number {
  return Math.max(1, Math.min(LARGEST_PAGE, Math.ceil(replay.rate * PAGE_SECONDS)));
}
