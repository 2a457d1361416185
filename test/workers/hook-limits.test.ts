import { afterEach, beforeEach, expect, test } from "vitest";
import type { HubEvent } from "../../src/domain/events.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** Deliveries that would go on for ever, or stand in the way of others for ever. */

let world: HookWorld;
let receiver: Receiver;

beforeEach(async () => {
  world = await openHookWorld();
  receiver = await startReceiver();
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

let statements = 0;
const sql = (text: string, values: unknown[] = []) =>
  world.database.run(`limits-${++statements}`, text, values);

test("one body that nobody takes does not keep a lane shut: each probe is another delivery", async () => {
  await world.endpoint({ url: receiver.url });
  receiver.answer = ({ body }, response) => void response.writeHead(body.includes('"n0"') ? 500 : 200).end();
  const [poison, ...released] = await world.fire(world.alerts(4));
  // As it is when an endpoint was enabled again: what was held comes after what is new.
  await sql("update hook_queue set priority = 2 where id <> (select min(id) from hook_queue)");
  await sql("update hook_lanes set half_open = true, failures = 5, failed_several = true");
  await sql("update hook_queue set next_at = now() - interval '1 minute' where priority = 0");
  await world.work();
  await world.until((rows) => rows.some((row) => row.attempts.length > 0));
  await sql("update hook_lanes set paused_until = now() where paused_until > now()");
  const ids = new Set(released.map((event) => event.id));
  const rows = await world.until((all) => all.filter((row) => row.state === "delivered").length === 3);
  expect(new Set(rows.filter((row) => row.state === "delivered").map((row) => row.eventId))).toEqual(ids);
  expect(rows.find((row) => row.eventId === poison?.id)?.state).not.toBe("delivered");
});

test("an endpoint that puts us off for days has no log without end; tries are numbered on", async () => {
  await world.endpoint({ url: receiver.url });
  receiver.answer = (_received, response) => void response.writeHead(429, { "retry-after": "1" }).end();
  await world.fire();
  await sql(
    `update deliveries set attempts =
       (select jsonb_agg(jsonb_build_object('number', i, 'code', 'throttled')) from generate_series(1, 100) i)`,
  );
  await world.work();
  const last = (rows: { attempts: Record<string, unknown>[] }[]) => rows[0]?.attempts.at(-1)?.number;
  await world.until((rows) => last(rows) === 101);
  await world.skipWaits();
  const [row] = await world.until((rows) => last(rows) === 102);
  const numbers = row?.attempts.map((one) => one.number) ?? [];
  expect(numbers).toHaveLength(100);
  expect([numbers[0], numbers[19], numbers[20]]).toEqual([1, 20, 23]);
  expect(receiver.requests.map(({ headers }) => headers["x-signalbox-attempt"])).toEqual(["101", "102"]);
});

/** A callback of a text of its own at an address of its own, and the event that it hears of. */
async function callback(endpointId: string, message: string, path: string): Promise<HubEvent> {
  await sql(
    "insert into message_callbacks (tenant_id, message_id, endpoint_id, url) values ($1, $2, $3, $4)",
    [world.tenantId, message, endpointId, `${receiver.url}/${path}`],
  );
  const [event] = world.alerts(1);
  return { ...event, type: "message.sent", data: { message: { id: message } } } as unknown as HubEvent;
}

test("a callback address that is gone ends its delivery, and those beside it go on", async () => {
  const { id } = await world.endpoint({ url: receiver.url, source: "callback", sourceId: "origin" });
  receiver.answer = ({ path }, response) => void response.writeHead(path.endsWith("/gone") ? 410 : 204).end();
  await world.work();
  await world.fire([await callback(id, "msg_1", "gone"), await callback(id, "msg_2", "here")]);
  const rows = await world.until((all) =>
    all.every((row) => row.state === "exhausted" || row.state === "delivered"),
  );
  const gone = rows.find((row) => row.state === "exhausted");
  expect(gone?.attempts).toMatchObject([{ code: "gone", status: 410 }]);
  expect(gone?.attempts[0]?.decision).toContain("gone for good");
  expect(rows.filter((row) => row.state === "delivered")).toHaveLength(1);
  expect(await world.lane(id)).toMatchObject({ is_open: true, failures: 0 });
  await world.fire([await callback(id, "msg_3", "here")]);
  await world.until((all) => all.filter((row) => row.state === "delivered").length === 2);
});

test("five days of failure of callbacks disable nothing; an endpoint of its own is disabled", async () => {
  const shared = await world.endpoint({ url: receiver.url, source: "callback", sourceId: "origin" });
  const own = await world.endpoint({ url: receiver.url, types: ["alert"] });
  receiver.answer = (_received, response) => void response.writeHead(500).end();
  await sql(`update hook_lanes set failing_since = now() - interval '6 days', failing_ms = 6 * 86400000.0,
    failed_attempts = 200, failed_days = 6, last_failed_at = now() - interval '30 minutes'`);
  await world.work();
  await world.fire([await callback(shared.id, "msg_1", "x"), ...world.alerts(1)]);
  await world.until((rows) => rows.every((row) => row.attempts.length > 0));
  expect(await world.lane(shared.id)).toMatchObject({ is_open: true });
  expect(await world.lane(own.id)).toMatchObject({ is_open: false });
  const byState = new Map((await world.deliveries()).map((row) => [row.endpointId, row.state]));
  expect([byState.get(shared.id), byState.get(own.id)]).toEqual(["waiting", "held"]);
});

test("five days count only where we tried; what was counted is kept with the lane", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  receiver.answer = (_received, response) => void response.writeHead(500).end();
  const dayMs = 86_400_000;
  // Failing for six days, but for the last three of them nothing was tried: we were away.
  await sql(
    `update hook_lanes set failing_since = now() - interval '6 days', failing_ms = 3 * ${dayMs}.0,
       failed_attempts = 200, failed_days = 6, last_failed_at = now() - interval '3 days'`,
  );
  await world.work();
  await world.fire();
  await world.until((rows) => rows.every((row) => row.attempts.length > 0));
  expect(await world.lane(id)).toMatchObject({ is_open: true, failing_ms: 3 * dayMs, failed_attempts: 201 });
  await sql(
    `update hook_lanes set failing_ms = 5 * ${dayMs}.0 - 600000, last_failed_at = now() - interval '11 minutes'`,
  );
  await world.skipWaits();
  await world.until((rows) => rows.every((row) => row.state === "held"));
  expect(await world.lane(id)).toMatchObject({ is_open: false });
});
