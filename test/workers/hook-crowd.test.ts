import { afterEach, beforeEach, expect, test } from "vitest";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** Many endpoints: what bad ones, and one with very much to do, mean to the others. */

let world: HookWorld;
let receivers: Receiver[];

beforeEach(async () => {
  world = await openHookWorld();
  receivers = [];
});
afterEach(async () => {
  await world.close();
  for (const receiver of receivers) await receiver.close();
});

async function open(): Promise<Receiver> {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return receiver;
}

/** Half of the sockets of a process: what dead and slow endpoints may hold together. */
const BULKHEAD = 128;

test("dead and slow endpoints, however many, hold their part of the sockets; the others get theirs at once", async () => {
  const healthy = await open();
  for (let i = 0; i < 10; i++) await world.endpoint({ url: healthy.url });
  const worker = await world.work();
  await world.fire();
  await world.until((rows) => rows.every((row) => row.state === "delivered"));
  // A lane that is well is noted once a second; until then nobody knows it.
  await world.database.run("crowd-known", "update hook_lanes set last_success_at = now(), typical_ms = 1");

  const bad = await open();
  let now = 0;
  let most = 0;
  bad.answer = ({ path }, response) => {
    now += 1;
    most = Math.max(most, now);
    response.on("close", () => {
      now -= 1;
    });
    if (path.includes("slow")) setTimeout(() => response.writeHead(204).end(), 3_000);
  };
  for (let i = 0; i < 60; i++) {
    await world.endpoint({ url: `${bad.url}/dead`, timeoutMs: 30_000 });
    await world.endpoint({ url: `${bad.url}/slow`, timeoutMs: 30_000 });
  }
  await world.fire(world.alerts(5));
  await healthy.received(10 + 50);
  // Every one of the others has come while the bad ones still hang.
  expect(now).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(BULKHEAD);
  await world.fire(world.alerts(5));
  await healthy.received(10 + 100);
  expect(most).toBeLessThanOrEqual(BULKHEAD);
  await worker.hooks.stop(0);
});

test("a backlog beside them delays nobody: those with one delivery each go first or along", async () => {
  const BACKLOG = 20_000;
  const busy = await open();
  const quiet = await open();
  const full = await world.endpoint({ url: busy.url });
  const [event] = await world.fire();
  await world.database.run(
    "crowd-backlog",
    `with made as (
       insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type)
       select $1, 'dlv_' || lpad(i::text, 12, '0'), $2, $3, 'alert' from generate_series(1, ${BACKLOG}) i returning id)
     insert into hook_queue (id, tenant_id, endpoint_id, state) select id, $1, $2, 'waiting' from made`,
    [world.tenantId, full.id, event?.id],
  );
  for (let i = 0; i < 99; i++) await world.endpoint({ url: quiet.url, types: ["message.*"] });
  await world.work();
  await busy.received(50);
  const others = world.alerts(1).map((one) => ({ ...one, type: "message.received" as const }));
  const before = busy.requests.length;
  await world.fire(others as never);
  await quiet.received(99);
  expect(busy.requests.length - before).toBeLessThan(BACKLOG / 10);
});
