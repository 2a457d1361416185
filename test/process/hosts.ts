import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { PostgresConnection } from "../../src/store/embedded/embedded-postgres.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const NODE = join(ROOT, "node_modules/node/bin/node");
const HOST = join(ROOT, "test/process/host.ts");

export interface Up {
  event: "up";
  adopted: boolean;
  created: boolean;
  connection: PostgresConnection;
  pid: number;
}

interface Failed {
  event: "failed";
  code: string;
  message: string;
}

export interface Host {
  pid: number;
  /** The first line it printed. */
  first: Promise<Up | Failed>;
  up(): Promise<Up>;
  failure(): Promise<Failed>;
  /** Resolves once its log holds the text. */
  logged(text: string): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const running = new Set<Host>();
const servers = new Set<number>();
const folders = new Set<string>();

/** A folder everybody may pass through but not list, as /var/lib is. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  await chmod(folder, 0o711);
  folders.add(folder);
  return folder;
}

export function startHost(dataDir: string, user = "same"): Host {
  const child = spawn(NODE, [HOST, dataDir, user], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const first = new Promise<Up | Failed>((resolve, reject) => {
    createInterface(child.stdout).once("line", (line) => resolve(JSON.parse(line)));
    child.on("close", () => reject(new Error(`the host ended without a word: ${log}`)));
  });
  first.catch(() => undefined);
  const host: Host = {
    pid: child.pid ?? 0,
    first,
    up: async () => {
      const line = await first;
      if (line.event !== "up") throw new Error(line.message);
      servers.add(line.pid);
      return line;
    },
    failure: async () => {
      const line = await first;
      if (line.event !== "failed") throw new Error("the host started although it should not");
      return line;
    },
    logged: (text) => until(() => log.includes(text), `"${text}" in the log, which is ${log}`),
    stop: () => end(child, "SIGTERM", ended),
    kill: () => end(child, "SIGKILL", ended),
  };
  running.add(host);
  return host;
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<void>): Promise<void> {
  child.kill(signal);
  await ended;
}

/** Ends whatever a test left, so that nothing outlives the suite. */
export async function cleanUp(): Promise<void> {
  for (const host of running) await host.kill();
  for (const pid of servers) {
    signal(pid, "SIGQUIT");
    signal(pid, "SIGCONT");
    await until(() => !isAlive(pid), `server ${pid} to end`);
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  running.clear();
  servers.clear();
  folders.clear();
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

/** A process that has ended but that nobody has collected, as in a container without an init, is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits for a condition, not for a time; the test's own limit is the limit. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
    await pause(10);
  }
}
