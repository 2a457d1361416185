import { afterAll, beforeAll, expect, test } from "vitest";
import { channel as simulator } from "../../src/channels/simulator.ts";
import type { ActiveChannel } from "../../src/channels/types.ts";
import type { ReceiptArrival } from "../../src/domain/arrival.ts";
import { liftBlock } from "../../src/store/provider-blocks.ts";
import { createLog } from "../../src/tools/log.ts";
import type { News } from "../../src/workers/inbox/news.ts";
import { recordNews } from "../../src/workers/inbox/news.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;
const log = createLog({ level: "silent", pretty: false });

beforeAll(async () => {
  database = await openStore();
  await database.run("t-tenant", "insert into tenants (id, slug, name) values ('ten_1', 'one', 'Peak')");
  await database.run(
    "t-channel",
    `insert into channels (id, tenant_id, provider, name, address, token)
     values ('chn_1', 'ten_1', 'simulator', 'One', '64600', 't')`,
  );
});
afterAll(() => database.close());

/** A report that names an id of which the answer to the send told nothing. */
function report(seq: number, providerMessageId: string, over: Partial<ReceiptArrival> = {}): News {
  const receipt = {
    kind: "receipt",
    providerMessageId,
    phone: "+14155550101",
    text: "Already closed",
  } as const;
  return {
    claimed: {
      ...{ seq, bucket: 0, tenantId: "ten_1", channelId: "chn_1", receivedAt: new Date(), attempts: 0 },
      arrival: { ...receipt, status: "delivered", code: null, description: null, bounce: false, ...over },
    },
    channel: { id: "chn_1", tenantId: "ten_1", provider: simulator, address: "64600" } as ActiveChannel,
  };
}

test("two reports about the same words to the same number are about two texts", async () => {
  for (const id of ["msg_1", "msg_2"]) {
    await database.run(
      "t-message",
      `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
         encoding, status, created_at) values ('ten_1', $1, 'chn_1', 'out', 'command_reply', '64600', '+14155550101',
         '+14155550101', 'Already closed', 1, 'GSM-7', 'handed_over', now())`,
      [id],
    );
  }
  await database.transact((tx) => recordNews(tx, [report(1, "a"), report(2, "b")], log));
  const rows = await database.run(
    "t-rows",
    "select status, provider_message_id as id from messages order by id",
  );
  expect(rows).toEqual([
    { status: "delivered", id: "a" },
    { status: "delivered", id: "b" },
  ]);
});

test.each([
  ["before the text left: the refusal is news", -2, [{ blocked: true }]],
  ["after the text had left: the refusal is old", 0, []],
])("a text made long before it left, START %s", async (_, startedHoursFromNow, blocks) => {
  await database.run("t-clean", "truncate messages, provider_blocks, consent_events, suppressions");
  const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  await database.run(
    "t-late",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, provider_message_id, created_at, attempts) values ('ten_1', 'msg_3', 'chn_1', 'out',
       'conversation', '64600', '+14155550101', '+14155550101', 'Later', 1, 'GSM-7', 'handed_over', 'c', $1, $2)`,
    [hoursFromNow(-48), JSON.stringify([{ at: hoursFromNow(-1).toISOString(), outcome: "accepted" }])],
  );
  const route = { tenantId: "ten_1", phone: "+14155550101", channelId: "chn_1", address: "64600" };
  const start = { word: "start", text: "START", messageId: null, at: hoursFromNow(startedHoursFromNow) };
  await database.transact((tx) => liftBlock(tx, { ...route, ...start }));
  const refusal = report(3, "c", { text: null, status: "undelivered", code: "21610", optedOut: true });
  await database.transact((tx) => recordNews(tx, [refusal], log));
  const rows = await database.run("t-blocks", "select lifted_at is null as blocked from provider_blocks");
  expect(rows).toEqual(blocks);
});
