import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../tools/log.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresFailure } from "./failure.ts";
import { connectionTo, type Door, knock, takeOwnership } from "./ownership.ts";
import type { Places } from "./places.ts";
import {
  findPostmaster,
  type Postmaster,
  type StartedPostmaster,
  startPostmaster,
  stopPostmaster,
} from "./postmaster.ts";
import { sizeOf, worstLineSince } from "./server-log.ts";

export interface Setting {
  places: Places;
  binaries: Binaries;
  account: Account | null;
  /** Instead of ours. */
  settings: Record<string, string>;
  log: Logger;
}

/** A server that answers, and the connection whose life is our ownership. */
export interface Owned {
  server: Postmaster;
  client: Extract<Door, { kind: "open" }>["client"];
  /** The server was running before. */
  adopted: boolean;
}

/** A server left behind answers within this time, or it hangs. */
const SILENCE_MS = 3_000;
/** Replaying a long log after a power cut takes a while; during it the server answers "starting up". */
const RECOVERY_MS = 180_000;
const POLL_MS = 10;

/**
 * Adopt, else start. A running server is taken over when it answers; one that is going away is waited for;
 * one that stays silent is stopped. Then ours is started. If it ends because somebody else's start won, the
 * round begins again and finds that one. Whoever takes the lock owns the server, no matter who started it.
 */
export async function bringUp(setting: Setting, signal: AbortSignal): Promise<Owned> {
  const { places, binaries, account, settings, log } = setting;
  for (let round = 0; ; round++) {
    signal.throwIfAborted();
    const left = await findPostmaster(places);
    if (left !== null) {
      const client = await waitFor(left, setting, signal);
      if (client !== null) return own({ server: left, client, adopted: true }, places);
      continue;
    }
    const logOffset = await sizeOf(places.log);
    const started = await startPostmaster(places, binaries, account, settings);
    const client = await waitFor(started, setting, signal).catch(async (error: unknown) => {
      if (started.ended === null) await stopPostmaster(started, places, binaries);
      throw error;
    });
    if (client !== null) return own({ server: started, client, adopted: false }, places);
    if (started.ended?.failure !== undefined) throw started.ended.failure;
    const line = await worstLineSince(places.log, logOffset);
    // The next round tells: a start that lost against another program, or memory of a killed one not yet freed.
    if (round >= 3 && (await findPostmaster(places)) === null) {
      throw new EmbeddedPostgresFailure(
        "start_failed",
        `PostgreSQL does not start: ${line} (see ${places.log})`,
      );
    }
    log.debug({ line }, "embedded database: start did not last, looking again");
    await pause(100 * 2 ** Math.min(round, 4));
  }
}

async function own(owned: Owned, places: Places): Promise<Owned> {
  try {
    await takeOwnership(owned.client, places.dataDir);
    return owned;
  } catch (error) {
    await owned.client.end().catch(() => undefined);
    throw error;
  }
}

/** A connection, or null when the server has ended (by itself, or by us because it hangs). */
async function waitFor(
  server: Postmaster | StartedPostmaster,
  setting: Setting,
  signal: AbortSignal,
): Promise<Owned["client"] | null> {
  const { places, binaries, log } = setting;
  const startedAt = Date.now();
  let answeredAt = startedAt;
  for (;;) {
    signal.throwIfAborted();
    const door = await knock(connectionTo(places, server.port));
    if (door.kind === "open") return door.client;
    const now = Date.now();
    if (door.kind === "not-now") answeredAt = now;
    if ("ended" in server ? server.ended !== null : (await findPostmaster(places))?.pid !== server.pid)
      return null;
    if (now - answeredAt > SILENCE_MS || now - startedAt > RECOVERY_MS) {
      log.warn({ pid: server.pid }, "embedded database: the running server does not answer, stopping it");
      await stopPostmaster(server, places, binaries, SILENCE_MS / 2);
      return null;
    }
    await pause(POLL_MS);
  }
}
