import { rmdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../tools/log.ts";
import { serverAccount } from "./account.ts";
import { type Binaries, packagedBinaries, reachableBinaries } from "./binaries.ts";
import { bringUp, type Owned, type Setting } from "./bring-up.ts";
import { ensureCluster } from "./cluster.ts";
import { EmbeddedPostgresFailure, reasonOf } from "./failure.ts";
import { connectionTo, type PostgresConnection } from "./ownership.ts";
import { preparePlaces } from "./places.ts";
import { stopPostmaster } from "./postmaster.ts";
import { boundServerLog } from "./server-log.ts";

export { EmbeddedPostgresFailure } from "./failure.ts";
export type { PostgresConnection } from "./ownership.ts";

export interface EmbeddedPostgresOptions {
  /** Absolute DATA_DIR; made when missing. */
  dataDir: string;
  log: Logger;
  /** PostgreSQL's programs; those of the npm package unless given. */
  binaries?: Binaries;
  /** Settings of the server that differ from ours, for servers whose data nobody will miss. */
  settings?: Record<string, string>;
  /** Aborting it ends a start that is under way; afterwards only `stop()` counts. */
  signal?: AbortSignal;
  /**
   * Called once when the server ended and could not be brought back, or another program took it: nothing is
   * left to do but to stop. Not called after `stop()`.
   */
  onExit?: (failure: EmbeddedPostgresFailure) => void;
}

export interface EmbeddedPostgres {
  /** Stays the same when the server is restarted. */
  connection: PostgresConnection;
  /** The server was left running by a program that was killed. */
  adopted: boolean;
  /** The data folder was made by this start. */
  created: boolean;
  /** Of the server process now. */
  pid(): number;
  /** Ends the server; resolves when it has ended, after about 12 s at worst. May be called twice. */
  stop(): Promise<void>;
}

/** Pauses before each new try of a restart, ms. A server that stayed up for a minute starts with all of them. */
const RESTART_PAUSES_MS = [0, 250, 1_000, 2_000, 4_000];
const STEADY_MS = 60_000;

/**
 * Starts PostgreSQL on DATA_DIR/postgres, or takes over the one a killed program left running, and keeps it
 * running until `stop()`.
 *
 * @throws {EmbeddedPostgresFailure} with one line that may be shown as it is.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const account = serverAccount();
  const places = await preparePlaces(options.dataDir, account);
  const binaries =
    options.binaries ?? (await reachableBinaries(await packagedBinaries(), places.dataDir, account));
  const created = await ensureCluster(places, binaries, account);
  const setting: Setting = { places, binaries, account, settings: options.settings ?? {}, log };
  const stopping = new AbortController();
  const early = options.signal ?? stopping.signal;
  let owned = await bringUp(setting, early).catch((error: unknown) => {
    throw early.aborted ? new EmbeddedPostgresFailure("stopped", "Stopped during the start.") : error;
  });
  // A restart on the same port keeps every pool's settings right.
  places.port = owned.server.port;
  const unbound = boundServerLog(places.log);
  const { adopted } = owned;
  let restart: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;
  watch(owned);

  function watch(current: Owned): void {
    const since = Date.now();
    current.client.once("end", () => {
      if (stopping.signal.aborted) return;
      log.error({ pid: current.server.pid }, "embedded database: connection lost, bringing it back");
      restart = bringBack(Date.now() - since >= STEADY_MS);
    });
  }

  let failuresInARow = 0;
  async function bringBack(wasSteady: boolean): Promise<void> {
    if (wasSteady) failuresInARow = 0;
    for (;;) {
      const wait = RESTART_PAUSES_MS[failuresInARow++];
      if (wait === undefined) {
        return giveUp(new EmbeddedPostgresFailure("stopped", `PostgreSQL keeps ending; see ${places.log}.`));
      }
      try {
        await pause(wait, undefined, { signal: stopping.signal });
        owned = await bringUp(setting, stopping.signal);
        log.info({ pid: owned.server.pid }, "embedded database: back again");
        return watch(owned);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (error instanceof EmbeddedPostgresFailure && error.code === "in_use") return giveUp(error);
        log.error({ reason: reasonOf(error) }, "embedded database: could not be brought back");
      }
    }
  }

  function giveUp(failure: EmbeddedPostgresFailure): void {
    log.fatal({ reason: failure.message }, "embedded database: gone");
    unbound();
    options.onExit?.(failure);
  }

  async function end(): Promise<void> {
    stopping.abort();
    await restart;
    unbound();
    // The lock is held until the server ends, so that nobody adopts a server that is about to go.
    await stopPostmaster(owned.server, places, binaries);
    await owned.client.end().catch(() => undefined);
    if (places.isSocketDirTemporary && places.socketDir !== null) {
      await rmdir(places.socketDir).catch(() => undefined);
    }
  }

  return {
    connection: connectionTo(places, owned.server.port),
    adopted,
    created,
    pid: () => owned.server.pid,
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}
