import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/program.ts";
import { signMac, signStandard, standardHeaders } from "./signer.ts";
import { OTHER_SECRET, SECRET } from "./vectors.ts";

/** The examples as processes of their own, as somebody who copied them has them. */

const ROOT = join(import.meta.dirname, "../..");
const bodyOf = (type: string) => `{"type":"${type}","event":"${type}","data":{"text":"Grüße"}}`;
/** What none of them may act upon. */
const REFUSED = bodyOf("refused");

interface Receiver {
  process: ChildProcess;
  url: string;
  /** What it did, a line each. */
  handled: string[];
}

async function startReceiver(file: string): Promise<Receiver> {
  const child = spawn(process.execPath, [join(ROOT, "examples", file)], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", PORT: "0", SIGNALBOX_WEBHOOK_SECRET: SECRET },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const url = await until(`${file} to listen`, async () => {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${errors}`);
    return lines[0]?.replace("listening on ", "");
  });
  lines.shift();
  return { process: child, url, handled: lines };
}

async function stopReceiver({ process: child }: Receiver): Promise<void> {
  const gone = once(child, "exit");
  child.kill();
  await gone;
}

async function post({ url }: Receiver, headers: Record<string, string>, body: string): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
  await answer.text();
  return answer.status;
}

function signed(id: string, body: string, { secret = SECRET, secondsAgo = 0 } = {}): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
  return standardHeaders({ id, timestamp }, signStandard(secret, { id, timestamp, body }));
}

const mac = (body: string, secret = SECRET) => ({ "X-MAC-Signature": signMac(secret, body) });

/** What it did, once it did what was sent last: it does one after the other. */
async function handledUntil({ handled }: Receiver, last: string): Promise<string[]> {
  const line = `handled ${last}`;
  await until(line, async () => handled.includes(line));
  return handled;
}

describe.each(["plain-node.js", "express.js", "fastify.js"])("examples/%s", (file) => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver(file);
  });
  afterAll(() => stopReceiver(receiver));

  test("takes what is genuine, and each once", async () => {
    const body = bodyOf("first");
    const headers = signed("evt_1", body);
    expect(await post(receiver, headers, body)).toBe(204);
    expect(await post(receiver, headers, body), "the very same again").toBe(204);
    expect(await post(receiver, signed("evt_1", body, { secondsAgo: 9 }), body), "tried again").toBe(204);
    const next = bodyOf("second");
    expect(await post(receiver, signed("evt_2", next), next)).toBe(204);
    const handled = await handledUntil(receiver, "second");
    expect(handled).toEqual(["handled first", "handled second"]);
  });

  test("takes both kinds of signatures", async () => {
    const body = bodyOf("both");
    expect(await post(receiver, { ...signed("evt_3", body), ...mac(body) }, body)).toBe(204);
    const alone = bodyOf("alone");
    expect(await post(receiver, mac(alone), alone)).toBe(204);
    expect(await handledUntil(receiver, "alone")).toContain("handled both");
  });

  const old = signed("evt_4", REFUSED, { secondsAgo: 310 });
  test.each<[string, Record<string, string>, string?]>([
    ["unsigned", {}],
    ["empty", signed("evt_4", REFUSED), ""],
    ["changed", signed("evt_4", REFUSED), REFUSED.replace("Grüße", "Gruße")],
    [
      "written anew by somebody between",
      signed("evt_4", REFUSED),
      JSON.stringify(JSON.parse(REFUSED), null, 2),
    ],
    ["signed by another", signed("evt_4", REFUSED, { secret: OTHER_SECRET })],
    ["replayed after its time", old],
    ["replayed with a second signature beside", { ...old, ...mac(REFUSED) }],
    ["changed under X-MAC-Signature", mac(REFUSED), REFUSED.replace("Grüße", "Gruße")],
  ])("refuses what is %s", async (name, headers, body = REFUSED) => {
    expect(await post(receiver, headers, body)).toBe(401);
    const next = bodyOf(`after ${name}`);
    expect(await post(receiver, signed(`evt_${name.replaceAll(" ", "_")}`, next), next)).toBe(204);
    expect(await handledUntil(receiver, `after ${name}`)).not.toContain("handled refused");
  });

  test("does not read without end", async () => {
    const long = "x".repeat(1_100_000);
    const status = await post(receiver, signed("evt_5", long), long).catch(() => 413);
    expect(status).toBe(413);
  });
});

describe("examples/guide-verify.js", () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver("guide-verify.js");
  });
  afterAll(() => stopReceiver(receiver));

  test("takes what is genuine", async () => {
    const body = bodyOf("genuine");
    expect(await post(receiver, { ...signed("evt_1", body), ...mac(body) }, body)).toBe(204);
    expect(await handledUntil(receiver, "genuine")).toEqual(["handled genuine"]);
  });

  test.each<[string, Record<string, string>, string?]>([
    ["unsigned", {}],
    ["empty", mac(REFUSED), ""],
    ["changed", mac(REFUSED), `${REFUSED} `],
    ["signed by another", mac(REFUSED, OTHER_SECRET)],
    ["signed with less", { "X-MAC-Signature": mac(REFUSED)["X-MAC-Signature"].slice(0, -1) }],
  ])("refuses what is %s", async (name, headers, body = REFUSED) => {
    expect(await post(receiver, headers, body)).toBe(401);
    const next = bodyOf(`after ${name}`);
    expect(await post(receiver, mac(next), next)).toBe(204);
    expect(await handledUntil(receiver, `after ${name}`)).not.toContain("handled refused");
  });
});
