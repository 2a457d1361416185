import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReceiptArrival } from "../../src/domain/arrival.ts";
import type { ReceiptInput } from "../../src/store/news.ts";
import { applyReceipts } from "../../src/store/news.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());

function receipt(status: ReceiptArrival["status"], id = "p1"): ReceiptInput {
  return {
    ...{ ord: 0, seq: 1, bucket: 0, tenantId: "ten_1", channelId: "chn_1", at: new Date().toISOString() },
    receipt: {
      ...{ kind: "receipt", providerMessageId: id, phone: null, text: null, status },
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

const tell = (status: ReceiptArrival["status"], id: string) =>
  database.transact((tx) => applyReceipts(tx, [receipt(status, id)]));

async function handedOver(id: string, over: { error: object | null; flags: string[] }): Promise<void> {
  await database.run(
    "t-handed-over",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, provider_message_id, created_at, error, flags)
     values ('ten_1', $1, 'chn_1', 'out', 'command_reply', '64600', '+1', '+1', 'x', 1, 'GSM-7', 'handed_over', $1,
       now(), $2, $3)`,
    [id, over.error && JSON.stringify(over.error), over.flags],
  );
}

const stateOf = async (id: string) => {
  const rows = await database.run<{ status: string; code: string | null }>(
    "t-state",
    "select status, error->>'code' as code from messages where id = $1",
    [id],
  );
  return rows[0];
};

test("a late report of an earlier step does not take away why it failed", async () => {
  await handedOver("p2", { error: null, flags: [] });
  await tell("undelivered", "p2");
  await tell("sent", "p2");
  expect(await stateOf("p2")).toEqual({ status: "undelivered", code: "undelivered" });
  await tell("delivered", "p2");
  expect(await stateOf("p2")).toEqual({ status: "delivered", code: null });
});

test("any report of a text says that the provider has it: no doubt is left", async () => {
  await handedOver("p3", { error: { code: "uncertain" }, flags: ["uncertain"] });
  await tell("handed_over", "p3");
  expect(await stateOf("p3")).toEqual({ status: "handed_over", code: null });
});
