import { afterAll, expect, test } from "vitest";
import type { Child } from "../support/child.ts";
import { freePort, startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import { until } from "../support/program.ts";
import { startReceiver } from "../support/receiver.ts";

const TEXTS = 30;
const ENDPOINTS = 3;
const KILLS = 2;

let child: Child | null = null;
afterAll(async () => {
  await child?.kill();
});

test("kill -9 in the middle of deliveries: every event reaches every endpoint, repeats under one id", async () => {
  const databaseUrl = await createDatabase();
  const port = String(await freePort());
  child = await startChild(databaseUrl, { PORT: port });
  const receiver = await startReceiver();
  // Slow enough that each kill meets some under way.
  receiver.answer = (_request, response) => void setTimeout(() => response.writeHead(204).end(), 30);
  for (let i = 0; i < ENDPOINTS; i++) {
    const endpoint = { url: `${receiver.url}/${i}`, types: ["message.received"] };
    expect((await child.api("POST", "/v1/endpoints", endpoint)).status).toBe(201);
  }
  let program = child;
  let taken = 0;
  async function say(i: number): Promise<void> {
    // Its id makes a repeat of it a repeat: a key would stay taken for a while by the call that was killed.
    const order = {
      from: `+1415556${String(1_000 + i)}`,
      text: `words ${i}`,
      providerMessageId: `text-${i}`,
    };
    await until("the text to be taken", async () => {
      const answer = await program.api("POST", "/v1/simulator/messages", order).catch(() => null);
      return answer !== null && answer.status < 300;
    });
    taken += 1;
  }
  const saying = (async () => {
    for (let i = 0; i < TEXTS; i++) await say(i);
  })();
  for (let kill = 1; kill <= KILLS; kill++) {
    const mark = Math.floor((TEXTS * kill) / (KILLS + 1));
    await until(`${mark} texts`, async () => taken >= mark);
    await program.kill();
    child = await startChild(databaseUrl, { PORT: port });
    program = child;
  }
  await saying;
  const seen = new Map<string, Set<string>>();
  await until("every delivery", async () => {
    for (const { path, body, headers } of receiver.requests) {
      const key = `${path} ${JSON.parse(body).data.message.text}`;
      seen.set(key, (seen.get(key) ?? new Set()).add(headers["webhook-id"] ?? ""));
    }
    return seen.size >= TEXTS * ENDPOINTS;
  });
  expect(seen.size).toBe(TEXTS * ENDPOINTS);
  for (const [key, ids] of seen) expect(ids.size, key).toBe(1);
  await until("nothing to be left", async () => {
    const open = await program.api("GET", "/v1/deliveries?state=waiting");
    const flying = await program.api("GET", "/v1/deliveries?state=sending");
    return open.body.data.length === 0 && flying.body.data.length === 0;
  });
  expect(await program.stop()).toBe(0);
  child = null;
  await receiver.close();
});
