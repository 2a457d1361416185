import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { publicUrlAt } from "./config.ts";
import { publicKeyOf } from "./delivery/hooks/signing.ts";
import { ensureFirstKey, makeSetupToken } from "./first-start.ts";
import type { Foundation } from "./foundation.ts";
import { layFoundation } from "./foundation.ts";
import { createSignIn } from "./http/portal/sign-in.ts";
import type { HttpServer } from "./http/server.ts";
import { createHttpServer } from "./http/server.ts";
import { createSessions } from "./http/sessions.ts";
import { writeLocalAccess } from "./local-access.ts";
import { createPreview } from "./preview.ts";
import { boardWarnings } from "./router/commands/board-warnings.ts";
import { replyTexts, validateWording } from "./router/commands/replies.ts";
import { consentWordOf, createRuleTest } from "./rule-test.ts";
import type { Database, DatabaseOptions } from "./store/database.ts";
import { hookDepth } from "./store/hook-queue.ts";
import { inboxDepth } from "./store/inbox.ts";
import { isMigrated } from "./store/migrate.ts";
import { notifyOthers } from "./store/nodes.ts";
import { outboxDepth } from "./store/outbox.ts";
import type { Tenant } from "./store/tenants.ts";
import { parseAddressList } from "./tools/address-list.ts";
import type { Clock } from "./tools/clock.ts";
import type { Logger } from "./tools/log.ts";
import type { ResolveName } from "./tools/outbound-http.ts";
import type { Pressure } from "./tools/pressure.ts";
import { createPressure } from "./tools/pressure.ts";
import { VERSION } from "./version.ts";
import { changeConsent } from "./workers/consent-change.ts";
import type { Crew } from "./workers/crew.ts";
import { startCrew } from "./workers/crew.ts";

/** Where the build puts the portal. */
const PORTAL_FOLDER = join(import.meta.dirname, "../portal/dist");
/** Waiting for an arrival longer than this means that the workers do not move, ms. */
const STUCK_MS = 60_000;
/** A commit of this many requests means that the doors are flooded, for so many ms. */
const FLOOD = { items: 16, withinMs: 50 };

export interface App {
  /** Null for a worker, which does not listen. */
  port: number | null;
  publicUrl: string;
  tenant: Tenant;
  /** The tenant's first key, made by this start and shown once; null on later ones. */
  firstKey: string | null;
  /** Where the first owner is made, once; null when there is one, and for a worker. */
  setupUrl: string | null;
  database: Database;
  http: HttpServer | null;
  /** Takes nothing new, finishes what is under way, closes everything. */
  stop(): Promise<void>;
}

/** Builds the program and starts the parts its role asks for, in order; `stop` goes backwards. */
export async function startApp(
  config: Config,
  connections: DatabaseOptions["connections"],
  deps: { log: Logger; clock: Clock; resolve?: ResolveName },
): Promise<App> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    const listening = { port: config.port, isStarted: false };
    const publicUrl = () => publicUrlAt(config, listening.port);
    const foundation = await layFoundation(config, connections, { ...deps, publicUrl });
    stops.push(foundation.close);
    const flood = createPressure(FLOOD);
    const events = createSignal();
    const crew =
      config.role === "web"
        ? null
        : await startCrew({
            ...foundation,
            database: foundation.hot,
            wide: foundation.database,
            isFlooded: () => flood.isHigh(),
            onEvents: events.fire,
          });
    if (crew) {
      stops.push(crew.stop);
      events.listen(crew.wakeHooks);
    }
    const parts = { config, foundation, crew, flood, events, listening };
    const served = config.role === "worker" ? null : await serve(parts, stops);
    const firstKey = await ensureFirstKey(foundation.database, foundation.tenant.id, config.apiKey);
    const setupToken = served ? await makeSetupToken(foundation.database, foundation.tenant.id) : null;
    listening.isStarted = true;
    return {
      port: served?.port ?? null,
      publicUrl: publicUrl(),
      tenant: foundation.tenant,
      firstKey,
      setupUrl: setupToken === null ? null : `${publicUrl()}/setup?token=${setupToken}`,
      database: foundation.database,
      http: served?.http ?? null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  config: Config;
  foundation: Foundation;
  crew: Crew | null;
  flood: Pressure;
  events: Signal;
  /** Takes the port once it is known. Not ready before the first key works. */
  listening: { port: number; isStarted: boolean };
}

async function serve(
  { config, foundation, crew, flood, events, listening }: Parts,
  stops: (() => Promise<void>)[],
): Promise<{ http: HttpServer; port: number }> {
  const { database, clock, log, metrics } = foundation;
  const trusted = parseAddressList([...config.trustedProxies]);
  if (!trusted.ok) throw new Error(`TRUSTED_PROXIES: ${trusted.message}`);
  const onError = (error: Error) => log.warn({ err: error }, "workers of other processes could not be told");
  // A process without workers tells those that have some.
  const wakeInbox = crew?.wakeInbox ?? (() => notifyOthers(database, "signalbox_inbox", onError));
  const wakeOutbox = crew?.wakeOutbox ?? (() => notifyOthers(database, "signalbox_outbox", onError));
  const signIn = createSignIn({ ...foundation, ...foundation.people, trustedProxies: trusted.list });
  stops.push(signIn.close);
  const sessions = createSessions({ signIn, database, now: () => clock.now() });
  const http = await createHttpServer({
    portal: { ...foundation, signIn, sessions, sendsMail: foundation.sendMail !== null },
    portalFolder: PORTAL_FOLDER,
    doors: {
      ...foundation,
      reader: foundation.hot,
      trustedProxies: trusted.list,
      isDevelopment: config.isDevelopment,
      onKept(requests) {
        flood.note(requests);
        wakeInbox();
      },
    },
    health: {
      metrics,
      faults: async () => (listening.isStarted ? faultsOf(foundation, crew !== null) : ["starting"]),
      measure: () => measure(foundation),
    },
    api: {
      ...foundation,
      version: VERSION,
      sessions,
      isDevelopment: config.isDevelopment,
      disk: () => diskOf(config.dataDir),
      preview: createPreview(foundation),
      testRules: createRuleTest(foundation),
      consentWordOf,
      sendsMail: foundation.sendMail !== null,
      boardWarnings,
      replyTexts,
      validateWording,
      changeConsent,
      formats: [...foundation.hooks.formats.values()],
      publicKeyOf,
      wakeInbox,
      wakeOutbox,
      // Workers of other processes look every second.
      wakeHooks: crew?.wakeHooks ?? (() => undefined),
      eventsWritten: events.fire,
      onEvents: events.listen,
    },
  });
  stops.push(() => http.close());
  const port = await http.listen(config.host, config.port);
  listening.port = port;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host.replace("0.0.0.0", "127.0.0.1");
  const url = `http://${host}:${port}`;
  await writeLocalAccess(database, { dataDir: config.dataDir, tenantId: foundation.tenant.id, url });
  return { http, port };
}

async function diskOf(folder: string): Promise<{ free: number; total: number } | null> {
  const found = await statfs(folder).catch(() => null);
  return found && { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
}

/** A database that is stuck, or a network that swallows everything, answers nothing at all: not even a fault. */
const READY_WITHIN_MS = 2_000;

/** Why the program is not ready; empty = it is. Known within two seconds, whatever the database does. */
async function faultsOf(foundation: Foundation, works: boolean): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    const fault = `database: no answer within ${READY_WITHIN_MS / 1_000} s`;
    timer = setTimeout(() => resolve([fault]), READY_WITHIN_MS);
  });
  return Promise.race([askForFaults(foundation, works), late]).finally(() => clearTimeout(timer));
}

async function askForFaults({ database, hot, clock }: Foundation, works: boolean): Promise<string[]> {
  // It answers questions and keeps nothing.
  if (database.isFull() || hot.isFull()) return ["database: its disk is full"];
  try {
    if (!(await isMigrated(database))) return ["migrations are missing"];
    if (!works) return [];
    const { oldestAt, waiting } = await inboxDepth(database);
    if (oldestAt === null || clock.now() - oldestAt.getTime() <= STUCK_MS) return [];
    return [`workers do not move: ${waiting} arrivals wait, the oldest since ${oldestAt.toISOString()}`];
  } catch (error) {
    return [`database: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function measure({ database, metrics, clock }: Foundation): Promise<void> {
  for (const { lane, waiting, oldestAt } of await outboxDepth(database)) {
    metrics.queueMessages.set({ channel: lane }, waiting);
    const age = oldestAt ? (clock.now() - oldestAt.getTime()) / 1_000 : 0;
    metrics.queueOldestAge.set({ channel: lane }, Math.max(0, age));
  }
  const hooks = await hookDepth(database);
  metrics.hookWaiting.reset();
  for (const { state, count } of hooks) metrics.hookWaiting.set({ state }, count);
  metrics.hookOldestDue.set(Math.max(0, ...hooks.map((one) => one.oldestDueSeconds ?? 0)));
}

interface Signal {
  fire(): void;
  /** Answers how to stop listening. */
  listen(listener: () => void): () => void;
}

function createSignal(): Signal {
  const listeners = new Set<() => void>();
  return {
    fire() {
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
