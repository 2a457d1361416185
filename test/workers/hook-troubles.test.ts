import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSecretBox } from "../../src/tools/secrets.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** What may go wrong on our own side: secrets, rows, clocks, the network of this machine. */

let world: HookWorld;
let receiver: Receiver;

beforeEach(async () => {
  world = await openHookWorld();
  receiver = await startReceiver();
});
afterEach(async () => {
  vi.useRealTimers();
  await world.close();
  await receiver.close();
});

test("with another SIGNALBOX_SECRET nothing leaves unsigned, and everything leaves once it is right", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  const { box } = world.caller;
  world.caller.box = createSecretBox(randomBytes(32));
  await world.work();
  await world.fire(world.alerts(3));
  const rows = await world.until((all) => all.some((row) => row.attempts.length > 0));
  const [tried] = rows.filter((row) => row.attempts.length > 0);
  expect(tried).toMatchObject({ step: 0, attempts: [{ code: "secret_unreadable", fault: "ours" }] });
  expect(await world.lane(id)).toMatchObject({ pause_reason: "ours", failures: 0, failing_since: null });
  expect(receiver.requests).toHaveLength(0);
  world.caller.box = box;
  await world.skipWaits();
  await world.until((all) => all.every((row) => row.state === "delivered"));
  expect(receiver.requests.every(({ headers }) => headers["webhook-signature"] !== undefined)).toBe(true);
});

test("a request that cannot be written is tried on schedule and ends; others of its lane leave", async () => {
  const { id } = await world.endpoint({ url: receiver.url, schedule: [60] });
  const spoil = (kind: string) =>
    world.database.run(`test-kind-${kind}`, "update endpoint_secrets set kind = $1 where endpoint_id = $2", [
      kind,
      id,
    ]);
  await world.database.run("test-signing", "update endpoints set signing = 'both' where id = $1", [id]);
  await spoil("ed25519");
  await world.work();
  await world.fire(world.alerts(9));
  const rows = await world.until((all) => all.every((row) => row.attempts.length === 1));
  expect(new Set(rows.map((row) => row.attempts[0]?.code))).toEqual(new Set(["not_writable"]));
  expect(rows.map(({ state, step }) => `${state} ${step}`)).toEqual(Array(9).fill("waiting 1"));
  expect(await world.lane(id)).toMatchObject({ failures: 0, failing_since: null });
  await spoil("symmetric");
  await world.skipWaits();
  await world.until((all) => all.every((row) => row.state === "delivered"));
});

test("one row that the database refuses does not keep the results of others from being written", async () => {
  await world.endpoint({ url: receiver.url, concurrency: 20 });
  await world.database.run(
    "test-refusal",
    `create function refuse() returns trigger language plpgsql as $$ begin
       if new.attempts::text like '%poison%' then raise exception using errcode = '22P05'; end if;
       return new; end $$`,
  );
  await world.database.run(
    "test-refuse",
    "create trigger refuse before update on deliveries for each row execute function refuse()",
  );
  receiver.answer = ({ body }, response) => void response.end(body.includes('"n3"') ? "poison" : "fine");
  await world.work();
  await world.fire(world.alerts(10));
  const rows = await world.until((all) => all.every((row) => row.state === "delivered"));
  expect(rows.filter((row) => row.attempts[0]?.response === null)).toHaveLength(1);
  expect(receiver.requests).toHaveLength(10);
});

test("a clock of ours that is wrong, or jumps, changes neither timestamps nor waits", async () => {
  await world.endpoint({ url: receiver.url, schedule: [5] });
  receiver.answer = (_received, response) => void response.writeHead(500).end();
  const alerts = world.alerts(2);
  const right = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: right + 600_000 });
  await world.work();
  for (const [index, jump] of [600_000, -86_400_000].entries()) {
    vi.setSystemTime(right + jump);
    await world.fire(alerts.slice(index, index + 1));
    await receiver.received(index + 1);
  }
  const rows = await world.until((all) => all.length === 2 && all.every((row) => row.attempts.length === 1));
  for (const { headers } of receiver.requests) {
    expect(Math.abs(Number(headers["webhook-timestamp"]) - right / 1_000)).toBeLessThan(20);
  }
  for (const { waitSeconds } of rows) {
    expect(waitSeconds).toBeGreaterThan(3);
    expect(waitSeconds).toBeLessThan(5.6);
  }
});

/** An address where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `http://127.0.0.1:${port}/hook`;
}

test("when nobody at all is reached the fault is ours, and no try counts", async () => {
  const dead = await Promise.all([deadUrl(), deadUrl(), deadUrl()]);
  for (const url of dead) await world.endpoint({ url, schedule: [3_600] });
  await world.work();
  await world.fire();
  await world.until((rows) => rows.every((row) => row.attempts.length > 0));
  const late = await world.endpoint({ url: await deadUrl() });
  await world.fire();
  // Nothing is tried but for a look now and then.
  expect((await world.deliveries(late.id)).every((row) => row.attempts.length === 0)).toBe(true);
  expect(world.caller.egress.isDown(performance.now())).toBe(true);
  const [told] = (await world.deliveries()).filter((row) => row.attempts[0]?.code === "egress_down");
  expect(told).toMatchObject({ state: "waiting", step: 0, attempts: [{ fault: "ours" }] });
});

test("endpoints that are always dead are not taken for the end of our network", async () => {
  for (let i = 0; i < 4; i++) await world.endpoint({ url: await deadUrl(), types: ["alert"] });
  const other = world.alerts(1).map((event) => ({ ...event, type: "message.received" as const }));
  await world.endpoint({ url: receiver.url, types: ["message.*"] });
  await world.database.run("test-dead", "update hook_lanes set failures = 3, failed_several = true");
  await world.work();
  await world.fire();
  const rows = await world.until((all) => all.length === 4 && all.every((row) => row.attempts.length > 0));
  expect(new Set(rows.map((row) => row.attempts[0]?.code))).toEqual(new Set(["connection"]));
  expect(world.caller.egress.isDown(performance.now())).toBe(false);
  await world.fire(other as never);
  await receiver.received(1);
});
