import { randomUUID } from "node:crypto";
import type { ActiveChannel } from "../channels/types.ts";
import type { ChannelRoute, WayOut } from "../delivery/send-text.ts";
import type { Database } from "../store/database.ts";
import { joinAsNode } from "../store/nodes.ts";
import type { Clock } from "../tools/clock.ts";
import type { Logger } from "../tools/log.ts";
import type { Metrics } from "../tools/metrics.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createInboxCounters } from "./inbox/counters.ts";
import { startInboxWorker } from "./inbox/inbox-worker.ts";
import { createOutboxCounters } from "./outbox/counters.ts";
import { startOutboxWorker } from "./outbox/outbox-worker.ts";
import { startPolls } from "./polls.ts";

/** How long flights under way may take to land when the program stops, ms. */
const DRAIN_MS = 8_000;

/** The workers of one process, which know each other's bells. */
export interface Crew {
  wakeInbox(): void;
  wakeOutbox(): void;
  /** Routes and claims nothing more; resolves when what is under way is settled. */
  stop(): Promise<void>;
}

export interface CrewDeps {
  database: Database;
  /** The same database for statements that read whole tables. */
  wide: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  channels: { byId(id: string): ActiveChannel | null; refresh(): Promise<void> };
  hashPin: (reporterId: string, pin: string) => string;
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  isFlooded: () => boolean;
  /** Events were committed. */
  onEvents: () => void;
}

export async function startCrew(deps: CrewDeps): Promise<Crew> {
  const { database, log, metrics, channels } = deps;
  const node = randomUUID();
  // First the name: a flight of a process that nobody knows to live would be taken for lost.
  const bells: Record<string, () => void> = {};
  const presence = await joinAsNode(database, node, (bell) => bells[bell]?.());
  const outbox = startOutboxWorker({
    ...deps,
    node,
    counters: createOutboxCounters(metrics),
    random: Math.random,
  });
  const inbox = startInboxWorker({
    ...deps,
    counters: createInboxCounters(metrics),
    onQueued: outbox.wake,
  });
  bells.signalbox_inbox = inbox.wake;
  bells.signalbox_outbox = outbox.wake;
  const housekeeping = startHousekeeping({
    database,
    wide: deps.wide,
    node,
    channels,
    log,
    wakeInbox: inbox.wake,
    wakeOutbox: outbox.wake,
  });
  const polls = startPolls({
    ...deps,
    wakeInbox: inbox.wake,
    onFault: (error) => log.error({ err: error }, "polls: a round failed"),
  });
  return {
    wakeInbox: inbox.wake,
    wakeOutbox: outbox.wake,
    async stop() {
      await polls.stop();
      await inbox.stop();
      await housekeeping.stop();
      await outbox.stop(DRAIN_MS);
      await presence.close();
    },
  };
}
