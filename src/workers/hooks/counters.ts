import type { Metrics } from "../../tools/metrics.ts";
import type { HookTry } from "./fly-hook.ts";

export interface HookCounters {
  tried(one: HookTry): void;
}

export function createHookCounters(metrics: Metrics): HookCounters {
  return {
    tried({ flight, verdict, ms, endedAt }) {
      const fault = verdict?.rule.fault ?? "none";
      metrics.hookAttempts.inc({ result: verdict?.code ?? "skipped", fault });
      if (flight.tries > 0) return;
      metrics.hookDispatch.observe(Math.max(0, endedAt - ms - flight.createdAt) / 1_000);
    },
  };
}
