import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nowMs, serve } from "./child.ts";
import { startLeanServer } from "./lean-server.ts";

/**
 * The receivers of webhooks: `/hook/<n>` takes everything at once and notes when, another server takes three
 * seconds for each, a third never answers.
 */
export interface Taken {
  endpoint: number;
  /** Number of the text it tells of. */
  question: number;
  at: number;
}

export interface ReceiverPorts {
  healthy: number;
  slow: number;
  dead: number;
}

/** Requests that the slow and the dead one have under way. */
export interface Held {
  now: number;
  most: number;
}

const SLOW_MS = 3_000;
const held: Held = { now: 0, most: 0 };

let taken: Taken[] = [];
let signed = 0;
const waiting: { count: number; resolve: () => void }[] = [];

function listenOn(delayMs: number | null): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    held.now += 1;
    held.most = Math.max(held.most, held.now);
    response.on("close", () => {
      held.now -= 1;
    });
    if (delayMs !== null) request.on("end", () => setTimeout(() => response.writeHead(204).end(), delayMs));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

serve({
  async listen(): Promise<ReceiverPorts> {
    const healthy = await startLeanServer(({ path, body }) => {
      const question = Number(/Question (\d+)"/.exec(body)?.[1] ?? -1);
      taken.push({ endpoint: Number(path.slice("/hook/".length)), question, at: nowMs() });
      if (body.includes('"message.received"')) signed++;
      while (waiting[0] && taken.length >= waiting[0].count) waiting.shift()?.resolve();
      return { status: 204, type: "text/plain", body: "" };
    });
    return { healthy, slow: await listenOn(SLOW_MS), dead: await listenOn(null) };
  },
  taken: () => taken,
  held: () => held,
  forgetHeld() {
    held.most = held.now;
  },
  count: () => ({ count: taken.length, signed }),
  forget() {
    taken = [];
    signed = 0;
  },
  /** Whether so many came within that time. */
  waitFor(wanted: { count: number; seconds: number }) {
    if (taken.length >= wanted.count) return true;
    return new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), wanted.seconds * 1_000);
      waiting.push({
        count: wanted.count,
        resolve() {
          clearTimeout(timer);
          resolve(true);
        },
      });
    });
  },
});
