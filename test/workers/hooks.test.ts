import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HubEvent } from "../../src/domain/events.ts";
import { idAt } from "../../src/domain/ids.ts";
import { purgeOld } from "../../src/store/retention.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
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

const isDone = (state: string) => (rows: { state: string }[]) =>
  rows.length > 0 && rows.every((row) => row.state === state);

test("an event reaches its endpoint, signed, once", async () => {
  const { secret } = await world.endpoint({ url: receiver.url });
  await world.work();
  const [event] = await world.fire();
  const [request] = await receiver.received(1);
  const told = new Webhook(secret).verify(request?.body ?? "", request?.headers ?? {}) as { id: string };
  expect(told.id).toBe(event?.id);
  expect(request?.headers["webhook-id"]).toBe(event?.id);
  expect(request?.headers["x-signalbox-attempt"]).toBe("1");
  const [row] = await world.until(isDone("delivered"));
  expect(row?.attempts).toMatchObject([{ kind: "first", code: "ok", status: 204, number: 1 }]);
  expect(receiver.requests).toHaveLength(1);
});

test("only the types an endpoint asked for, and nothing before it was there", async () => {
  await world.fire();
  await world.endpoint({ url: receiver.url, types: ["message.*"] });
  const all = await world.endpoint({ url: receiver.url });
  await world.fire();
  const rows = await world.deliveries();
  expect(rows.map((row) => row.endpointId)).toEqual([all.id]);
});

test("a failing endpoint is tried again on schedule with the same id and bytes", async () => {
  await world.endpoint({ url: receiver.url, schedule: [5, 60] });
  receiver.answer = (_received, response) => void response.writeHead(500).end("no");
  await world.work();
  await world.fire();
  const [once] = await world.until(([row]) => row?.attempts.length === 1);
  expect(once).toMatchObject({ state: "waiting", step: 1 });
  expect(once?.waitSeconds).toBeGreaterThan(4);
  expect(once?.waitSeconds).toBeLessThan(5.6);
  await world.skipWaits();
  await world.until(([row]) => row?.attempts.length === 2);
  await world.skipWaits();
  const [last] = await world.until(isDone("exhausted"));
  expect(last?.attempts.map((one) => [one.kind, one.code])).toEqual([
    ["first", "server_error"],
    ["retry", "server_error"],
    ["retry", "server_error"],
  ]);
  const [first, ...others] = receiver.requests;
  for (const other of others) {
    expect(other.body).toBe(first?.body);
    expect(other.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  }
});

test("five failures of several deliveries open the breaker; one probe at a time closes it", async () => {
  const { id } = await world.endpoint({ url: receiver.url, concurrency: 1 });
  let up = false;
  receiver.answer = (_received, response) => void response.writeHead(up ? 200 : 500).end();
  await world.work();
  await world.fire(world.alerts(12));
  await world.until((rows) => rows.flatMap((row) => row.attempts).length === 5);
  const opened = await world.lane(id);
  expect(opened).toMatchObject({ pause_reason: "breaker", failures: 5, half_open: true });
  expect(receiver.requests).toHaveLength(5);

  await world.skipWaits();
  const rows = await world.until((all) => all.flatMap((row) => row.attempts).length === 6);
  const probe = rows.flatMap((row) => row.attempts).find((attempt) => attempt.kind === "probe");
  expect(probe).toMatchObject({ code: "server_error", decision: "probe failed; no try counted" });
  expect((await world.lane(id)).breaker_level).toBe(2);

  up = true;
  await world.skipWaits();
  await world.until(isDone("delivered"));
  expect(await world.lane(id)).toMatchObject({ failures: 0, breaker_level: 0, paused_until: null });
});

test("one poisonous body does not stop its lane", async () => {
  const { id } = await world.endpoint({ url: receiver.url, schedule: Array(6).fill(3_600) });
  receiver.answer = ({ body }, response) => void response.writeHead(body.includes('"n0"') ? 500 : 200).end();
  await world.work();
  await world.fire(world.alerts(1));
  for (let tries = 1; tries <= 7; tries++) {
    await world.until(([row]) => row?.attempts.length === tries);
    await world.skipWaits();
  }
  await world.until(([row]) => row?.state === "exhausted");
  expect((await world.lane(id)).pause_reason).toBeNull();
  await world.fire(world.alerts(3).slice(1));
  await world.until((rows) => rows.slice(1).every((row) => row.state === "delivered"));
});

test("410 disables the endpoint at once and keeps what waits", async () => {
  const { id } = await world.endpoint({ url: receiver.url, concurrency: 1 });
  const other = await startReceiver();
  await world.endpoint({ url: other.url, types: ["endpoint.*"] });
  receiver.answer = (_received, response) => void response.writeHead(410).end();
  await world.work();
  await world.fire(world.alerts(5));
  const [notice] = await other.received(1);
  expect(JSON.parse(notice?.body ?? "")).toMatchObject({
    type: "endpoint.disabled",
    data: { endpointId: id, reason: "gone" },
  });
  const rows = await world.deliveries(id);
  expect(rows.map((row) => row.state)).toEqual(Array(5).fill("held"));
  expect(receiver.requests.length).toBeLessThanOrEqual(2);
  await world.fire(world.alerts(1));
  expect((await world.deliveries(id)).at(-1)?.state).toBe("held");
  await other.close();
});

test("429 pauses the lane for as long as it says and costs no try", async () => {
  const { id } = await world.endpoint({ url: receiver.url, concurrency: 1 });
  receiver.answer = (_received, response) => void response.writeHead(429, { "retry-after": "120" }).end();
  await world.work();
  await world.fire(world.alerts(3));
  await world.until((rows) => rows.some((row) => row.attempts.length > 0));
  const [tried] = (await world.deliveries()).filter((row) => row.attempts.length > 0);
  expect(tried).toMatchObject({ state: "waiting", step: 0 });
  const { paused_until } = await world.lane(id);
  expect(new Date(paused_until as string).getTime() - Date.now()).toBeGreaterThan(110_000);
  expect(receiver.requests).toHaveLength(1);
});

test("a redirect is not followed and says where it points", async () => {
  const target = await startReceiver();
  await world.endpoint({ url: receiver.url });
  receiver.answer = (_received, response) => void response.writeHead(307, { location: target.url }).end();
  await world.work();
  await world.fire();
  const [row] = await world.until(([one]) => one?.attempts.length === 1);
  expect(row?.attempts[0]).toMatchObject({ code: "redirect", status: 307 });
  expect(String(row?.attempts[0]?.text)).toContain("change the URL");
  expect(target.requests).toHaveLength(0);
  await target.close();
});

test("an endpoint that never answers, or answers byte by byte, ends at its limits", async () => {
  const silent = await world.endpoint({ url: receiver.url, timeoutMs: 300 });
  const slow = await startReceiver();
  const slowEndpoint = await world.endpoint({ url: slow.url, timeoutMs: 300 });
  receiver.answer = () => undefined;
  slow.answer = (_received, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("x"), 200);
    response.on("close", () => clearInterval(timer));
  };
  await world.work();
  await world.fire();
  const rows = await world.until((all) => all.every((row) => row.attempts.length === 1));
  const of = (id: string) => rows.find((row) => row.endpointId === id);
  expect(of(silent.id)).toMatchObject({ state: "waiting", attempts: [{ code: "timeout_total" }] });
  expect(of(slowEndpoint.id)).toMatchObject({ state: "delivered" });
  expect(Number(of(slowEndpoint.id)?.attempts[0]?.ms)).toBeLessThan(3_000);
  await slow.close();
});

test("an endless answer is cut off and counts as delivered", async () => {
  await world.endpoint({ url: receiver.url });
  receiver.answer = (_received, response) => {
    response.writeHead(200, { "content-length": 10_000_000_000 });
    const piece = Buffer.alloc(64 * 1024, "x");
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  };
  await world.work();
  await world.fire();
  const [row] = await world.until(isDone("delivered"));
  const response = row?.attempts[0]?.response as { body: string };
  expect(response.body.length).toBeLessThanOrEqual(4_096);
});

test("two workers share the work and nothing is sent twice", async () => {
  for (let i = 0; i < 10; i++) await world.endpoint({ url: receiver.url });
  await world.work();
  await world.work();
  await world.fire(world.alerts(40));
  await world.until((rows) => rows.length === 400 && rows.every((row) => row.state === "delivered"));
  const keys = receiver.requests.map((one) => `${one.headers["webhook-signature"]}`);
  expect(receiver.requests).toHaveLength(400);
  expect(new Set(keys).size).toBe(400);
});

test("what a dead process held is sent again with the same id, no try counted", async () => {
  const { id } = await world.endpoint({ url: receiver.url, timeoutMs: 20_000 });
  receiver.answer = () => undefined;
  const first = await world.work();
  await world.fire();
  await receiver.received(1);
  await first.kill();
  receiver.answer = (_received, response) => void response.writeHead(200).end();
  await world.work();
  await receiver.received(2);
  const [row] = await world.until(isDone("delivered"));
  expect(row?.attempts.map((one) => one.code)).toEqual(["interrupted", "ok"]);
  const [one, two] = receiver.requests;
  expect(two?.headers["webhook-id"]).toBe(one?.headers["webhook-id"]);
  expect(two?.body).toBe(one?.body);
  expect((await world.lane(id)).failures).toBe(0);
});

test("a dead endpoint does not keep others waiting", async () => {
  const dead = await world.endpoint({ url: receiver.url, timeoutMs: 30_000 });
  receiver.answer = () => undefined;
  const healthy = await startReceiver();
  await world.endpoint({ url: healthy.url });
  await world.work();
  await world.fire(world.alerts(50));
  await healthy.received(50);
  expect(receiver.requests.length).toBeLessThanOrEqual(8);
  expect((await world.deliveries(dead.id)).every((row) => row.state !== "delivered")).toBe(true);
  await healthy.close();
});

test("an ordered endpoint gets one after the other, numbered, and stops at what fails", async () => {
  await world.endpoint({ url: receiver.url, ordering: "endpoint", schedule: [3_600] });
  let failsOnce = true;
  receiver.answer = ({ body }, response) => {
    const fails = failsOnce && body.includes('"n2"');
    if (fails) failsOnce = false;
    response.writeHead(fails ? 500 : 200).end();
  };
  await world.work();
  await world.fire(world.alerts(5));
  await receiver.received(3);
  await world.until((rows) => rows[2]?.attempts.length === 1);
  await world.skipWaits();
  await world.until(isDone("delivered"));
  const texts = receiver.requests.map(({ body }) => JSON.parse(body).data.text);
  expect(texts).toEqual(["n0", "n1", "n2", "n2", "n3", "n4"]);
  expect(receiver.requests.map(({ headers }) => headers["x-signalbox-sequence"])).toEqual([
    "1",
    "2",
    "3",
    "3",
    "4",
    "5",
  ]);
});

test("a delivery whose event is no longer kept ends, and holds nobody up", async () => {
  await world.endpoint({ url: receiver.url });
  const [gone] = await world.fire();
  await world.fire();
  await world.database.run("test-gone", "delete from events where id = $1", [gone?.id]);
  await world.work();
  const rows = await world.until((all) =>
    all.every((row) => row.state !== "waiting" && row.state !== "sending"),
  );
  expect(rows.map((row) => row.state)).toEqual(["cancelled", "delivered"]);
});

test("old deliveries go, and what was said in those that ended goes sooner", async () => {
  await world.endpoint({ url: receiver.url, format: "mobile-api-connect" });
  const events = world.alerts(3).map((event, i) => {
    const days = [31, 8, 1][i] ?? 0;
    return { ...event, id: `${idAt("evt", Date.now() - days * 86_400_000)}0000abcdefghjkmn` };
  });
  await world.fire(events as HubEvent[]);
  await world.work();
  await world.until(isDone("cancelled"));
  await world.database.run("test-body", "update deliveries set body = 'x', attempts = '[{\"response\":{}}]'");
  await purgeOld(world.database, () => false);
  const rows = await world.deliveries();
  expect(rows.map(({ body, attempts }) => ({ body, attempts }))).toEqual([
    { body: null, attempts: [{}] },
    { body: "x", attempts: [{ response: {} }] },
  ]);
});

test("what was made as held while somebody enabled the endpoint goes out all the same", async () => {
  await world.endpoint({ url: receiver.url });
  await world.fire();
  await world.database.run("test-stray", "update hook_queue set state = 'held'");
  await world.work();
  await world.until(isDone("delivered"));
});
