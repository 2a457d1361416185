import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idAt } from "../../src/domain/ids.ts";
import { listArrivals } from "../../src/store/arrivals.ts";
import { listAudit } from "../../src/store/audit.ts";
import { listBoardChanges } from "../../src/store/board.ts";
import { openDatabase } from "../../src/store/database.ts";
import { listEvents } from "../../src/store/events.ts";
import { listTrips } from "../../src/store/guards.ts";
import { listMails } from "../../src/store/mails.ts";
import { countProgress, listReplays } from "../../src/store/replay-rows.ts";
import type { Found } from "../../src/store/search.ts";
import { openStore } from "../support/store.ts";

/*
 * Lists of tables longer than what one look goes through. What an index answers is counted in rows that were read, for
 * time says little on a busy machine. What is looked for holds, page after page, the same rows as the whole table.
 */

const MANY = 60_000;
const FEW = MANY / 60;
const LIMIT = 50;
const MINUTE_MS = 60_000;
const NOW = Date.now();
const minutesAgo = (rows: number) => new Date(NOW - rows * MINUTE_MS);

let store: Awaited<ReturnType<typeof openStore>>;
/** One connection, so that what it read can be asked for. */
let database: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  store = await openStore();
  const connections = [{ connectionString: store.url }];
  database = openDatabase({ connections, maxConnections: 1, onError: () => undefined });
  // n counts from the oldest; one row a minute. The very first are of another tenant.
  const rows = Array.from({ length: MANY }, (_, index) => NOW - (MANY - index) * MINUTE_MS);
  await store.run(
    "t-rows",
    `create table t_rows as select n::int, at, time, case when n <= 20 then 'ten_2' else 'ten_1' end as tenant
     from unnest($1::timestamptz[], $2::text[]) with ordinality as r (at, time, n)`,
    [
      rows.map((at) => new Date(at).toISOString()),
      rows.map((at, n) => `${idAt("evt", at).slice(4)}${String(n).padStart(16, "0")}`),
    ],
  );
  for (const [name, statement] of Object.entries(FILL)) {
    await store.run(`t-${name}`, statement);
    await store.run(`t-analyze-${name}`, `analyze ${name}`);
  }
});
afterAll(async () => {
  await database.close();
  await store.close();
});

const FILL = {
  events: `insert into events (tenant_id, id, type, at, data)
    select tenant, 'evt_' || time, case when n % 20000 = 109 then 'alert' when n % 15000 = 108 then 'endpoint.failing'
      when n % 25000 = 107 then 'message.delivered' when n % 2 = 0 then 'message.received' else 'message.sent' end,
      at, '{}' from t_rows`,
  audit: `insert into audit (tenant_id, id, at, actor, action, object)
    select tenant, 'adt_' || time, at, json_build_object('kind', 'user', 'name', 'N',
        'id', case when n % 20000 = 109 then 'usr_rare' else 'usr_1' end),
      case when n % 15000 = 108 then 'rule.created' when n % 15000 = 110 then 'rule.deleted' else 'channel.changed' end,
      'obj_' || n % 10000 from t_rows`,
  mails: `insert into mails (tenant_id, id, recipient, subject, body, state, event, rule_id, created_at)
    select tenant, 'mail_' || time, 'a@example.com', 'S', 'B', case when n % 20000 = 109 then 'failed' else 'sent' end,
      'rule', case when n % 15000 = 108 then 'rule_rare' else 'rule_1' end, at from t_rows`,
  guard_trips: `insert into guard_trips (tenant_id, id, at, last_at, rule, channel_id, address, phone, counter, "limit",
      withheld, ends_at)
    select tenant, 'gtr_' || time, at, at, case when n % 20000 = 109 then 'L9' else 'L2' end, 'chn_1', '64600',
      '+1' || n % 1000, 5, 4, 'reply', at + interval '10 minutes' from t_rows`,
  board_changes: `insert into board_changes (tenant_id, id, item_id, kind, field, new, by, at)
    select tenant, 'chg_' || time, 'itm_' || n % 1000, 'lift', case when n % 20000 = 109 then 'note' else 'status' end,
      'open', '{}', at from t_rows`,
  arrivals: `insert into arrivals (tenant_id, channel_id, dedupe, kind, door, bucket, received_at, aside)
    select tenant, 'chn_1', decode(md5(n::text), 'hex'), 'message', 'inbound', 0, at,
      case when n % 20000 = 109 then 'not understood' end from t_rows order by n`,
  deliveries: `insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, origin, state)
    select tenant, 'dlv_' || time, 'ep_1', 'evt_' || time, 'alert', case when n > 3000 then 'live' else 'rpl_1' end,
      case when n % 100 = 0 then 'open' else 'delivered' end from t_rows where n <= 6000`,
  hook_queue: `insert into hook_queue (id, tenant_id, endpoint_id, state)
    select id, tenant_id, endpoint_id, 'exhausted' from deliveries where state = 'open'`,
  replays: `insert into replays (id, tenant_id, endpoint_id, since, until, state, queued, finished_at)
    values ('rpl_1', 'ten_1', 'ep_1', now() - interval '1 year', now(), 'done', 3000, now())`,
};

type Place = string | null;
type Asked<Filter> = Partial<Filter> & { after?: Place };

const events = ({
  after = null,
  ...asked
}: Asked<{ exact: string[]; prefixes: string[]; until: Date; since: Date }>) =>
  listEvents(database, "ten_1", {
    types: { exact: asked.exact ?? [], prefixes: asked.prefixes ?? [] },
    ...{ since: asked.since ?? null, until: asked.until ?? null, after, limit: LIMIT },
  });
const audited = ({
  after = null,
  ...asked
}: Asked<{ action: string; actorId: string; object: string; until: Date }>) =>
  listAudit(
    database,
    { tenantId: "ten_1", action: null, actorId: null, object: null, since: null, until: null, ...asked },
    after,
    LIMIT,
  );
const mails = (asked: Asked<{ state: "failed" | "sent"; ruleId: string }>) =>
  listMails(database, "ten_1", { state: null, ruleId: null, after: null, limit: LIMIT, ...asked });
const trips = ({ after = null, ...filter }: Asked<{ open: boolean; rule: "L9"; phone: string }>) =>
  listTrips(database, "ten_1", { filter, now: new Date(NOW), after, limit: LIMIT });
const changes = (asked: Asked<{ item: string; field: string; until: Date; since: Date }>) =>
  listBoardChanges(database, "ten_1", {
    ...{ item: null, field: null, since: null, until: null, after: null, limit: LIMIT },
    ...asked,
  });
const arrivals = (tenant: string, { after = null, aside = false }: Asked<{ aside: boolean }>) =>
  listArrivals(database, tenant, { aside, before: after === null ? null : Number(after), limit: LIMIT });

/** Rows and index entries that were read so far. */
async function readSoFar(): Promise<number> {
  await database.run("t-flush", "select pg_stat_force_next_flush()");
  const rows = await database.run<{ read: number }>(
    "t-read",
    `select (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::int8
       + (select sum(idx_tup_read) from pg_stat_user_indexes)::int8 as read from pg_stat_user_tables`,
  );
  return rows[0]?.read ?? 0;
}

const deep = (prefix: "evt" | "adt" | "chg" | "gtr") => idAt(prefix, minutesAgo(MANY - 200).getTime());

test.each<[string, () => Promise<Found<unknown>>, number]>([
  ["all events", () => events({}), LIMIT],
  ["events deep in the list", () => events({ after: deep("evt") }), LIMIT],
  ["a rare type", () => events({ exact: ["alert"] }), 3],
  ["a rare beginning", () => events({ prefixes: ["endpoint."] }), 4],
  ["types of which there are none", () => events({ exact: ["channel.up"], prefixes: ["contact."] }), 0],
  ["a frequent type", () => events({ exact: ["message.sent"] }), LIMIT],
  ["a rare type up to a time", () => events({ exact: ["alert"], until: minutesAgo(30_000) }), 2],
  ["all that was done", () => audited({}), LIMIT],
  ["what was done, deep in the list", () => audited({ after: deep("adt") }), LIMIT],
  ["a rare action", () => audited({ action: "rule.created" }), 4],
  ["rare actions", () => audited({ action: "rule.*" }), 8],
  ["actions of which there are none", () => audited({ action: "key.*" }), 0],
  ["who did little", () => audited({ actorId: "usr_rare" }), 3],
  ["what was done to one thing", () => audited({ object: "obj_77" }), 6],
  ["mails that failed", () => mails({ state: "failed" }), 3],
  ["mails of a rare rule", () => mails({ ruleId: "rule_rare" }), 4],
  ["mails of no rule", () => mails({ ruleId: "rule_none" }), 0],
  ["open trips", () => trips({ open: true }), 9],
  ["trips deep in the list", () => trips({ after: deep("gtr") }), LIMIT],
  ["changes of one item", () => changes({ item: "itm_107" }), LIMIT],
  ["changes deep in the list", () => changes({ after: deep("chg") }), LIMIT],
  ["arrivals", () => arrivals("ten_1", {}), LIMIT],
  ["arrivals deep in the list", () => arrivals("ten_1", { after: "1000" }), LIMIT],
  ["arrivals set aside", () => arrivals("ten_1", { aside: true }), 3],
])("to list %s, few rows are read", async (_case, list, count) => {
  // A statement is planned for its values five times; then one plan may be kept for all.
  for (let i = 0; i < 6; i++) await list();
  const read = await readSoFar();
  expect((await list()).rows).toHaveLength(count);
  expect((await readSoFar()) - read).toBeLessThan(FEW);
});

async function allPages(list: (after: Place) => Promise<Found<object>>): Promise<number> {
  let [count, after]: [number, Place] = [0, null];
  do {
    const page: Found<object> = await list(after);
    count += page.rows.length;
    after = page.next;
  } while (after !== null);
  return count;
}

describe("what no index answers", () => {
  test.each<[string, (after: Place) => Promise<Found<object>>, number]>([
    ["a frequent type that is rare here", (after) => events({ exact: ["message.delivered"], after }), 3],
    [
      "all types of a kind",
      (after) => events({ prefixes: ["message."], since: minutesAgo(1_000), after }),
      1_000,
    ],
    ["a rare action of somebody", (after) => audited({ actorId: "usr_1", action: "rule.created", after }), 4],
    ["mails of a rule by state", (after) => mails({ state: "sent", ruleId: "rule_rare", after }), 4],
    ["trips of a rule", (after) => trips({ rule: "L9", after }), 3],
    ["closed trips of a person", (after) => trips({ open: false, phone: "+1107", after }), 60],
    ["changes of a field", (after) => changes({ field: "note", after }), 3],
    ["changes of a time", (after) => changes({ since: minutesAgo(300), until: minutesAgo(100), after }), 200],
    ["the arrivals of another tenant", (after) => arrivals("ten_2", { after }), 20],
  ])("%s: all of them are found, page by page", async (_case, list, count) => {
    expect(await allPages(list)).toBe(count);
  });
});

test("a large replay is counted by a worker, not by whoever looks", async () => {
  const replays = () => listReplays(database, "ten_1", { endpointId: null, before: null, limit: LIMIT });
  expect(await replays()).toMatchObject([{ queued: 3_000, delivered: 0, waiting: 3_000, failed: 0 }]);
  expect(await countProgress(database)).toBe(true);
  expect(await countProgress(database)).toBe(false);
  const read = await readSoFar();
  expect(await replays()).toMatchObject([{ queued: 3_000, delivered: 2_970, waiting: 0, failed: 30 }]);
  expect((await readSoFar()) - read).toBeLessThan(FEW);
});
