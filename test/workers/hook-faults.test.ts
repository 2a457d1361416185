import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noteCall } from "../../src/delivery/hooks/egress.ts";
import { allowedOverlap } from "../../src/delivery/hooks/lane-state.ts";
import { claimHooks } from "../../src/store/hook-claim.ts";
import type { DeliveryRow, HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** Faults of processes and networks, and what a receiver sees of them. */

let world: HookWorld;
let receiver: Receiver;

beforeEach(async () => {
  world = await openHookWorld();
  receiver = await startReceiver();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
  await receiver.close();
});

let statements = 0;
const sql = (text: string, values: unknown[] = []) =>
  world.database.run(`faults-${++statements}`, text, values);

const allAre = (state: string) => (rows: DeliveryRow[]) =>
  rows.length > 0 && rows.every((row) => row.state === state);

test("what was committed before anybody was told leaves as soon as a worker starts", async () => {
  await world.endpoint({ url: receiver.url });
  const [event] = await world.fire();
  await world.work();
  const began = performance.now();
  const [request] = await receiver.received(1);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(request?.headers["webhook-id"]).toBe(event?.id);
});

test("claimed by a process that died before it called anybody: sent once, and no try is lost", async () => {
  await world.endpoint({ url: receiver.url });
  await world.fire(world.alerts(3));
  const limits = { most: 256, fullLanes: [], mostFailing: 64, mostWeak: 128, mostOfTenant: 256 };
  const { flights } = await claimHooks(
    world.database,
    "dead",
    "claim",
    { ...limits, ofTenant: new Map() },
    allowedOverlap,
  );
  expect(flights).toHaveLength(3);
  await world.work();
  const rows = await world.until(allAre("delivered"));
  for (const row of rows) expect(row.attempts.map((one) => one.code)).toEqual(["interrupted", "ok"]);
  expect(new Set(rows.flatMap((row) => row.attempts.map((one) => one.number)))).toEqual(new Set([1, 2]));
  expect(receiver.requests).toHaveLength(3);
});

test("a process that slept past its lease changes nothing with what it heard then", async () => {
  await world.endpoint({ url: receiver.url, timeoutMs: 20_000 });
  let answerTheFirst: () => void = () => undefined;
  receiver.answer = (_received, response) => {
    if (receiver.requests.length > 1) response.writeHead(204).end();
    else answerTheFirst = () => void response.writeHead(500).end();
  };
  await world.work();
  await world.work();
  await world.fire();
  await receiver.received(1);
  await sql("update hook_queue set lease_until = now()");
  await world.until(allAre("delivered"));
  answerTheFirst();
  const [row] = await world.until(([one]) => one?.attempts.some((attempt) => attempt.late) === true);
  expect(row?.state).toBe("delivered");
  expect(row?.attempts.map(({ code, late }) => [code, late])).toEqual([
    ["interrupted", undefined],
    ["ok", undefined],
    ["server_error", true],
  ]);
  const [one, two] = receiver.requests;
  expect(two?.headers["webhook-id"]).toBe(one?.headers["webhook-id"]);
});

/** As after days of failure: paused again and again, with everything still waiting. */
const DOWN_FOR_DAYS = `update hook_lanes set failures = 190, failed_several = true, breaker_level = 7, half_open = true,
  ramp = 1, paused_until = now(), paused_since = now() - interval '4 days', pause_reason = 'breaker',
  failing_since = now() - interval '4 days', failing_ms = 345600000, failed_attempts = 190, failed_days = 5,
  last_failed_at = now() - interval '30 minutes'`;

test("down for four days, then up: nothing is lost, and it is not run over", async () => {
  const COUNT = 60;
  const { id } = await world.endpoint({ url: receiver.url, concurrency: 4, rate: 20 });
  await world.fire(world.alerts(COUNT));
  await sql("update hook_queue set step = 5, created_at = now() - interval '4 days'");
  await sql(DOWN_FOR_DAYS);
  let now = 0;
  let answered = 0;
  const overlaps: { answered: number; now: number }[] = [];
  receiver.answer = (_received, response) => {
    now += 1;
    overlaps.push({ answered, now });
    setTimeout(() => {
      now -= 1;
      answered += 1;
      response.writeHead(204).end();
    }, 15);
  };
  await world.work();
  const began = performance.now();
  await world.until(allAre("delivered"));
  // Forty at once is its burst, the rest twenty a second.
  expect(performance.now() - began).toBeGreaterThan(900);
  expect(receiver.requests).toHaveLength(COUNT);
  for (const one of overlaps) expect(one.now).toBeLessThanOrEqual(Math.min(4, one.answered + 1));
  expect(await world.lane(id)).toMatchObject({ failing_since: null, failing_ms: 0, paused_until: null });
});

test("down for four days, then up, in order", async () => {
  await world.endpoint({ url: receiver.url, ordering: "endpoint" });
  await world.fire(world.alerts(12));
  await sql(DOWN_FOR_DAYS);
  await world.work();
  const rows = await world.until(allAre("delivered"));
  const ids = receiver.requests.map(({ headers }) => headers["webhook-id"]);
  expect(ids).toEqual(rows.map((row) => row.eventId));
});

test("our network is cut: nobody pays for it, one line tells it, and everything leaves when it is back", async () => {
  const HOSTS = 6;
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const { call } = world.caller;
  let isCut = true;
  world.caller.call = async (request) =>
    isCut ? { ok: false, reached: false, code: "connect_timeout", text: "" } : call(request);
  const { port } = new URL(receiver.url);
  for (let host = 1; host <= HOSTS; host++) await world.endpoint({ url: `http://127.0.0.${host}:${port}/` });
  await world.work();
  await world.fire(world.alerts(5));
  await world.until(() => world.caller.egress.isDown(performance.now()));
  const rows = await world.until((all) => all.every((row) => row.state === "waiting"));
  // Two hosts say nothing yet; from the third on the fault is ours.
  expect(rows.filter((row) => (row.step ?? 0) > 0).length).toBeLessThanOrEqual(16);
  const lanes = await sql("select 1 from hook_lanes where pause_reason = 'breaker'");
  expect(lanes).toEqual([]);
  const told = () => log.mock.calls.filter(([line]) => String(line).includes("our own network is down"));
  await expect.poll(() => told().length).toBe(1);
  // Its only address is 127.0.0.1: the other hosts are names for it.
  world.caller.call = (request) => call({ ...request, url: receiver.url });
  isCut = false;
  noteCall(world.caller.egress, "https://provider.example.com/", {
    ok: true,
    status: 200,
    headers: {},
    body: "",
  });
  await world.skipWaits();
  await world.until(allAre("delivered"));
  expect(told()).toHaveLength(1);
});
