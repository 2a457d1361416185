import { randomUUID } from "node:crypto";
import { openChannelDirectory } from "./channel-directory.ts";
import { loadChannels } from "./channels/registry/load-channels.ts";
import type { ActiveChannel, ChannelProvider } from "./channels/types.ts";
import type { Config } from "./config.ts";
import { publicUrlAt } from "./config.ts";
import type { ChannelRoute, WayOut } from "./delivery/send-text.ts";
import { laneConcurrency, laneRate, probeChannel } from "./delivery/send-text.ts";
import type { FirstStart } from "./first-start.ts";
import { ensureFirstTenant } from "./first-start.ts";
import type { HttpServer } from "./http/server.ts";
import { createHttpServer } from "./http/server.ts";
import { writeLocalAccess } from "./local-access.ts";
import { createPreview } from "./preview.ts";
import { boardWarnings } from "./router/commands/board.ts";
import { validateWording } from "./router/commands/replies.ts";
import { dropMemory, readMemory, writeMemory } from "./store/channels.ts";
import type { Database, DatabaseOptions } from "./store/database.ts";
import { openDatabase } from "./store/database.ts";
import { inboxDepth } from "./store/inbox.ts";
import { isMigrated, migrate } from "./store/migrate.ts";
import type { NodePresence } from "./store/nodes.ts";
import { joinAsNode, notifyOthers } from "./store/nodes.ts";
import { outboxDepth, reserveRoute } from "./store/outbox.ts";
import { parseAddressList } from "./tools/address-list.ts";
import type { Clock } from "./tools/clock.ts";
import type { Logger } from "./tools/log.ts";
import { createMetrics } from "./tools/metrics.ts";
import { createOutboundHttp } from "./tools/outbound-http.ts";
import { createPressure } from "./tools/pressure.ts";
import { createSecretBox, hashPin, loadOrCreateMasterKey } from "./tools/secrets.ts";
import { VERSION } from "./version.ts";
import { startHousekeeping } from "./workers/housekeeping.ts";
import { createInboxCounters } from "./workers/inbox/counters.ts";
import { startInboxWorker } from "./workers/inbox/inbox-worker.ts";
import type { Loop } from "./workers/loop.ts";
import { createOutboxCounters } from "./workers/outbox/counters.ts";
import type { OutboxWorker } from "./workers/outbox/outbox-worker.ts";
import { startOutboxWorker } from "./workers/outbox/outbox-worker.ts";

/** How long flights under way may take to land when the program stops, ms. */
const DRAIN_MS = 8_000;
/** Waiting for an arrival longer than this means that the workers do not move, ms. */
const STUCK_MS = 60_000;

export interface App {
  port: number | null;
  publicUrl: string;
  first: FirstStart;
  database: Database;
  http: HttpServer | null;
  /** Takes nothing new, finishes what is under way, closes everything. */
  stop(): Promise<void>;
}

/** Builds the program and starts the parts its role asks for, in order; `stop` goes backwards. */
export async function startApp(
  config: Config,
  connections: DatabaseOptions["connections"],
  deps: { log: Logger; clock: Clock },
): Promise<App> {
  const { log, clock } = deps;
  const onError = (error: Error) => log.warn({ err: error }, "database: a connection failed");
  const database = openDatabase({ connections, maxConnections: 20, onError });
  await migrate(database);

  const masterKey = loadOrCreateMasterKey(config.dataDir, config.secret);
  const box = createSecretBox(masterKey);
  const pin = (reporterId: string, digits: string) => hashPin(masterKey, reporterId, digits);
  const metrics = createMetrics(VERSION);
  const providers = await loadChannels();
  const laneOf = (provider: ChannelProvider, rate: number | null) => ({
    rate: laneRate(provider, rate),
    concurrency: laneConcurrency(provider, rate),
  });
  const first = await ensureFirstTenant(database, {
    template: config.template,
    apiKey: config.apiKey,
    providers,
    laneOf,
  });
  const channels = await openChannelDirectory({
    reader: database,
    providers,
    box,
    onFault: (error) => log.error({ err: error }, "channels: reading them failed"),
  });
  const outbound = createOutboundHttp({
    allowPrivateTargets: config.allowPrivateTargets,
    development: config.isDevelopment,
  });
  const out: WayOut = {
    call: (request) => outbound.call(request),
    async pace(channelId, route, paceMs) {
      const wait = await reserveRoute(database, channelId, route, paceMs);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    },
  };
  const routeOf = (channel: ActiveChannel): ChannelRoute => ({
    id: channel.id,
    provider: channel.provider,
    settings: channel.settings,
    address: channel.address,
    country: channel.country,
    rate: channel.rate,
    memory: {
      get: (key) => readMemory(database, channel.id, key),
      put: (key, value) => writeMemory(database, channel.id, key, value),
      drop: (key) => dropMemory(database, channel.id, key),
    },
  });

  const works = config.role !== "web";
  const serves = config.role !== "worker";
  const flood = createPressure({ items: 16, withinMs: 50 });
  const listeners = new Set<() => void>();
  const eventsWritten = () => {
    for (const listener of listeners) listener();
  };
  let inbox: Loop | null = null;
  let outbox: OutboxWorker | null = null;
  let housekeeping: Loop | null = null;
  let presence: NodePresence | null = null;
  // A process without workers tells those that have some.
  const wakeInbox = () => (inbox ? inbox.wake() : notifyOthers(database, "signalbox_inbox", onError));
  const wakeOutbox = () => (outbox ? outbox.wake() : notifyOthers(database, "signalbox_outbox", onError));

  if (works) {
    const node = randomUUID();
    presence = await joinAsNode(database, node, (channel) => {
      if (channel === "signalbox_inbox") inbox?.wake();
      else outbox?.wake();
    });
    outbox = startOutboxWorker({
      database,
      node,
      clock,
      log,
      channels,
      routeOf,
      out,
      counters: createOutboxCounters(metrics),
      random: Math.random,
      onEvents: eventsWritten,
    });
    inbox = startInboxWorker({
      database,
      clock,
      log,
      channels,
      counters: createInboxCounters(metrics),
      hashPin: pin,
      isFlooded: () => flood.isHigh(),
      onQueued: () => outbox?.wake(),
      onEvents: eventsWritten,
    });
    housekeeping = startHousekeeping({ database, node, channels, log, wakeInbox, wakeOutbox });
  }

  const trusted = parseAddressList([...config.trustedProxies]);
  if (!trusted.ok) throw new Error(`TRUSTED_PROXIES: ${trusted.message}`);
  let port: number | null = null;
  const publicUrl = () => publicUrlAt(config, port ?? config.port);
  let http: HttpServer | null = null;
  if (serves) {
    http = await createHttpServer({
      doors: {
        reader: database,
        channels,
        clock,
        log,
        metrics,
        publicUrl,
        trustedProxies: trusted.list,
        isDevelopment: config.isDevelopment,
        onKept(requests) {
          flood.note(requests);
          wakeInbox();
        },
      },
      health: {
        metrics,
        faults: () => faultsOf(database, works, clock),
        async measure() {
          for (const row of await outboxDepth(database)) {
            metrics.queueMessages.set({ channel: row.lane }, row.waiting);
            const age = row.oldestAt ? (clock.now() - row.oldestAt.getTime()) / 1_000 : 0;
            metrics.queueOldestAge.set({ channel: row.lane }, Math.max(0, age));
          }
        },
      },
      api: {
        database,
        clock,
        log,
        version: VERSION,
        publicUrl,
        isDevelopment: config.isDevelopment,
        box,
        providers,
        channels,
        laneOf,
        probe: (channel) => probeChannel(routeOf(channel), out),
        hashPin: pin,
        preview: createPreview({ channels, clock, hashPin: pin }),
        boardWarnings,
        validateWording,
        wakeInbox,
        wakeOutbox,
        eventsWritten,
        onEvents(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
    port = await http.listen(config.host, config.port);
    const host = config.host.includes(":") ? `[${config.host}]` : config.host.replace("0.0.0.0", "127.0.0.1");
    const url = `http://${host}:${port}`;
    await writeLocalAccess(database, { dataDir: config.dataDir, tenantId: first.tenant.id, url });
  }

  return {
    port,
    publicUrl: publicUrl(),
    first,
    database,
    http,
    async stop() {
      await http?.close();
      await inbox?.stop();
      await housekeeping?.stop();
      await outbox?.stop(DRAIN_MS);
      await outbound.close(0);
      channels.stop();
      await presence?.close();
      await database.close();
    },
  };
}

/** Why the program is not ready; empty = it is. */
async function faultsOf(database: Database, works: boolean, clock: Clock): Promise<string[]> {
  try {
    if (!(await isMigrated(database))) return ["migrations are missing"];
    if (!works) return [];
    const { oldestAt, waiting } = await inboxDepth(database);
    const stuck = oldestAt !== null && clock.now() - oldestAt.getTime() > STUCK_MS;
    return stuck
      ? [`workers do not move: ${waiting} arrivals wait, the oldest since ${oldestAt.toISOString()}`]
      : [];
  } catch (error) {
    return [`database: ${error instanceof Error ? error.message : String(error)}`];
  }
}
