import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Child } from "../support/child.ts";
import { freePort, startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import { until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** `kill -9` at chosen points: a lock that the test holds keeps the program there. */

let databaseUrl: string;
let port: string;
let child: Child;
let receiver: Receiver;
let client: pg.Client;
let endpoint: string;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  port = String(await freePort());
  child = await startChild(databaseUrl, { PORT: port });
  client = new pg.Client(databaseUrl);
  await client.connect();
  receiver = await startReceiver();
  const made = await child.api("POST", "/v1/endpoints", { url: receiver.url, types: ["message.received"] });
  endpoint = made.body.id;
});
afterAll(async () => {
  await client.end();
  await child.kill();
  await receiver.close();
});
beforeEach(() => {
  receiver.requests.length = 0;
  receiver.answer = (_received, response) => void response.writeHead(204).end();
});

/** The program waits for what the test has locked. What is told may be the statement before, or the last of several. */
const stuck = (statement = /./) =>
  until("the program to wait", async () => {
    const { rows } = await client.query<{ query: string }>(
      "select query from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))",
    );
    return rows.some(({ query }) => statement.test(query));
  });

async function killAndRelease(): Promise<void> {
  await child.kill();
  await client.query("rollback");
  child = await startChild(databaseUrl, { PORT: port });
}

const say = (from: string, text: string) => child.api("POST", "/v1/simulator/messages", { from, text });

async function deliveriesOf(text: string) {
  const { rows } = await client.query(
    `select d.id, d.state, d.attempts from deliveries d join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     where e.data->'message'->>'text' = $1`,
    [text],
  );
  return rows;
}

const delivered = (text: string) =>
  until(`${text} to be delivered`, async () => {
    const rows = await deliveriesOf(text);
    return rows.length > 0 && rows.every((row) => row.state === "delivered") && rows;
  });

test("before the routing is committed: routed again, one delivery", async () => {
  await client.query("begin; lock table deliveries in access exclusive mode");
  expect((await say("+14155550101", "first")).status).toBe(202);
  await stuck(/insert|commit/);
  await killAndRelease();
  expect(await delivered("first")).toHaveLength(1);
  expect(receiver.requests).toHaveLength(1);
});

test("after the commit, before anybody looked: delivered by the next one", async () => {
  await client.query("begin; lock table hook_lanes in access exclusive mode");
  expect((await say("+14155550102", "second")).status).toBe(202);
  await until("the delivery", async () => (await deliveriesOf("second")).length === 1);
  await killAndRelease();
  const [row] = await delivered("second");
  expect(row.attempts).toHaveLength(1);
  expect(receiver.requests).toHaveLength(1);
});

test("after the 2xx, before it was written down: one repeat, under the same id", async () => {
  let answer: () => void = () => undefined;
  receiver.answer = (_received, response) => {
    if (receiver.requests.length > 1) response.writeHead(204).end();
    else answer = () => void response.writeHead(204).end();
  };
  expect((await say("+14155550103", "third")).status).toBe(202);
  await receiver.received(1);
  await client.query("begin");
  await client.query("select 1 from hook_queue for update");
  answer();
  await stuck();
  await killAndRelease();
  const [row] = await delivered("third");
  expect(row.attempts.map((one: { code: string }) => one.code)).toEqual(["interrupted", "ok"]);
  const [one, two] = await receiver.received(2);
  expect(two?.headers["webhook-id"]).toBe(one?.headers["webhook-id"]);
  expect(two?.body).toBe(one?.body);
  expect(receiver.requests).toHaveLength(2);
});

test("in a rotation: the old secret signs on, or the new one, never none", async () => {
  await client.query("begin; lock table audit in access exclusive mode");
  const rotation = child.api("POST", `/v1/endpoints/${endpoint}/rotate-secret`).catch(() => null);
  await stuck();
  await killAndRelease();
  expect(await rotation).toBeNull();
  const { body } = await child.api("GET", `/v1/endpoints/${endpoint}`);
  expect(body.secrets).toHaveLength(1);
  expect((await say("+14155550104", "fourth")).status).toBe(202);
  const [request] = await receiver.received(1);
  expect(request?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  await delivered("fourth");
});
