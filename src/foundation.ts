import type { Pool } from "pg";
import type { ChannelActivity } from "./channel-activity.ts";
import { createChannelActivity } from "./channel-activity.ts";
import type { ChannelDirectory } from "./channel-directory.ts";
import { openChannelDirectory } from "./channel-directory.ts";
import { createChannelMemories } from "./channel-memory.ts";
import { loadChannels } from "./channels/registry/load-channels.ts";
import type { ActiveChannel, ChannelProvider } from "./channels/types.ts";
import type { Config } from "./config.ts";
import { loadFormats } from "./delivery/formats/registry/load-formats.ts";
import type { EgressWatch } from "./delivery/hooks/egress.ts";
import { createEgressWatch, noteCall, noteMail } from "./delivery/hooks/egress.ts";
import type { SendMail } from "./delivery/send-mail.ts";
import { createMailer } from "./delivery/send-mail.ts";
import type { ChannelRoute, WayOut } from "./delivery/send-text.ts";
import { laneConcurrency, laneRate, probeChannel } from "./delivery/send-text.ts";
import type { Outcome } from "./domain/outcome.ts";
import type { ActionSpec } from "./domain/rule.ts";
import { ensureFirstTenant } from "./first-start.ts";
import type { RuleBook } from "./rule-book.ts";
import { openRuleBook } from "./rule-book.ts";
import type { Database, DatabaseOptions } from "./store/database.ts";
import { openDatabase, openPool } from "./store/database.ts";
import { reserveRoute } from "./store/lanes.ts";
import { migrate } from "./store/migrate.ts";
import type { Tenant } from "./store/tenants.ts";
import type { Clock } from "./tools/clock.ts";
import type { Logger } from "./tools/log.ts";
import type { Metrics } from "./tools/metrics.ts";
import { createMetrics } from "./tools/metrics.ts";
import { createNetworkGuard } from "./tools/network-guard.ts";
import type { OutboundHttp, ResolveName } from "./tools/outbound-http.ts";
import { createOutboundHttp } from "./tools/outbound-http.ts";
import type { SecretBox } from "./tools/secrets.ts";
import { createSecretBox, hashPin, loadOrCreateMasterKey, sessionSecret } from "./tools/secrets.ts";
import { VERSION } from "./version.ts";
import type { HookCaller } from "./workers/hooks/fly-hook.ts";

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
  /** What sign-in stands on: connections of its own, made when first needed, and a secret. */
  people: { openPool: () => Pool; secret: string };
  rulesOf: RuleBook["rulesOf"];
  ruleActions: ActionSpec[];
  /** Null: no mail server is known. */
  sendMail: SendMail | null;
  providers: Map<string, ChannelProvider>;
  channels: ChannelDirectory;
  /** Sends per second and overlap that a channel's lane gets. */
  laneOf: (provider: ChannelProvider, rate: number | null) => { rate: number | null; concurrency: number };
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  /** Gets a file from somewhere else. */
  download: OutboundHttp["download"];
  /** Judges an address of a user's before it is kept. */
  checkTarget: (url: string) => { ok: true } | { ok: false; text: string };
  /** The way out of webhooks. */
  hooks: HookCaller;
  probe: (channel: ActiveChannel) => Promise<Outcome>;
  activity: ChannelActivity;
  /** The first tenant: the one a new installation starts with. */
  tenant: Tenant;
  close: () => Promise<void>;
}

/** PostgreSQL allows 100 by default; several processes may share one. */
const API_CONNECTIONS = 12;
const HOT_CONNECTIONS = 8;
const SIGN_IN_CONNECTIONS = 3;

export async function layFoundation(
  config: Config,
  connections: DatabaseOptions["connections"],
  given: { log: Logger; clock: Clock; publicUrl: () => string; resolve?: ResolveName },
): Promise<Foundation> {
  const { log, clock, publicUrl, resolve } = given;
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
    const ruleBook = await openRuleBook();
    const { smtpUrl, mailFrom } = config;
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
    const guard = createNetworkGuard(config.allowPrivateTargets, { development: config.isDevelopment });
    const outbound = createOutboundHttp({
      allowPrivateTargets: config.allowPrivateTargets,
      development: config.isDevelopment,
      ...(resolve && { resolve }),
    });
    const egress = createEgressWatch();
    const out: WayOut = {
      async call(request) {
        const answer = await outbound.call(request);
        noteCall(egress, request.url, answer);
        return answer;
      },
      async pace(channelId, route, paceMs) {
        const wait = await reserveRoute(hot, channelId, route, paceMs);
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      },
    };
    const activity = createChannelActivity(database, (error) =>
      log.error({ err: error }, "channels: noting what came in failed"),
    );
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
      people: {
        openPool: () => openPool({ connections, maxConnections: SIGN_IN_CONNECTIONS, onError }),
        secret: sessionSecret(masterKey),
      },
      rulesOf: ruleBook.rulesOf,
      ruleActions: ruleBook.specs,
      sendMail: smtpUrl === null ? null : heard(createMailer({ smtpUrl, from: mailFrom }), egress, smtpUrl),
      providers,
      channels,
      laneOf,
      routeOf,
      out,
      download: outbound.download,
      checkTarget: (url) => guard.checkUrl(url, "saving"),
      hooks: {
        formats: await loadFormats(),
        box,
        call: outbound.call,
        egress,
        publicUrl,
        version: VERSION,
      },
      probe: (channel) => probeChannel(routeOf(channel), out),
      activity,
      tenant,
      async close() {
        await outbound.close(0);
        channels.stop();
        await activity.stop();
        await closeBoth();
      },
    };
  } catch (error) {
    await closeBoth();
    throw error;
  }
}

/** Mails that tell, like webhooks and texts, whether our network is there. */
function heard(sendMail: SendMail, egress: EgressWatch, smtpUrl: string): SendMail {
  return async (mail) => {
    const outcome = await sendMail(mail);
    noteMail(egress, smtpUrl, outcome);
    return outcome;
  };
}
