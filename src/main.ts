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

async function main(): Promise<void> {
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
    return fail([explain(error)]);
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

function explain(error: unknown): string {
  if (error instanceof EmbeddedPostgresFailure) return error.message;
  const { code, message, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === "EADDRINUSE")
    return `PORT: ${port} is already in use on ${address}; stop the other program or set PORT`;
  if (code === "EADDRNOTAVAIL") return `HOST: ${address} is no address of this machine`;
  return `The program could not start: ${message}`;
}

function fail(lines: string[]): void {
  for (const line of lines) console.error(line);
  process.exitCode = 1;
  process.disconnect?.();
}

await main();
// What is still open (sockets of clients, the channel to the script) must not keep the process.
process.exit();
