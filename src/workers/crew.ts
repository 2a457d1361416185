import { randomUUID } from "node:crypto";
import type { ActiveChannel } from "../channels/types.ts";
import type { SendMail } from "../delivery/send-mail.ts";
import type { ChannelRoute, WayOut } from "../delivery/send-text.ts";
import type { Database } from "../store/database.ts";
import { joinAsNode } from "../store/nodes.ts";
import type { Clock } from "../tools/clock.ts";
import type { Logger } from "../tools/log.ts";
import type { Metrics } from "../tools/metrics.ts";
import type { HookCaller } from "./hooks/fly-hook.ts";
import { startHooks } from "./hooks/start-hooks.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createInboxCounters } from "./inbox/counters.ts";
import { startInboxWorker } from "./inbox/inbox-worker.ts";
import type { RulesOf } from "./inbox/snapshot.ts";
import { startMails } from "./mails.ts";
import type { Download } from "./media/fetch-file.ts";
import { startMedia } from "./media/media.ts";
import { createOutboxCounters } from "./outbox/counters.ts";
import { startOutboxWorker } from "./outbox/outbox-worker.ts";
import { startPolls } from "./polls.ts";

/** How long flights under way may take to land when the program stops, ms. */
const DRAIN_MS = 8_000;

/** The workers of one process, which know each other's bells. */
export interface Crew {
  wakeInbox(): void;
  wakeOutbox(): void;
  wakeHooks(): void;
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
  channels: {
    byId(id: string): ActiveChannel | null;
    isOwnAddress(address: string): boolean;
    refresh(): Promise<void>;
  };
  hashPin: (reporterId: string, pin: string) => string;
  rulesOf: RulesOf;
  sendMail: SendMail | null;
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  download: Download;
  hooks: HookCaller;
  publicUrl: () => string;
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
  const counters = createOutboxCounters(metrics);
  const outbox = startOutboxWorker({
    ...deps,
    node,
    counters,
    random: Math.random,
  });
  const media = startMedia({
    ...deps,
    // Files are large: they do not stand in the way of the statements that are many.
    database: deps.wide,
    onFault: (error) => log.error({ err: error }, "media: a round failed"),
  });
  const mails = startMails(deps);
  const received = createInboxCounters(metrics);
  const inbox = startInboxWorker({
    ...deps,
    counters: received,
    onQueued: outbox.wake,
    onMedia: media.wake,
    onMails: mails.wake,
  });
  const hooks = startHooks({ ...deps, node, caller: deps.hooks });
  bells.signalbox_inbox = inbox.wake;
  bells.signalbox_outbox = outbox.wake;
  const housekeeping = startHousekeeping({
    database,
    wide: deps.wide,
    node,
    channels,
    log,
    counters: { ...counters, partsMissing: received.partsMissing },
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
    wakeHooks: hooks.wake,
    async stop() {
      await polls.stop();
      await inbox.stop();
      await mails.stop();
      await media.stop();
      await housekeeping.stop();
      await Promise.all([outbox.stop(DRAIN_MS), hooks.stop(DRAIN_MS)]);
      await presence.close();
    },
  };
}
