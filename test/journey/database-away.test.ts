import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { startEmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { createLog } from "../../src/tools/log.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { startReceiver } from "../support/receiver.ts";

const log = createLog({ level: "silent", pretty: false });
let dataDir: string;
let server: EmbeddedPostgres;
let program: Program;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "signalbox-away-"));
  await chmod(dataDir, 0o711);
  server = await startEmbeddedPostgres({ dataDir, log });
  const { user, password, host, port, database } = server.connection;
  const databaseUrl = `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
  program = await startProgram({}, { databaseUrl });
});
afterAll(async () => {
  await program.stop();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test("without its database the door says 503; with it again the repeat is taken in once and work goes on", async () => {
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("http://127.0.0.1:9/v1"));
  const door = channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
  const body = inboundWebhook({ from: "+14155550101", text: "GROOMING OPEN" });
  await server.stop();
  expect(await post(door, body)).toBe(503);
  const ready = await fetch(`${program.url}/health/ready`);
  expect(ready.status).toBe(503);
  expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
  server = await startEmbeddedPostgres({ dataDir, log });
  await until("the text to be taken", async () => (await post(door, body)) === 200);
  expect(await post(door, body)).toBe(200);
  await until("the command", async () => {
    const { body: page } = await program.api("GET", "/v1/commands");
    return page.data?.[0]?.outcome === "changed" && page.data.length === 1;
  });
  await until("readiness", async () => (await fetch(`${program.url}/health/ready`)).ok);
});

test("a database that restarts twice in mid-traffic loses, doubles and leaves open nothing", async () => {
  const sentTo = new Map<string, number>();
  const fake = await startFakeMobiniti({
    keepCalls: false,
    onSend: ({ to }) => void sentTo.set(to, (sentTo.get(to) ?? 0) + 1),
  });
  const settings = { accessToken: "test-token", allowedIps: "127.0.0.1", apiUrl: fake.url };
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("", { rate: 19, settings }));
  const door = channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
  const people = Array.from({ length: 80 }, (_, i) => `+1415555${2_000 + i}`);
  const accepted = Promise.all(
    people.map((from) =>
      until(
        `${from} to be taken`,
        async () => (await post(door, inboundWebhook({ from, text: "hi" }))) === 200,
      ),
    ),
  );
  for (const sends of [15, 40]) {
    await until("some replies", async () => fake.sendCount >= sends);
    await server.stop();
    server = await startEmbeddedPostgres({ dataDir, log });
  }
  await accepted;
  await until("every reply", async () => sentTo.size === people.length);
  expect(new Set(sentTo.values())).toEqual(new Set([1]));
  await until("every reply to be settled", async () => {
    const rows = await program.app.database.run<{ status: string; flags: string[]; count: number }>(
      "t-settled",
      "select status, flags, count(*)::int as count from messages where channel_id = $1 and direction = 'out' group by 1, 2",
      [channel.body.id],
    );
    return rows.length === 1 && rows[0]?.status === "handed_over" && rows[0].flags.length === 0;
  });
  await fake.close();
});

test("webhooks go on by themselves after the database restarted, each event once under its id", async () => {
  const receiver = await startReceiver();
  // Slow enough that the restart meets some under way.
  receiver.answer = (_request, response) => void setTimeout(() => response.writeHead(204).end(), 50);
  const endpoint = { url: receiver.url, types: ["message.received"], concurrency: 2 };
  expect((await program.api("POST", "/v1/endpoints", endpoint)).status).toBe(201);
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("http://127.0.0.1:9/v1"));
  const door = channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
  const people = Array.from({ length: 60 }, (_, i) => `+1415557${2_000 + i}`);
  for (const from of people) {
    await until(
      "the text to be taken",
      async () => (await post(door, inboundWebhook({ from, text: "hi" }))) === 200,
    );
  }
  await receiver.received(10);
  await server.stop();
  const failed = () => program.logLines.filter((line) => line.includes("webhooks: a round failed")).length;
  const [rounds, lines] = [failed(), program.logLines.length];
  await until("some rounds to find nobody", async () => failed() >= rounds + 4);
  // It asks again, longer and longer apart: four rounds without a pause would be thousands of lines.
  expect(program.logLines.length - lines).toBeLessThan(300);
  server = await startEmbeddedPostgres({ dataDir, log });
  const back = performance.now();
  const before = receiver.requests.length;
  await receiver.received(before + 1);
  expect(performance.now() - back).toBeLessThan(15_000);
  const seen = () => new Set(receiver.requests.map(({ headers }) => headers["webhook-id"]));
  await until("every event", async () => seen().size === people.length);
  await receiver.close();
});
