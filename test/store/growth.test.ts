import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsentChange } from "../../src/store/consent.ts";
import { writeConsent } from "../../src/store/consent.ts";
import type { Database } from "../../src/store/database.ts";
import { openDatabase } from "../../src/store/database.ts";
import { waitingTexts } from "../../src/store/failover.ts";
import { expireHooks } from "../../src/store/hook-queue.ts";
import { saveLane } from "../../src/store/lanes.ts";
import { expireWaiting } from "../../src/store/messages.ts";
import { requeueOrphans } from "../../src/store/news.ts";
import { claimFlights, nextDue } from "../../src/store/outbox.ts";
import { loadPeople } from "../../src/store/routing.ts";
import { learnGrowth } from "../../src/store/statistics.ts";
import { openStore } from "../support/store.ts";

/*
 * Statements that were first run on empty tables, and whose plans are kept, on tables that have grown since. What
 * they read is counted in rows, for time says little on a busy machine.
 */

const MANY = 20_000;

let database: Awaited<ReturnType<typeof openStore>>;
let hot: Database;

beforeAll(async () => {
  database = await openStore();
  // One connection: the one that made its plans on empty tables.
  const connections = [{ connectionString: database.url }];
  hot = openDatabase({ connections, maxConnections: 1, hot: true, onError: () => undefined });
  await database.transact((tx) =>
    saveLane(tx, { id: "lane", tenantId: "ten_1", concurrency: 64, rate: null }),
  );
  for (const work of Object.values(statements)) await work();
  await database.run(
    "t-messages",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, provider_message_id, created_at)
     select 'ten_1', 'msg_' || n, 'lane', 'out', 'command_reply', '64600', '+1' || n, '+1' || n, 'x', 1, 'GSM-7',
       'queued', 'p' || n, now() from generate_series(1, $1::int) n`,
    [MANY],
  );
  await database.run(
    "t-outbox",
    `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at, retrying)
     select 'ten_1', 'lane', 'msg_' || n, '+1' || n, 1, now(), true from generate_series(1, $1::int) n`,
    [MANY],
  );
  await database.run(
    "t-blocks",
    `insert into provider_blocks (tenant_id, phone, channel_id, code, since, last_seen_at)
     select 'ten_1', '+2' || n, 'lane', 'x', now(), now() from generate_series(1, $1::int) n`,
    [MANY],
  );
  // Receipts of texts that somebody else sends by the same account.
  await database.run(
    "t-orphans",
    `insert into orphan_receipts (channel_id, provider_message_id, arrival_seq, bucket, since)
     select 'lane', 'other' || n, n, 0, now() - interval '10 hours' from generate_series(1, $1::int) n`,
    [MANY],
  );
  await database.run(
    "t-given-up",
    `insert into hook_queue (id, tenant_id, endpoint_id, state, created_at)
     select 'dlv_' || n, 'ten_1', 'ep_1', 'exhausted', now() - interval '20 days' from generate_series(1, $1::int) n`,
    [MANY],
  );
});
afterAll(async () => {
  await hot.close();
  await database.close();
});
const change: ConsentChange = {
  ...{ tenantId: "ten_1", phone: "+15", address: "*", action: "revoke", method: "text_word", word: "stop" },
  ...{ text: null, messageId: null, channelId: "lane", at: new Date() },
};
const person = { tenantId: "ten_1", channelId: "lane", address: "64600", phone: "+17" };

const statements = {
  "an opt-out": () => hot.transact((tx) => writeConsent(tx, change)),
  "the person behind a text": () => loadPeople(hot, [person]),
  "receipts that came too early": () => requeueOrphans(hot, { least: 0, most: 120 }),
  "webhooks past their life": () => expireHooks(hot, 7, 100, 1),
  "texts past their life": () => hot.transact((tx) => expireWaiting(tx, { after: 0, upTo: 100 }, 50)),
  "when the next text is due": () => nextDue(hot),
  "what waits in a lane": () => hot.transact((tx) => waitingTexts(tx, "lane", { priority: -1, seq: 0 }, 5)),
  "what may leave": () => claimFlights(hot, "node", "claim", 5),
};

/** Rows and index entries that were read by all statements so far. */
async function readSoFar(): Promise<number> {
  await hot.run("t-flush", "select pg_stat_force_next_flush()");
  await hot.run("t-nothing", "select 1");
  const rows = await database.run<{ read: number }>(
    "t-read",
    `select (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::int8
       + (select sum(idx_tup_read) from pg_stat_user_indexes)::int8 as read from pg_stat_user_tables`,
  );
  return rows[0]?.read ?? 0;
}

async function readBy(name: keyof typeof statements): Promise<number> {
  const before = await readSoFar();
  await statements[name]();
  return (await readSoFar()) - before;
}

test.each([
  "an opt-out",
  "the person behind a text",
  "receipts that came too early",
  "webhooks past their life",
  "texts past their life",
  "when the next text is due",
] as const)("%s, by the plan of the empty tables", async (name) => {
  expect(await readBy(name)).toBeLessThan(MANY / 20);
});

test("tables that have grown are looked at, once", async () => {
  const grown = await learnGrowth(database);
  expect(grown).toEqual(expect.arrayContaining(["messages", "outbox", "provider_blocks"]));
  expect(await learnGrowth(database)).toEqual([]);
});

test.each(["what waits in a lane", "what may leave"] as const)("%s, by what is known since", async (name) => {
  expect(await readBy(name)).toBeLessThan(MANY / 20);
});
