import { afterEach, beforeEach, expect, test } from "vitest";
import type { HubEvent } from "../../src/domain/events.ts";
import { newId } from "../../src/domain/ids.ts";
import { cancelReplay, insertReplay, replayById } from "../../src/store/replay-rows.ts";
import { lockReplay, queueReplayPage } from "../../src/store/replays.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import { until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

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

async function replay(
  endpointId: string,
  rate = 1_000,
  states: "all" | "exhausted" = "all",
): Promise<string> {
  const id = newId("rpl");
  const since = new Date(Date.now() - 3_600_000);
  const until = new Date(Date.now() + 3_600_000);
  const { tenantId } = world;
  await world.database.transact((tx) =>
    insertReplay(tx, { id, tenantId, endpointId, since, until, types: ["*"], states, rate }),
  );
  return id;
}

const progress = (id: string) => replayById(world.database, world.tenantId, id);
const ended = (id: string) =>
  until(`the end of ${id}`, async () => {
    const row = await progress(id);
    return row !== null && row.state !== "running" && row.waiting === 0 && row;
  });

/** The page that a worker would queue next. */
async function queueNext(page: number): Promise<number> {
  return world.database.transact(async (tx) => {
    const running = await lockReplay(tx, "");
    return running ? queueReplayPage(tx, running, page) : 0;
  });
}

test("one whose endpoint is dead keeps no other waiting", async () => {
  const dead = await world.endpoint({ url: "http://127.0.0.1:9/" });
  await world.fire(world.alerts(60));
  await world.database.run("test-paused", "update hook_lanes set paused_until = now() + interval '1 day'");
  await replay(dead.id, 10);
  const { id } = await world.endpoint({ url: receiver.url });
  const second = await replay(id);
  await world.work();
  expect(await ended(second)).toMatchObject({ state: "done", queued: 60, delivered: 60 });
});

test("what waits for its own retry does not hold up the rest", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  await world.fire(world.alerts(60));
  await world.database.run(
    "test-later",
    "update hook_queue set priority = 2, next_at = now() + interval '5 hours', step = 3",
  );
  await world.fire(world.alerts(3));
  const one = await replay(id, 20);
  await world.work();
  await until("everything to be queued", async () => (await progress(one))?.state === "done");
});

test("stopped at any point it goes on from there: every event once", async () => {
  const { id } = await world.endpoint({ url: receiver.url, types: ["alert"] });
  const events = await world.fire(world.alerts(200));
  await world.database.run("test-none", "delete from hook_queue");
  const one = await replay(id, 10);
  const sizes: number[] = [];
  for (let i = 0; i < 3; i++) sizes.push(await queueNext(20));
  // The page that a process died over is done again; its rows are there already.
  await world.database.run(
    "test-back",
    "update replays set cursor_id = (select min(event_id) from deliveries)",
  );
  sizes.push(await queueNext(20));
  expect(sizes).toEqual([20, 20, 20, 20]);
  await world.database.run("test-rate", "update replays set rate = 1000");
  await world.database.run("test-now", "update hook_queue set next_at = now()");
  const first = await world.work();
  await receiver.received(70);
  await first.hooks.stop(1_000);
  await world.work();
  const done = await ended(one);
  expect(done).toMatchObject({ state: "done", matched: 200, delivered: 200 });
  const ids = receiver.requests.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids)).toEqual(new Set(events.map((event) => event.id)));
  expect(ids).toHaveLength(200);
});

test("its rate holds from page to page", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  await world.fire(world.alerts(6));
  await world.database.run("test-none", "delete from hook_queue");
  await replay(id, 0.5);
  for (let i = 0; i < 3; i++) await queueNext(2);
  const rows = await world.deliveries(id);
  const waits = rows.flatMap((row) => row.waitSeconds ?? []).sort((a, b) => a - b);
  const steps = waits.slice(1).map((wait, i) => Math.round(wait - (waits[i] ?? 0)));
  expect(steps).toEqual([2, 2, 2, 2, 2]);
});

test("cancelled, nothing of it is left, also not of a page that is just being queued", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  await world.fire(world.alerts(5));
  await world.database.run("test-none", "delete from hook_queue");
  const one = await replay(id, 10);
  let cancelled: Promise<boolean> | undefined;
  await world.database.transact(async (tx) => {
    const running = await lockReplay(tx, "");
    if (running) await queueReplayPage(tx, running, 5);
    cancelled = world.database.transact((other) => cancelReplay(other, world.tenantId, one));
    await until("the cancel to wait for the page", async () => {
      const rows = await world.database.run("test-locks", "select 1 from pg_locks where not granted");
      return rows.length > 0;
    });
  });
  expect(await cancelled).toBe(true);
  expect(await progress(one)).toMatchObject({ state: "cancelled", queued: 5, waiting: 0 });
});

function received(channelId: string, id: string): HubEvent {
  const [event] = world.alerts(1);
  const data = { message: { id, channelId, from: "+14155550101", to: "+14155550100" } };
  return { ...event, type: "message.received", data } as unknown as HubEvent;
}

test("an endpoint for some channels hears of no others", async () => {
  const { id } = await world.endpoint({ url: receiver.url, channelIds: ["chn_1"] });
  await world.fire([received("chn_1", "msg_1"), received("chn_2", "msg_2")]);
  const one = await replay(id);
  await world.work();
  expect(await ended(one)).toMatchObject({ matched: 1, queued: 1 });
});

test("what hears of chosen texts only gets those again, at the address of each", async () => {
  const callback = await world.endpoint({ url: receiver.url, source: "callback", sourceId: "x" });
  const sent = (id: string) => ({ ...received("chn_1", id), type: "message.sent" }) as HubEvent;
  await world.database.run(
    "test-callback",
    "insert into message_callbacks (tenant_id, message_id, endpoint_id, url) values ($1, 'msg_1', $2, $3)",
    [world.tenantId, callback.id, `${receiver.url}/mine`],
  );
  await world.fire([sent("msg_1"), sent("msg_2")]);
  await world.database.run("test-none", "delete from hook_queue");
  const one = await replay(callback.id);
  await world.work();
  expect(await ended(one)).toMatchObject({ matched: 1, delivered: 1 });
  expect(receiver.requests.map(({ path }) => path)).toEqual(["/hook/mine"]);
});

test("killed three times and then cancelled, its counters add up and nothing of it is left", async () => {
  const { id } = await world.endpoint({ url: receiver.url });
  const live = await world.endpoint({ url: receiver.url, types: ["message.*"] });
  await world.fire(world.alerts(600));
  await world.database.run("test-none", "delete from hook_queue");
  const one = await replay(id, 60);
  for (let kill = 0; kill < 3; kill++) {
    const worker = await world.work();
    await receiver.received((kill + 1) * 20);
    await worker.kill();
    await worker.hooks.stop(0);
  }
  await world.work();
  await receiver.received(100);
  const [event] = world.alerts(1);
  await world.fire([{ ...event, type: "message.received" } as HubEvent]);
  // What is new does not wait for the rest of it.
  await world.until((rows) => rows.some((row) => row.endpointId === live.id && row.state === "delivered"));
  await world.database.transact((tx) => cancelReplay(tx, world.tenantId, one));
  const [row] = await world.database.run<{ queued: number; delivered: number; cancelled: number }>(
    "test-states",
    `select r.queued, count(*) filter (where d.state = 'delivered')::int as delivered,
       count(*) filter (where d.state in ('cancelled', 'open'))::int as cancelled
     from replays r join deliveries d on d.origin = r.id where r.id = $1 group by 1`,
    [one],
  );
  expect(row?.queued).toBeLessThan(600);
  expect((row?.delivered ?? 0) + (row?.cancelled ?? 0)).toBe(row?.queued);
  await until("what was under way to end", async () => {
    const now = await progress(one);
    return now?.waiting === 0 && now.state === "cancelled" && now.failed === 0;
  });
});
