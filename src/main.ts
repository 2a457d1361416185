import { setFlagsFromString } from "node:v8";
import type { App } from "./app.ts";
import { startApp } from "./app.ts";
import type { Config } from "./config.ts";
import { readConfig } from "./config.ts";
import type { EmbeddedPostgres } from "./store/embedded/embedded-postgres.ts";
import { EmbeddedPostgresFailure, startEmbeddedPostgres } from "./store/embedded/embedded-postgres.ts";
import { connectionsOf } from "./store/hosts.ts";
import { systemClock } from "./tools/clock.ts";
import type { Logger } from "./tools/log.ts";
import { createLog } from "./tools/log.ts";
import { welcome } from "./welcome.ts";

/** Longer than this the program does not try to end well, ms. */
const GIVE_UP_MS = 25_000;

/**
 * Garbage is collected when the heap is two and a half times what is alive, not four times: some 70 MB less after
 * a busy hour, for no processor time that could be measured. Set here and not on the command line, where it makes
 * Node compile its own parts anew: 25 MB more for good.
 */
const HEAP_GROWTH = "--heap-growing-percent=150";

async function main(): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const read = readConfig();
  if (!read.ok) return fail(read.faults);
  const { config } = read;
  const log = createLog({ level: config.logLevel, pretty: config.prettyLogs });
  const stopping = new AbortController();
  const stopped = stopSignal();
  stopped.then(() => stopping.abort());

  let embedded: EmbeddedPostgres | null = null;
  let app: App | null = null;
  try {
    embedded = await startDatabase(config, log, stopping.signal);
    const connections = embedded ? [embedded.connection] : connectionsOf(config.databaseUrl ?? "");
    app = await startApp(config, connections, { log, clock: systemClock });
  } catch (error) {
    await embedded?.stop();
    if (stopping.signal.aborted) return;
    return fail([explain(error, config)]);
  }
  welcome(app, config);
  await stopped;
  log.info("stopping: finishing what is under way");
  setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
  await app.stop();
  await embedded?.stop();
  log.info("stopped");
}

async function startDatabase(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<EmbeddedPostgres | null> {
  if (config.databaseUrl !== null) return null;
  return startEmbeddedPostgres({
    dataDir: config.dataDir,
    log,
    signal,
    onExit(failure) {
      fail([failure.message]);
      process.exit(1);
    },
  });
}

/** Resolves at Ctrl-C, SIGTERM, or when the script that started us is gone. Later signals change nothing. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    process.on("disconnect", () => resolve());
  });
}

/** One line for whatever kept the program from starting, naming the variable that is to be changed. */
function explain(error: unknown, config: Config): string {
  if (error instanceof EmbeddedPostgresFailure) return error.message;
  const fault = error as NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string };
  const { code, message, syscall, path } = fault;
  if (code === "EADDRINUSE") {
    return `PORT: ${fault.port} is already in use on ${fault.address}; stop the other program or set PORT`;
  }
  if (code === "EACCES" && syscall === "listen") {
    return `PORT: this user may not listen on ${fault.port}; use one above 1023, or a proxy in front`;
  }
  if (code === "EADDRNOTAVAIL" || (syscall === "getaddrinfo" && fault.hostname === config.host)) {
    return `HOST: ${config.host} is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own`;
  }
  if (path?.startsWith(config.dataDir)) {
    return `DATA_DIR: ${message}; use a folder that this user may write to`;
  }
  const isDatabase = code !== undefined && (/^[0-9A-Z]{5}$/.test(code) || DATABASE_AWAY.has(code));
  if (config.databaseUrl !== null && (isDatabase || message === "Invalid URL")) {
    return `DATABASE_URL: the database cannot be used (${message}); is it running, and is the address right?`;
  }
  return `The program could not start: ${message}`;
}

const DATABASE_AWAY = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "ENOENT",
]);

function fail(lines: string[]): void {
  for (const line of lines) console.error(line);
  process.exitCode = 1;
  process.disconnect?.();
}

await main();
// What is still open (sockets of clients, the channel to the script) must not keep the process.
process.exit();
