import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DATABASE, ROLE } from "./cluster.ts";
import { codeOf, EmbeddedPostgresFailure, reasonOf } from "./failure.ts";
import type { Places } from "./places.ts";

/** What `pg` needs to connect. */
export interface PostgresConnection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** Answers of a server that is on its way up or down: 57P03, and 57P01 while it ends our attempt. */
const NOT_NOW = new Set(["57P03", "57P01", "53300"]);
const CONNECT_TIMEOUT_MS = 2_000;
/** A program that was killed a moment ago still holds its lock until its backend has noticed. */
const LOCK_PATIENCE_MS = 1_500;
const LOCK_POLL_MS = 25;
const LOCK_KEY = [0x53474258, 1];

export type Door =
  | { kind: "open"; client: pg.Client }
  /** The server is starting, recovering or stopping. */
  | { kind: "not-now" }
  | { kind: "silent"; reason: string };

export function connectionTo(places: Places, port: number): PostgresConnection {
  return {
    host: places.socketDir ?? "127.0.0.1",
    port,
    user: ROLE,
    password: places.password,
    database: DATABASE,
  };
}

/** One connection to the program's database, which is made when the cluster is new. */
export async function knock(connection: PostgresConnection): Promise<Door> {
  const first = await tryConnect(connection);
  if (!("code" in first) || first.code !== "3D000") return asDoor(first);
  const upper = await tryConnect({ ...connection, database: "postgres" });
  if ("code" in upper) return asDoor(upper);
  try {
    await upper.query(`create database ${DATABASE}`);
  } catch (error) {
    // Another program made it in the same moment.
    if (!["42P04", "23505", "55006"].includes(codeOf(error)))
      return { kind: "silent", reason: reasonOf(error) };
  } finally {
    await upper.end().catch(() => undefined);
  }
  return asDoor(await tryConnect(connection));
}

interface Refusal {
  code: string;
  reason: string;
}

async function tryConnect(connection: PostgresConnection): Promise<pg.Client | Refusal> {
  const client = new pg.Client({
    ...connection,
    application_name: `signalbox ${process.pid}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    return { code: codeOf(error), reason: reasonOf(error) };
  }
}

function asDoor(answer: pg.Client | Refusal): Door {
  if (!("code" in answer)) return { kind: "open", client: answer };
  if (NOT_NOW.has(answer.code)) return { kind: "not-now" };
  if (answer.code === "28P01" || answer.code === "28000") {
    throw new EmbeddedPostgresFailure(
      "start_failed",
      "The embedded database refuses the password in DATA_DIR/postgres-password; put back the file that belongs to this database.",
    );
  }
  return { kind: "silent", reason: answer.reason };
}

/**
 * Takes the lock that says "this program owns the database" for as long as the connection lives. The server
 * gives it back by itself when the program ends in any way, so no stale file can keep anybody out.
 */
export async function takeOwnership(client: pg.Client, dataDir: string): Promise<void> {
  const until = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    const answer = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1, $2) as taken",
      LOCK_KEY,
    );
    if (answer.rows[0]?.taken === true) return;
    if (Date.now() > until) break;
    await pause(LOCK_POLL_MS);
  }
  const holder = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2`,
    LOCK_KEY,
  );
  const pid = holder.rows[0]?.name.match(/^signalbox (\d+)$/)?.[1];
  throw new EmbeddedPostgresFailure(
    "in_use",
    `Another Signalbox${pid === undefined ? "" : ` (process ${pid})`} already uses ${dataDir}; stop it first, or give this one its own DATA_DIR.`,
  );
}
