import { expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import { until } from "../support/program.ts";
import { startReceiver } from "../support/receiver.ts";

const ENDPOINTS = 3;
const CONCURRENCY = 2;
const TEXTS = 90;

test("three workers, one killed and the others restarted in turn: an endpoint's limit holds all the time", async () => {
  const databaseUrl = await createDatabase();
  const web = await startChild(databaseUrl, { SIGNALBOX_ROLE: "web" });
  const startWorker = () => startChild(databaseUrl, { SIGNALBOX_ROLE: "worker", LOG_LEVEL: "info" });
  const workers = await Promise.all([1, 2, 3].map(startWorker));
  const receiver = await startReceiver();
  const now = new Map<string, number>();
  let most = 0;
  const seen = new Set<string>();
  receiver.answer = ({ path, headers }, response) => {
    const open = (now.get(path) ?? 0) + 1;
    now.set(path, open);
    most = Math.max(most, open);
    // A process that is killed takes its connections with it.
    response.on("close", () => now.set(path, (now.get(path) ?? 0) - 1));
    setTimeout(() => {
      if (response.destroyed) return;
      seen.add(`${path} ${headers["webhook-id"]}`);
      response.writeHead(204).end();
    }, 40);
  };
  for (let i = 0; i < ENDPOINTS; i++) {
    const endpoint = {
      url: `${receiver.url}/${i}`,
      types: ["message.received"],
      concurrency: CONCURRENCY,
      timeoutMs: 5_000,
    };
    expect((await web.api("POST", "/v1/endpoints", endpoint)).status).toBe(201);
  }
  const texts = Array.from({ length: TEXTS }, (_, i) => i);
  const say = async () => {
    for (let i = texts.shift(); i !== undefined; i = texts.shift()) {
      const order = { from: `+1415558${1_000 + i}`, text: `words ${i}` };
      expect((await web.api("POST", "/v1/simulator/messages", order)).status).toBe(202);
    }
  };
  const saying = Promise.all([say(), say(), say()]);
  const some = (count: number) => until(`${count} deliveries`, async () => seen.size >= count, 60);
  await some(40);
  await workers[0]?.kill();
  workers[0] = await startWorker();
  await some(80);
  for (const index of [1, 2]) {
    await workers[index]?.stop();
    workers[index] = await startWorker();
  }
  await saying;
  await some(TEXTS * ENDPOINTS);
  expect(seen.size).toBe(TEXTS * ENDPOINTS);
  expect(most).toBeLessThanOrEqual(CONCURRENCY);
  await until("nothing to be left", async () => {
    const states = await Promise.all(
      ["waiting", "sending"].map((state) => web.api("GET", `/v1/deliveries?state=${state}`)),
    );
    return states.every(({ body }) => body.data.length === 0);
  });
  await Promise.all([web, ...workers].map((child) => child.stop()));
  await receiver.close();
});
