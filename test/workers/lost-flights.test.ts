import { afterAll, beforeAll, expect, test } from "vitest";
import { saveLane } from "../../src/store/lanes.ts";
import { claimFlights } from "../../src/store/outbox.ts";
import { createLog } from "../../src/tools/log.ts";
import type { Suspects } from "../../src/workers/outbox/lost-flights.ts";
import { recoverLostFlights } from "../../src/workers/outbox/lost-flights.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());

test("a process that lost its connection for a moment is not taken for dead", async () => {
  await database.transact((tx) =>
    saveLane(tx, { id: "lane", tenantId: "ten_1", concurrency: 1, rate: null }),
  );
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at) values ('ten_1', 'm1', 'lane', 'out', 'command_reply', '64600', '+1', '+1', 'x',
       1, 'GSM-7', 'queued', now())`,
  );
  await database.run(
    "t-outbox",
    `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at)
     values ('ten_1', 'lane', 'm1', '+1', 1, now())`,
  );
  await claimFlights(database, "gone", "claim", 1);
  const suspects: Suspects = new Map();
  const log = createLog({ level: "silent", pretty: false });
  const recover = () =>
    recoverLostFlights({ database, node: "me", channels: { byId: () => null }, log, suspects });
  expect(await recover()).toBe(0);
  expect([...suspects.keys()]).toEqual(["gone"]);
  suspects.set("gone", performance.now() - 3_001);
  expect(await recover()).toBe(1);
  const rows = await database.run("t-message-now", "select status, flags from messages");
  expect(rows).toEqual([{ status: "handed_over", flags: ["uncertain"] }]);
  expect(await recover()).toBe(0);
  expect(suspects.size).toBe(0);
});
