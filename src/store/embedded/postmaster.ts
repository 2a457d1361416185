import { execFile, spawn, spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { access, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { cannotRun, serverIdentity } from "./cluster.ts";
import { codeOf, type EmbeddedPostgresFailure } from "./failure.ts";
import { ensureSocketDir, type Places } from "./places.ts";
import { openServerLog } from "./server-log.ts";
import { serverSettings, settingFlags } from "./settings.ts";

/** The running server process. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** A server this program started. */
export interface StartedPostmaster extends Postmaster {
  /** Set once the process has ended. */
  ended: { code: number | null; signal: string | null; failure?: EmbeddedPostgresFailure } | null;
}

const POLL_MS = 10;
/** Fast shutdown may have a cache full of changed pages to write. */
const FAST_STOP_MS = 8_000;
const HARD_STOP_MS = 4_000;

/**
 * The server that holds the data folder, whoever started it. A pid file whose process is gone, is a zombie,
 * or is some other program (pids repeat after a container restarts) counts as none.
 */
export async function findPostmaster(places: Places): Promise<Postmaster | null> {
  const lines = await readPidFile(places);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (isServer(pid, places)) return { pid, port: Number(lines[3]) || places.port };
  if (isAlive(pid)) await disown(places, lines);
  return null;
}

/** Starts the server and returns at once; `ended` tells when it did not stay. */
export async function startPostmaster(
  places: Places,
  binaries: Binaries,
  account: Account | null,
  settings: Record<string, string>,
): Promise<StartedPostmaster> {
  await ensureSocketDir(places, account);
  const log = await openServerLog(places.log);
  try {
    const flags = settingFlags({ ...serverSettings(places), ...settings });
    const args = ["-D", places.clusterAsSeenByServer, ...flags];
    const child = spawn(binaries.postgres, args, {
      cwd: places.cluster,
      // Its own process group: Ctrl-C at the terminal must not end it before the program has drained.
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      windowsHide: true,
      ...serverIdentity(account),
    });
    const started: StartedPostmaster = { pid: child.pid ?? 0, port: places.port, ended: null };
    child.on("error", (error) => {
      started.ended ??= { code: null, signal: null, failure: cannotRun(binaries.postgres, error) };
    });
    child.on("exit", (code, signal) => {
      started.ended ??= { code, signal };
    });
    child.unref();
    return started;
  } finally {
    await log.close();
  }
}

/** Fast shutdown: open transactions are rolled back, everything committed is written. Harder when it hangs. */
export async function stopPostmaster(
  server: Postmaster,
  places: Places,
  binaries: Binaries,
  graceMs = FAST_STOP_MS,
): Promise<void> {
  if (!isServer(server.pid, places)) return;
  if (process.platform === "win32") {
    await new Promise((resolve) => {
      execFile(binaries.pgCtl, ["stop", "-D", places.cluster, "-m", "fast", "-w"], resolve);
    });
    return;
  }
  signal(server.pid, "SIGINT");
  // A server that somebody has suspended would not hear it.
  signal(server.pid, "SIGCONT");
  if (await isGone(server, places, graceMs)) return;
  // Immediate shutdown loses nothing that was committed; the next start replays the log.
  signal(server.pid, "SIGQUIT");
  if (await isGone(server, places, HARD_STOP_MS)) return;
  signal(server.pid, "SIGKILL");
  await isGone(server, places, HARD_STOP_MS);
}

/** The pid file goes last, so its absence is the proof; a process nobody reaps stays as a zombie. */
async function isGone(server: Postmaster, places: Places, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const held = await access(join(places.cluster, "postmaster.pid")).then(
      () => true,
      () => false,
    );
    if (!held || !isServer(server.pid, places)) return true;
    await pause(POLL_MS);
  }
  return false;
}

async function readPidFile(places: Places): Promise<string[]> {
  try {
    return (await readFile(join(places.cluster, "postmaster.pid"), "utf8")).split("\n");
  } catch {
    return [];
  }
}

/**
 * PostgreSQL takes any living process with its old pid for itself and would not start. It ignores its own
 * parent's pid, though, and then still checks the old server's shared memory; so that pid is written instead.
 */
async function disown(places: Places, lines: string[]): Promise<void> {
  await writeFile(
    join(places.cluster, "postmaster.pid"),
    [String(process.pid), ...lines.slice(1)].join("\n"),
  );
}

function isServer(pid: number, places: Places): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    const state = readOptional(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    const name = state.slice(state.indexOf("(") + 1, state.lastIndexOf(")"));
    if (name !== "postgres" || /^ [ZX]/.test(state.slice(state.lastIndexOf(")") + 1))) return false;
    // Not to be read in every container; the name has to do there.
    const cwd = readOptional(() => readlinkSync(`/proc/${pid}/cwd`));
    return cwd === "" || cwd === readOptional(() => realpathSync(places.cluster));
  }
  if (process.platform === "win32") return true;
  const asked = spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
  return asked.status !== 0 ? false : basename(asked.stdout.trim()).startsWith("postgres");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

function readOptional(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
