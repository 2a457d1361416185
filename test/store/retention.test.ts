import { afterAll, beforeAll, expect, test } from "vitest";
import { purgeOld } from "../../src/store/retention.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
  await database.run(
    "t-tenant",
    `insert into tenants (id, slug, name, settings)
     values ('ten_1', 'one', 'One', '{"retention":{"redactAfterDays":1}}')`,
  );
});
afterAll(() => database.close());

test("what is redacted holds neither the text nor the number any more, empty texts included", async () => {
  for (const text of ["open gate 5", ""]) {
    await database.run(
      "t-command",
      `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id, phone, text,
         outcome, meaning, reply_text) values ('ten_1', $1, now() - interval '2 days', now(), 1, 'm', 'c',
         '+14155550101', $2, 'changed', $3, 'Gate 5 is now open')`,
      [`cmd_${text}`, text, { keyword: "undo", parts: [{ text }] }],
    );
    await database.run(
      "t-message",
      `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, media, segments,
         encoding, status, created_at) values ('ten_1', $1, 'c', 'in', '+14155550101', '64600', '+14155550101', $2,
         '[{"url":"https://example.com/secret.jpg"}]', 1, 'GSM-7', 'received', now() - interval '2 days')`,
      [`msg_${text}`, text],
    );
  }
  await purgeOld(database, () => false);
  const commands = await database.run("t-commands", "select text, phone, meaning, reply_text from commands");
  const meaning = { keyword: "undo", parts: [] };
  const redacted = { text: "", phone: "+1******01", meaning, reply_text: null };
  expect(commands).toEqual([redacted, redacted]);
  const messages = await database.run("t-messages", "select text, media, sender, phone from messages");
  const empty = { text: "", media: null, sender: "+1******01", phone: "+1******01" };
  expect(messages).toEqual([empty, empty]);
});

test("a purge stops between two steps when it is told to", async () => {
  await database.run(
    "t-event",
    `insert into events (tenant_id, id, type, at, data)
     values ('ten_1', 'evt_1', 'x', now() - interval '40 days', '{}')`,
  );
  await purgeOld(database, () => true);
  expect(await database.run("t-events", "select 1 from events")).toHaveLength(1);
  await purgeOld(database, () => false);
  expect(await database.run("t-events", "select 1 from events")).toEqual([]);
});

test("counts of calls by address are kept for a day", async () => {
  await database.run(
    "t-limits",
    `insert into auth_rate_limit (id, key, count, last_request)
     select n::text, 'address ' || n, 1, (extract(epoch from now()) * 1000)::bigint - n * 86000000
     from generate_series(0, 2) n`,
  );
  await purgeOld(database, () => false);
  expect(await database.run("t-limits-left", "select key from auth_rate_limit order by id")).toEqual([
    { key: "address 0" },
    { key: "address 1" },
  ]);
});
