import { afterAll, beforeAll, expect, test } from "vitest";
import { idAt, newId } from "../../src/domain/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { DeliveryFilter, DeliveryRow } from "../../src/store/deliveries.ts";
import { listDeliveries } from "../../src/store/deliveries.ts";
import { endpointHealth } from "../../src/store/endpoint-health.ts";
import { insertEndpoint } from "../../src/store/endpoints.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { openStore } from "../support/store.ts";

const ROWS = 30_000;
const tenantId = newId("ten");
const endpointId = newId("ep");
let store: Database & { url: string };
/** One connection, so that what it read can be asked for. */
let database: Database;

beforeAll(async () => {
  store = await openStore();
  database = openDatabase({
    connections: [{ connectionString: store.url }],
    maxConnections: 1,
    onError: () => undefined,
  });
  await database.transact(async (tx) => {
    await createTenant(tx, { id: tenantId, slug: "a", name: "A", settings: {} });
    await insertEndpoint(tx, {
      id: endpointId,
      tenantId,
      source: "endpoint",
      sourceId: null,
      url: "https://example.com",
      types: ["*"],
      channelIds: [],
      format: "signalbox",
      formatOptions: {},
      enabled: true,
      rate: null,
      concurrency: 8,
      timeoutMs: 8_000,
      schedule: null,
      ordering: "none",
      onExhausted: "hold",
      signing: "v1",
      headers: null,
    });
  });
  await database.run(
    "t-fill",
    `with made as (
       insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id, state)
       select $1, 'dlv_' || id_time(now() - n * interval '1 minute') || '0000' || lpad(n::text, 12, '0'),
         case when n % 50 = 0 then $2 else 'ep_' || n % 50 end, 'evt_' || n,
         case when n % 2 = 0 then 'message.sent' else 'alert' end, 'msg_' || n,
         case when n % 10 = 0 then 'open' else 'delivered' end
       from generate_series(1, ${ROWS}) n returning id, endpoint_id, state)
     insert into hook_queue (id, tenant_id, endpoint_id, state)
     select id, $1, endpoint_id, case when right(id, 2)::int % 20 = 0 then 'waiting' else 'held' end from made
     where state = 'open'`,
    [tenantId, endpointId],
  );
  for (const table of ["deliveries", "hook_queue"])
    await database.run(`t-analyze-${table}`, `analyze ${table}`);
});
afterAll(async () => {
  await database.close();
  await store.close();
});

/** Rows read one after the other, without an index, so far. */
async function scanned(): Promise<number> {
  await database.run("t-flush", "select pg_stat_force_next_flush()");
  const rows = await database.run<{ read: number }>(
    "t-scanned",
    `select sum(seq_tup_read)::int as read from pg_stat_user_tables where relname in ('deliveries', 'hook_queue')`,
  );
  return rows[0]?.read ?? 0;
}

const list = async (filter: DeliveryFilter) =>
  (await listDeliveries(database, tenantId, filter, null, 20)).rows;

/** All pages of a search, which goes on where it stopped. */
async function findAll(filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const found: DeliveryRow[] = [];
  let place: string | null = null;
  do {
    const page = await listDeliveries(database, tenantId, filter, place, 20);
    found.push(...page.rows);
    place = page.next;
  } while (place !== null);
  return found;
}

test.each<[string, DeliveryFilter, number]>([
  ["everything", {}, 20],
  ["one endpoint", { endpointId: "ep_7" }, 20],
  ["one message", { messageId: "msg_777" }, 1],
  ["one type", { type: "alert" }, 20],
  ["a stretch of time", { since: new Date(Date.now() - 570_000) }, 9],
  ["what is held", { state: "held" }, 20],
  ["what is held for one endpoint", { state: "held", endpointId }, 20],
  ["what waits", { state: "waiting" }, 20],
  ["what was delivered", { state: "delivered" }, 20],
])("to list %s, no table is read through", async (_case, filter, count) => {
  const before = await scanned();
  expect(await list(filter)).toHaveLength(count);
  expect((await scanned()) - before).toBe(0);
});

test("a rare match is found however far back, page by page", async () => {
  await database.run(
    "t-rare",
    `update deliveries set attempts = '[{"code":"tls"}]' where message_id = 'msg_${ROWS - 1}'`,
  );
  expect(await findAll({ code: "tls" })).toMatchObject([
    { messageId: `msg_${ROWS - 1}`, lastAttempt: { code: "tls" } },
  ]);
});

test("health counts by the indexes", async () => {
  const before = await scanned();
  const health = await endpointHealth(database, tenantId, endpointId);
  expect((health?.waiting ?? 0) + (health?.held ?? 0)).toBe(ROWS / 50);
  expect((await scanned()) - before).toBe(0);
});

test("the time in an id is the one our ids have", async () => {
  const at = new Date("2026-11-20T08:00:00.123Z");
  const [row] = await database.run<{ time: string }>("t-id-time", "select id_time($1::timestamptz) as time", [
    at,
  ]);
  expect(row?.time).toBe(idAt("dlv", at.getTime()).slice(4));
});
