import type { Database } from "../../store/database.ts";
import type { Logger } from "../../tools/log.ts";
import type { Metrics } from "../../tools/metrics.ts";
import { createHookCounters } from "./counters.ts";
import type { HookCaller } from "./fly-hook.ts";
import { startHookCare } from "./hook-care.ts";
import { startHookWorker } from "./hook-worker.ts";
import { startReplays } from "./replay-loop.ts";

export interface Hooks {
  wake(): void;
  stop(graceMs: number): Promise<void>;
}

/** Everything about webhooks that runs by itself: deliveries, replays, and what has to happen now and then. */
export function startHooks(deps: {
  database: Database;
  /** The same database for statements that read whole tables. */
  wide: Database;
  node: string;
  log: Logger;
  metrics: Metrics;
  caller: HookCaller;
  onEvents: () => void;
}): Hooks {
  const { database, wide, node, log, caller, onEvents } = deps;
  const worker = startHookWorker({
    database,
    node,
    log,
    caller,
    counters: createHookCounters(deps.metrics),
    random: Math.random,
    onEvents,
  });
  const wakeHooks = worker.wake;
  const care = startHookCare({ database, node, formats: caller.formats, log, wakeHooks, onEvents });
  const replays = startReplays({
    database: wide,
    wakeHooks,
    onEvents,
    onFault: (error) => log.error({ err: error }, "webhooks: a replay failed"),
  });
  return {
    wake: worker.wake,
    async stop(graceMs) {
      await replays.stop();
      await care.stop();
      await worker.stop(graceMs);
    },
  };
}
