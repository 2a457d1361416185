import { inject } from "vitest";
import type { App } from "../../src/app.ts";
import { startApp } from "../../src/app.ts";
import type { Config } from "../../src/config.ts";
import { createLog } from "../../src/tools/log.ts";
import { createDatabase } from "./database.ts";

/** The real program in this process, on a database of its own in the embedded server of the test run. */
export interface Program {
  app: App;
  url: string;
  apiKey: string;
  tenantId: string;
  clock: TestClock;
  /** JSON log lines so far. */
  logLines: string[];
  /** A connection address of its database. */
  databaseUrl: string;
  /** Calls the API with the first key. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  headers: Headers;
}

/** Real time plus what a test has added. */
export interface TestClock {
  now(): number;
  advance(seconds: number): void;
}

export function createTestClock(): TestClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(seconds) {
      ahead += seconds * 1_000;
    },
  };
}

const API_KEY = `sk_live_${"T".repeat(40)}`;

export async function startProgram(
  overrides: Partial<Config> = {},
  options: { databaseUrl?: string; clock?: TestClock } = {},
): Promise<Program> {
  const databaseUrl = options.databaseUrl ?? (await createDatabase());
  const clock = options.clock ?? createTestClock();
  const logLines: string[] = [];
  const log = createLog({
    level: "info",
    pretty: false,
    destination: { write: (line) => void logLines.push(line) },
  });
  const config: Config = {
    port: 0,
    host: "127.0.0.1",
    dataDir: inject("dataDir"),
    databaseUrl,
    publicUrl: null,
    secret: "a secret only tests know, long enough",
    apiKey: API_KEY,
    role: "all",
    template: "resort",
    trustedProxies: [],
    allowPrivateTargets: ["127.0.0.0/8", "::1/128"],
    smtpUrl: null,
    mailFrom: "signalbox@localhost",
    isDevelopment: false,
    logLevel: "info",
    prettyLogs: false,
    ...overrides,
  };
  const app = await startApp(config, [{ connectionString: databaseUrl }], { log, clock, resolve: noNames });
  const url = `http://127.0.0.1:${app.port}`;
  return {
    app,
    url,
    apiKey: API_KEY,
    tenantId: app.tenant.id,
    clock,
    logLines,
    databaseUrl,
    api: (method, path, body, headers) => callApi(url, API_KEY, method, path, body, headers),
    stop: () => app.stop(),
  };
}

/** Tests call nobody outside of this machine, whatever addresses their texts hold. */
async function noNames(): Promise<never[]> {
  return [];
}

export async function callApi(
  url: string,
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const raw = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: answer.status,
    body: isJson && raw !== "" ? JSON.parse(raw) : raw,
    headers: answer.headers,
  };
}

/** Polls until `look` answers something, failing after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  seconds = 30,
): Promise<T> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
