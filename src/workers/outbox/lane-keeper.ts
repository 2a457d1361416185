import type { LaneConsequence } from "../../delivery/settle.ts";
import { channelDown } from "../../domain/facts.ts";
import type { Database } from "../../store/database.ts";
import { noteRefusedSender, pauseLane } from "../../store/lanes.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Logger } from "../../tools/log.ts";
import { maskPhones } from "../../tools/log.ts";
import { untilTaken } from "./until-taken.ts";

/** Carries out what an attempt means for its lane, and counts failures in a row. */
export interface LaneKeeper {
  failures(lane: string): number;
  apply(lane: Lane, consequence: LaneConsequence, at: string): Promise<void>;
}

interface Lane {
  id: string;
  tenantId: string;
}

export function createLaneKeeper(database: Database, log: Logger): LaneKeeper {
  const failures = new Map<string, number>();
  const count = (lane: Lane) => failures.set(lane.id, (failures.get(lane.id) ?? 0) + 1);
  return {
    failures: (lane) => failures.get(lane) ?? 0,
    async apply(lane, consequence, at) {
      switch (consequence.kind) {
        case "clear":
          failures.delete(lane.id);
          return;
        case "none":
          return;
        case "count":
          count(lane);
          return;
        case "note": {
          failures.delete(lane.id);
          log.warn({ lane: lane.id, reason: maskPhones(consequence.reason) }, "outbox: sender refused");
          const write = () => noteRefusedSender(database, lane.id, consequence.reason);
          const onFault = (err: unknown) => log.error({ err, lane: lane.id }, "outbox: a note was not kept");
          await untilTaken(write, onFault).catch(() => undefined);
          return;
        }
        case "pause": {
          count(lane);
          const { ms, cause, reason, down } = consequence;
          log.warn({ lane: lane.id, ms, cause, reason: maskPhones(reason) }, "outbox: lane paused");
          const write = () =>
            database.transact(async (tx) => {
              await pauseLane(tx, lane.id, { milliseconds: ms, cause, reason });
              if (down) await insertEvents(tx, [channelDown(lane.tenantId, lane.id, reason, at)]);
            });
          const onFault = (err: unknown) =>
            log.error({ err, lane: lane.id }, "outbox: pausing a lane failed");
          // A lane that goes on is better than a text whose end nobody writes down.
          await untilTaken(write, onFault).catch(() => undefined);
          return;
        }
        default:
          consequence satisfies never;
      }
    },
  };
}
