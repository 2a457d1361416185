import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_FLAGS } from "../scripts/node-flags.mjs";
import { itemsOf, reporterPhone } from "./texts.ts";

/** The real program as a process of its own, with everything it needs in a temporary folder. */
export interface Program {
  pid: number;
  url: string;
  port: number;
  dataDir: string;
  /** From the start of the process until it said that it is ready, ms. */
  readyAfterMs: number;
  api<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  memory(): Memory;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface Memory {
  residentMb: number;
  /** Highest so far; null where the system does not tell. */
  peakMb: number | null;
}

export interface ProgramSettings {
  dataDir: string;
  port: number;
  role: "all" | "web";
}

const MAIN = join(import.meta.dirname, "../src/main.ts");
const API_KEY = `sk_live_${"Bench0".repeat(7).slice(0, 40)}`;
const READY_WITHIN_MS = 60_000;
const KEPT_OUTPUT = 4_000;

/** An empty folder the database's own account can pass through. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-bench-"));
  await chmod(folder, 0o711);
  return folder;
}

export async function removeDataDir(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** BENCH_NODE_ARGS, such as `--cpu-prof`, goes to the program's own process. */
export async function startProgram(settings: ProgramSettings): Promise<Program> {
  const started = performance.now();
  const nodeArgs = (process.env.BENCH_NODE_ARGS ?? "").split(" ").filter((argument) => argument !== "");
  const child = spawn(process.execPath, [...NODE_FLAGS, ...nodeArgs, MAIN], {
    env: {
      PATH: process.env.PATH,
      // As `npm start` does.
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../node_modules/.cache/compiled"),
      DATA_DIR: settings.dataDir,
      HOST: "127.0.0.1",
      PORT: String(settings.port),
      SIGNALBOX_API_KEY: API_KEY,
      SIGNALBOX_ROLE: settings.role,
      NODE_ENV: "production",
      ALLOW_PRIVATE_TARGETS: "127.0.0.0/8,::1/128",
      LOG_LEVEL: "warn",
    },
    // With a channel to us the program stops when the bench is killed.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const url = `http://127.0.0.1:${settings.port}`;
  await untilReady(child, url, () => output);
  return {
    pid: child.pid ?? 0,
    url,
    port: settings.port,
    dataDir: settings.dataDir,
    readyAfterMs: performance.now() - started,
    api: (method, path, body) => callApi(url, method, path, body),
    memory: () => memoryOf(child.pid ?? 0),
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (hasEnded(child)) throw new Error(`the program ended at its start:\n${output()}`);
    if (Date.now() > until) {
      await end(child, "SIGKILL");
      throw new Error(`the program is not ready after ${READY_WITHIN_MS / 1_000} s:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

async function callApi<Answer>(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return (text === "" ? null : JSON.parse(text)) as Answer;
}

function memoryOf(pid: number): Memory {
  if (process.platform !== "linux") {
    const kib = Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }));
    return { residentMb: kib / 1_024, peakMb: null };
  }
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1_024;
  return { residentMb: mb("VmRSS"), peakMb: mb("VmHWM") };
}

/** A Mobiniti channel that sends to the fake, fast enough not to be paced. Answers the path of its door. */
export async function addChannel(program: Program, fakePort: number): Promise<string> {
  const channel = await program.api<{ inboundUrl: string }>("POST", "/v1/channels", {
    provider: "mobiniti",
    name: "Bench",
    address: "64600",
    settings: {
      accessToken: "bench-token",
      allowedIps: ["127.0.0.1", "::1"],
      apiUrl: `http://127.0.0.1:${fakePort}/v1`,
      sendBy: "direct",
    },
    rate: 20_000,
  });
  return new URL(channel.inboundUrl).pathname;
}

const CALLS_AT_ONCE = 16;

/** Reporters who may change everything, each with two closed items. */
export async function addReporters(program: Program, first: number, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  const worker = async () => {
    for (let reporter = numbers.shift(); reporter !== undefined; reporter = numbers.shift()) {
      for (const name of itemsOf(reporter)) {
        await program.api("POST", "/v1/board/items", { kind: "gate", name, fields: { status: "closed" } });
      }
      const person = { name: `Reporter ${reporter}`, phones: [reporterPhone(reporter)], permissions: ["*"] };
      await program.api("POST", "/v1/reporters", person);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
}
