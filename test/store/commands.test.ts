import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idAt } from "../../src/domain/ids.ts";
import type { CommandFilter } from "../../src/store/commands.ts";
import { commandById, listCommands } from "../../src/store/commands.ts";
import { openStore } from "../support/store.ts";

/*
 * A log longer than what one look goes through. Whatever is asked for, pages one after the other hold the same rows
 * as the whole log looked through at once, and none of them looks at more than a part of it.
 */

const MANY = 60_000;
const TENANT = "ten_1";
const SECOND_MS = 1_000;
const START = Date.UTC(2026, 0, 1);

let database: Awaited<ReturnType<typeof openStore>>;

const idOf = (prefix: "cmd" | "msg" | "chg", n: number, ms: number) =>
  `${idAt(prefix, ms)}${String(n).padStart(16, "0")}`;

/** Texts that came with `n` and were routed long after. */
const LATE = new Set([7, 20_007, 40_007]);

beforeAll(async () => {
  database = await openStore();
  const rows = Array.from({ length: MANY }, (_, n) => {
    const receivedAt = START + n * 60 * SECOND_MS;
    const madeAt = LATE.has(n) ? receivedAt + 9 * 86_400_000 : receivedAt;
    return { n, receivedAt, madeAt, id: idOf("cmd", n, madeAt), reply: idOf("msg", n, madeAt) };
  });
  const at = (key: "receivedAt" | "madeAt") => rows.map((row) => new Date(row[key]).toISOString());
  const values = [rows.map(({ n }) => n), rows.map(({ id }) => id), rows.map(({ reply }) => reply)];
  await database.run(
    "t-commands",
    `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id, phone,
       reporter_id, text, outcome, meaning, reply_message_id, reply_text, withheld)
     select '${TENANT}', id, received, made, 0, 'msg_in', case when n % 9000 = 1 then 'chn_rare' else 'chn_1' end,
       '+14155550101', case when n % 3 = 0 then null else 'rep_' || n % 5 end,
       case when n % 25000 = 3 then 'the needle' when n in (7, 20007, 40007) then 'late' else 'open gate ' || n end,
       case n % 4 when 0 then 'not_understood' else 'changed' end, '{"keyword":null,"parts":[]}', reply, 'done',
       case when n % 7 = 0 then 'opted_out' end
     from unnest($1::int[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
       as r (n, id, reply, received, made)`,
    [...values, at("receivedAt"), at("madeAt")],
  );
  await database.run(
    "t-messages",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at)
     select '${TENANT}', reply, 'chn_1', 'out', 'command_reply', '64600', '+1', '+1', 'done', 1, 'GSM-7',
       case when n % 20000 = 11 then 'failed' else 'delivered' end, now()
     from unnest($1::int[], $2::text[]) as r (n, reply)`,
    [values[0], values[2]],
  );
  // Two changes of each text, and texts that changed nothing.
  await database.run(
    "t-changes",
    `insert into board_changes (tenant_id, id, item_id, kind, field, new, by, command_id, at)
     select '${TENANT}', 'chg_' || lpad((2 * n + part)::text, 12, '0'),
       case when n % 15000 = 1 then 'itm_rare' else 'itm_' || n % 50 end,
       case when n % 12000 = 5 and part = 1 then 'snow' else 'gate' end, 'status',
       case n % 2 when 0 then 'open' else 'closed' end, '{}', id, now()
     from unnest($1::int[], $2::text[]) as r (n, id), generate_series(0, 1) part where n % 4 <> 0`,
    [values[0], values[1]],
  );
  for (const table of ["commands", "messages", "board_changes"])
    await database.run(`t-vacuum-${table}`, `vacuum analyze ${table}`);
});
afterAll(() => database.close());

const day = (number: number) => new Date(START + number * 86_400_000);

const FILTERS: [name: string, filter: CommandFilter, count: number | null][] = [
  ["a rare text", { q: "NEEDLE" }, 3],
  ["a text that was never sent", { q: "nothing like it" }, 0],
  ["a rare channel", { channel: "chn_rare" }, 7],
  ["no such channel", { channel: "chn_none" }, 0],
  ["a reply that failed", { replyStatus: "failed" }, 3],
  ["a rare kind, by the second of two changes", { kind: "snow" }, 5],
  ["no such value", { value: "none" }, 0],
  ["a kind and a word", { kind: "gate", q: "gate 4999" }, null],
  ["a kind, of one outcome", { kind: "snow", outcome: "changed" }, 5],
  ["a rare item", { item: "itm_rare" }, 4],
  ["one person's, with a word", { reporter: "rep_1", q: "gate 5999" }, null],
  ["an outcome and a word", { outcome: "not_understood", q: "59992" }, 1],
  ["up to a day, late ones too", { until: day(1), q: "late" }, 1],
  ["up to a later day, late ones too", { until: day(30), q: "late" }, 3],
  ["between two days", { since: day(13), until: day(14) }, 1_440],
  ["since a day", { since: day(41) }, null],
  ["before all of it", { until: day(-5) }, 0],
];

async function walk(filter: CommandFilter, limit: number, searchMs?: number) {
  const ids: string[] = [];
  let pages = 0;
  let after: string | null = null;
  do {
    const options = { filter, after, limit, ...(searchMs !== undefined && { searchMs }) };
    const page = await listCommands(database, TENANT, options);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows.map((row) => row.id));
    after = page.next;
    pages += 1;
  } while (after !== null && pages < 10_000);
  return { ids, pages };
}

describe.each(FILTERS)("%s", (_name, filter, count) => {
  test("is found whole, page by page, wherever a search stops", async () => {
    const whole = await walk(filter, MANY, 60_000);
    if (count !== null) expect(whole.ids).toHaveLength(count);
    expect(whole.ids).toEqual([...new Set(whole.ids)].sort().reverse());
    expect((await walk(filter, 100, 0)).ids).toEqual(whole.ids);
  });
});

test("a search that finds nothing stops, and says where it goes on", async () => {
  const first = await listCommands(database, TENANT, {
    filter: { q: "nothing like it" },
    after: null,
    limit: 50,
    searchMs: 0,
  });
  expect(first.rows).toEqual([]);
  expect(first.next).toMatch(/^cmd_/);
});

/** Rows and index entries that were read by all statements so far. */
async function readSoFar(): Promise<number> {
  await database.run("t-flush", "select pg_stat_force_next_flush()");
  const rows = await database.run<{ read: number }>(
    "t-read",
    `select (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::int8 as read from pg_stat_user_tables`,
  );
  return Number(rows[0]?.read ?? 0);
}

test.each([
  ["the newest", {}],
  ["a word many texts hold", { q: "gate" }],
  ["a kind most changes are of", { kind: "gate" }],
  ["replies that arrived", { replyStatus: "delivered" }],
  ["up to a day long ago", { until: day(2) }],
  ["one row", { id: "x" }],
])("%s: read without going through the log", async (_name, filter: CommandFilter) => {
  const before = await readSoFar();
  if (filter.id) await commandById(database, TENANT, filter.id);
  else
    expect((await listCommands(database, TENANT, { filter, after: null, limit: 50 })).rows).toHaveLength(50);
  expect((await readSoFar()) - before).toBeLessThan(MANY / 3);
});
