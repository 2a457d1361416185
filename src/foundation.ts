import type { ChannelDirectory } from "./channel-directory.ts";
import { openChannelDirectory } from "./channel-directory.ts";
import { createChannelMemories } from "./channel-memory.ts";
import { loadChannels } from "./channels/registry/load-channels.ts";
import type { ActiveChannel, ChannelProvider } from "./channels/types.ts";
import type { Config } from "./config.ts";
import type { ChannelRoute, WayOut } from "./delivery/send-text.ts";
import { laneConcurrency, laneRate, probeChannel } from "./delivery/send-text.ts";
import type { Outcome } from "./domain/outcome.ts";
import { ensureFirstTenant } from "./first-start.ts";
import type { Database, DatabaseOptions } from "./store/database.ts";
import { openDatabase } from "./store/database.ts";
import { migrate } from "./store/migrate.ts";
import { reserveRoute } from "./store/outbox.ts";
import type { Tenant } from "./store/tenants.ts";
import type { Clock } from "./tools/clock.ts";
import type { Logger } from "./tools/log.ts";
import type { Metrics } from "./tools/metrics.ts";
import { createMetrics } from "./tools/metrics.ts";
import { createOutboundHttp } from "./tools/outbound-http.ts";
import type { SecretBox } from "./tools/secrets.ts";
import { createSecretBox, hashPin, loadOrCreateMasterKey } from "./tools/secrets.ts";
import { VERSION } from "./version.ts";

/** What every role stands on: the database, the channels, the way out, the keys. */
export interface Foundation {
  database: Database;
  /** The same database, for doors and workers. */
  hot: Database;
  /** Base of our addresses; right once the program listens. */
  publicUrl: () => string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  box: SecretBox;
  hashPin: (reporterId: string, pin: string) => string;
  providers: Map<string, ChannelProvider>;
  channels: ChannelDirectory;
  /** Sends per second and overlap that a channel's lane gets. */
  laneOf: (provider: ChannelProvider, rate: number | null) => { rate: number | null; concurrency: number };
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  probe: (channel: ActiveChannel) => Promise<Outcome>;
  /** The first tenant: the one a new installation starts with. */
  tenant: Tenant;
  close: () => Promise<void>;
}

/** PostgreSQL allows 100 by default; several processes may share one. */
const API_CONNECTIONS = 12;
const HOT_CONNECTIONS = 8;

export async function layFoundation(
  config: Config,
  connections: DatabaseOptions["connections"],
  { log, clock, publicUrl }: { log: Logger; clock: Clock; publicUrl: () => string },
): Promise<Foundation> {
  const onError = (error: Error) => log.warn({ err: error }, "database: a connection failed");
  const database = openDatabase({ connections, maxConnections: API_CONNECTIONS, onError });
  const hot = openDatabase({ connections, maxConnections: HOT_CONNECTIONS, hot: true, onError });
  const closeBoth = () => Promise.all([hot.close(), database.close()]);
  try {
    await migrate(database);
    const masterKey = loadOrCreateMasterKey(config.dataDir, config.secret);
    const box = createSecretBox(masterKey);
    const metrics = createMetrics(VERSION);
    const providers = await loadChannels();
    const laneOf: Foundation["laneOf"] = (provider, rate) => ({
      rate: laneRate(provider, rate),
      concurrency: laneConcurrency(provider, rate),
    });
    const { template } = config;
    const tenant = await ensureFirstTenant(database, { template, providers, laneOf });
    const channels = await openChannelDirectory({
      reader: database,
      providers,
      box,
      onFault: (error, channel) => log.error({ err: error, channel }, "channels: reading them failed"),
    });
    const outbound = createOutboundHttp({
      allowPrivateTargets: config.allowPrivateTargets,
      development: config.isDevelopment,
    });
    const out: WayOut = {
      call: (request) => outbound.call(request),
      async pace(channelId, route, paceMs) {
        const wait = await reserveRoute(hot, channelId, route, paceMs);
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      },
    };
    const memoryOf = createChannelMemories(hot, () => clock.now());
    const routeOf = (channel: ActiveChannel): ChannelRoute => ({
      ...channel,
      memory: memoryOf(channel.id),
      doorUrl: (kind) => `${publicUrl()}/in/${channel.token}/${kind}`,
    });
    return {
      database,
      hot,
      publicUrl,
      clock,
      log,
      metrics,
      box,
      hashPin: (reporterId, pin) => hashPin(masterKey, reporterId, pin),
      providers,
      channels,
      laneOf,
      routeOf,
      out,
      probe: (channel) => probeChannel(routeOf(channel), out),
      tenant,
      async close() {
        await outbound.close(0);
        channels.stop();
        await closeBoth();
      },
    };
  } catch (error) {
    await closeBoth();
    throw error;
  }
}
