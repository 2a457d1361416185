import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReceiptInput } from "../../src/store/news.ts";
import { applyReceipts } from "../../src/store/news.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());

function receipt(status: "delivered" | "undelivered"): ReceiptInput {
  return {
    ...{ ord: 0, seq: 1, bucket: 0, tenantId: "ten_1", channelId: "chn_1", at: new Date().toISOString() },
    receipt: {
      ...{ kind: "receipt", providerMessageId: "p1", phone: null, text: null, status },
      ...{ code: null, description: null, bounce: false },
    },
  };
}

test("two reports at the same moment: the status is judged on what the other one wrote", async () => {
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, provider_message_id, created_at)
     values ('ten_1', 'm1', 'chn_1', 'out', 'command_reply', '64600', '+1', '+1', 'x', 1, 'GSM-7', 'handed_over',
       'p1', now())`,
  );
  let second: ReturnType<typeof applyReceipts> | null = null;
  await database.transact(async (tx) => {
    await applyReceipts(tx, [receipt("delivered")]);
    second = database.transact((other) => applyReceipts(other, [receipt("undelivered")]));
    for (;;) {
      const waiting = await tx.run(
        "t-waiting",
        "select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database()) or not granted and locktype = 'transactionid'",
      );
      if (waiting.length > 0) break;
    }
  });
  const matches = await (second as unknown as ReturnType<typeof applyReceipts>);
  expect(matches).toMatchObject([{ status: "delivered", priorStatus: "delivered", climbed: false }]);
  const rows = await database.run<{ status: string }>("t-status", "select status from messages");
  expect(rows).toEqual([{ status: "delivered" }]);
});
