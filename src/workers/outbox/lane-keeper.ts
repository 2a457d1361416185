import type { LaneConsequence } from "../../delivery/settle.ts";
import type { Reader } from "../../store/database.ts";
import { pauseLane } from "../../store/outbox.ts";
import type { Logger } from "../../tools/log.ts";

/** Carries out what an attempt means for its lane, and counts failures in a row. */
export interface LaneKeeper {
  failures(lane: string): number;
  apply(lane: string, consequence: LaneConsequence): Promise<void>;
}

export function createLaneKeeper(database: Reader, log: Logger): LaneKeeper {
  const failures = new Map<string, number>();
  return {
    failures: (lane) => failures.get(lane) ?? 0,
    async apply(lane, consequence) {
      switch (consequence.kind) {
        case "clear":
          failures.delete(lane);
          return;
        case "none":
          return;
        case "count":
          failures.set(lane, (failures.get(lane) ?? 0) + 1);
          return;
        case "pause":
          failures.set(lane, (failures.get(lane) ?? 0) + 1);
          log.warn({ lane, ms: consequence.ms, reason: consequence.reason }, "outbox: lane paused");
          await pauseLane(database, lane, consequence.ms, consequence.reason);
          return;
        default:
          consequence satisfies never;
      }
    },
  };
}
