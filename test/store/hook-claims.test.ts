import { afterAll, beforeEach, expect, test } from "vitest";
import { allowedOverlap } from "../../src/delivery/hooks/lane-state.ts";
import type { Database } from "../../src/store/database.ts";
import { openDatabase } from "../../src/store/database.ts";
import { retryDelivery } from "../../src/store/deliveries.ts";
import { endpointById, releaseHeld } from "../../src/store/endpoints.ts";
import type { Claimed, ClaimLimits, HookFlight } from "../../src/store/hook-claim.ts";
import { claimHooks } from "../../src/store/hook-claim.ts";
import { disableEndpoint } from "../../src/store/hook-lanes.ts";
import { expireHooks, freeLostHooks, releaseHooks, settleHooks } from "../../src/store/hook-queue.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";

/** What waits for endpoints, without anybody who sends it: who takes what, and what becomes of it then. */

const world: HookWorld = await openHookWorld();
const hot: Database = openDatabase({
  connections: [{ connectionString: (world.database as Database & { url: string }).url }],
  maxConnections: 2,
  hot: true,
  onError: () => undefined,
});
const URL = "https://hooks.example.com/";

beforeEach(async () => {
  for (const table of ["hook_queue", "deliveries", "endpoints cascade"]) await sql(`truncate ${table}`);
});
afterAll(async () => {
  await hot.close();
  await world.close();
});

let statements = 0;
function sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return world.database.run(`test-${++statements}`, text, values);
}

const ALL: ClaimLimits = {
  most: 256,
  fullLanes: [],
  mostFailing: 64,
  mostWeak: 128,
  ofTenant: new Map(),
  mostOfTenant: 256,
};
let claims = 0;
function look(limits: Partial<ClaimLimits> = {}): Promise<Claimed> {
  return claimHooks(hot, "node-a", `claim-${++claims}`, { ...ALL, ...limits }, allowedOverlap);
}

async function claim(limits: Partial<ClaimLimits> = {}): Promise<HookFlight[]> {
  return (await look(limits)).flights;
}

/** Rows on the work list without events: `columns` beside the usual ones. */
function backlog(endpointId: string, count: number, columns: Record<string, string> = {}): Promise<unknown> {
  const names = Object.keys(columns).map((name) => `, ${name}`);
  const values = Object.values(columns).map((value) => `, ${value}`);
  return sql(
    `insert into hook_queue (id, tenant_id, endpoint_id, state ${names.join("")})
     select 'dlv_' || $2 || lpad(i::text, 12, '0'), $1, $2, 'waiting' ${values.join("")}
     from generate_series(1, ${count}) i`,
    [world.tenantId, endpointId],
  );
}

async function stateOf(id: string): Promise<string | undefined> {
  const rows = await world.deliveries();
  return rows.find((row) => row.id === id)?.state;
}

test("no backlog makes a claim slow: of a lane that is paused, or whose order is blocked", {
  timeout: 90_000,
}, async () => {
  const paused = await world.endpoint({ url: URL });
  const blocked = await world.endpoint({ url: URL, ordering: "endpoint" });
  const healthy = await world.endpoint({ url: URL });
  await backlog(paused.id, 40_000);
  await backlog(blocked.id, 40_000, { order_key: "''" });
  await sql(
    "update hook_queue set state = 'exhausted' where id = (select min(id) from hook_queue where endpoint_id = $1)",
    [blocked.id],
  );
  await sql("update hook_lanes set paused_until = now() + interval '1 hour' where endpoint_id = $1", [
    paused.id,
  ]);
  await claim();
  await backlog(healthy.id, 4);
  const flights = await claim();
  expect(flights.map((flight) => flight.endpointId)).toEqual(Array(4).fill(healthy.id));
  const took: number[] = [];
  for (let i = 0; i < 10; i++) {
    const began = performance.now();
    await claim();
    took.push(performance.now() - began);
  }
  // Reading either of them as a whole takes hundreds, every time.
  expect(Math.min(...took)).toBeLessThan(100);
});

test("in one order the first leaves, however late it is due, and nothing before it", async () => {
  const { id } = await world.endpoint({ url: URL, ordering: "endpoint" });
  await backlog(id, 1_200, { order_key: "''", next_at: "now() - interval '1 hour'" });
  const first = `dlv_${id}000000000001`;
  await sql("update hook_queue set next_at = now() + interval '1 hour' where id = $1", [first]);
  expect(await claim()).toEqual([]);
  await sql("update hook_queue set next_at = now() where id = $1", [first]);
  expect((await claim()).map((flight) => flight.id)).toEqual([first]);
  expect(await claim()).toEqual([]);
});

test("in order by keys, a key that is blocked hides no other, however much waits of it", async () => {
  const { id } = await world.endpoint({ url: URL, ordering: "key" });
  await backlog(id, 1_200, { order_key: "'blocked'", next_at: "now() - interval '1 hour'" });
  await sql("update hook_queue set state = 'exhausted' where id = $1", [`dlv_${id}000000000001`]);
  await sql(
    "insert into hook_queue (id, tenant_id, endpoint_id, state, order_key) values ('dlv_z', $1, $2, 'waiting', 'free')",
    [world.tenantId, id],
  );
  const taken: string[] = [];
  for (let i = 0; i < 4; i++) taken.push(...(await claim()).map((flight) => flight.id));
  expect(taken).toEqual(["dlv_z"]);
});

test("what is sent again takes half of a lane, what is new the rest", async () => {
  const { id } = await world.endpoint({ url: URL, concurrency: 4 });
  await backlog(id, 10, { priority: "2" });
  expect(await claim()).toHaveLength(2);
  expect(await claim()).toHaveLength(0);
  await world.fire(world.alerts(3));
  const flights = await claim();
  expect(flights.map((flight) => flight.event?.type)).toEqual(["alert", "alert"]);
});

test("lanes that are full elsewhere hide nobody: the claim says that there may be more, and gets to them", async () => {
  for (let i = 0; i < 70; i++) await backlog((await world.endpoint({ url: URL })).id, 2);
  await sql("update hook_lanes set half_open = true");
  await sql("update hook_queue set state = 'sending', node = 'node-b' where id like '%1'");
  const healthy = await world.endpoint({ url: URL });
  await backlog(healthy.id, 1);
  await sql("update hook_lanes set last_served = now() where endpoint_id = $1", [healthy.id]);
  expect(await look()).toEqual({ flights: [], isCutShort: true });
  expect((await claim()).map((flight) => flight.endpointId)).toEqual([healthy.id]);
});

test("lanes that are probed take the share of those that fail", async () => {
  for (let i = 0; i < 3; i++) await backlog((await world.endpoint({ url: URL })).id, 4);
  await sql("update hook_lanes set half_open = true");
  expect(await claim({ mostFailing: 2 })).toHaveLength(2);
  expect(await claim({ mostFailing: 0 })).toHaveLength(0);
});

test("a tenant who has his share gets no more", async () => {
  for (let i = 0; i < 3; i++) await backlog((await world.endpoint({ url: URL })).id, 4);
  expect(await claim({ mostOfTenant: 5 })).toHaveLength(5);
  expect(await claim({ mostOfTenant: 5, ofTenant: new Map([[world.tenantId, 5]]) })).toHaveLength(0);
  expect(await claim({ ofTenant: new Map([[world.tenantId, 5]]) })).toHaveLength(7);
});

test("what a process held when it died is held where the endpoint was disabled meanwhile", async () => {
  const { id } = await world.endpoint({ url: URL });
  await world.fire(world.alerts(2));
  const [flight] = await claim({ most: 1 });
  await world.database.transact((tx) => disableEndpoint(tx, id, "gone"));
  await releaseHooks(hot, "node-a", flight?.claim ?? "");
  expect((await world.deliveries()).map((row) => row.state)).toEqual(["held", "held"]);

  await sql("update hook_queue set state = 'sending', node = 'node-a', claim = 'x'");
  await freeLostHooks(hot, ["node-a"], []);
  expect((await world.deliveries()).map((row) => row.state)).toEqual(["held", "held"]);
});

test("where repeats are not told apart, what may have been processed is not sent again", async () => {
  await world.endpoint({ url: URL, format: "mobiniti" });
  await world.fire();
  await claim();
  await freeLostHooks(hot, ["node-a"], ["mobiniti"]);
  const [row] = await world.deliveries();
  expect(row).toMatchObject({ state: "exhausted", attempts: [{ code: "interrupted" }] });
});

test("what was held for longer than a delivery lives is sent when it is released, or tried by hand", async () => {
  const { id } = await world.endpoint({ url: URL, enabled: false });
  await world.fire(world.alerts(2));
  await sql("update hook_queue set created_at = now() - interval '8 days'");
  const [first, second] = await world.deliveries();
  await world.database.transact((tx) => retryDelivery(tx, world.tenantId, first?.id ?? ""));
  expect(await expireHooks(hot, 7, 100)).toBe(0);
  await world.database.transact(async (tx) => {
    const row = await endpointById(tx, world.tenantId, id);
    if (row) await releaseHeld(tx, row);
  });
  expect(await expireHooks(hot, 7, 100)).toBe(0);
  expect([await stateOf(first?.id ?? ""), await stateOf(second?.id ?? "")]).toEqual(["waiting", "waiting"]);
});

test("a result that comes too late changes nothing but the log", async () => {
  await world.endpoint({ url: URL });
  await world.fire();
  const [stale] = await claim();
  await freeLostHooks(hot, ["node-a"], []);
  const [fresh] = await claim();
  const settle = (flight: HookFlight | undefined, state: "delivered" | "waiting") =>
    settleHooks(hot, [
      {
        id: flight?.id ?? "",
        claim: flight?.claim ?? "",
        tenantId: world.tenantId,
        state,
        waitMs: 0,
        step: 1,
        body: null,
        attempt: { code: state },
      },
    ]);
  await settle(fresh, "delivered");
  const ended = () => sql<{ ended_at: Date | null }>("select ended_at from deliveries");
  const before = await ended();
  expect(before[0]?.ended_at).toBeInstanceOf(Date);
  await settle(stale, "waiting");
  expect(await ended()).toEqual(before);
  const [row] = await world.deliveries();
  expect(row).toMatchObject({ state: "delivered" });
  expect(row?.attempts.map(({ code, late }) => [code, late])).toEqual([
    ["interrupted", undefined],
    ["delivered", undefined],
    ["waiting", true],
  ]);
});
