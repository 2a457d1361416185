import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { inject } from "vitest";
import type { ApiAnswer } from "./program.ts";
import { callApi, until } from "./program.ts";

const ROOT = join(import.meta.dirname, "../..");
const API_KEY = `sk_live_${"C".repeat(40)}`;

/** The program as a process of its own, to be killed. */
export interface Child {
  url: string;
  process: ChildProcess;
  output: () => string;
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function startChild(databaseUrl: string, over: Record<string, string> = {}): Promise<Child> {
  const port = over.PORT ?? String(await freePort());
  const child = spawn(process.execPath, [join(ROOT, "src/main.ts")], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? "",
      DATABASE_URL: databaseUrl,
      DATA_DIR: inject("dataDir"),
      PORT: port,
      SIGNALBOX_SECRET: "a secret only tests know, long enough",
      SIGNALBOX_API_KEY: API_KEY,
      ALLOW_PRIVATE_TARGETS: "127.0.0.0/8,::1/128",
      LOG_LEVEL: "warn",
      ...over,
    },
    // The channel closes when the test process is gone, and the program stops by itself.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const gone = once(child, "exit");
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await until(`the program to run:\n${output}`, async () => {
    if (child.exitCode !== null) throw new Error(`the program ended:\n${output}`);
    if (over.SIGNALBOX_ROLE === "worker") return output.includes("worker is running");
    const ready = await fetch(`${url}/health/ready`).catch(() => null);
    return ready?.ok;
  });
  return {
    url,
    process: child,
    output: () => output,
    api: (method, path, body, headers) => callApi(url, API_KEY, method, path, body, headers),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      child.kill("SIGTERM");
      await gone;
      return child.exitCode;
    },
  };
}

/**
 * A port where nobody listens. Not one of those that the system gives to connections going out: somebody who
 * calls it over and over before its server is up would, sooner or later, take it and call himself.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
