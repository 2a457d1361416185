import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../src/domain/ids.ts";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
});
afterAll(() => program.stop());

interface Text {
  direction: "in" | "out";
  status: string;
  hoursAgo: number;
}

async function write({ direction, status, hoursAgo }: Text): Promise<void> {
  const at = program.clock.now() - hoursAgo * 3_600_000;
  await program.app.database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, segments, encoding,
       status, created_at) values ($1, $2, 'chn_1', $3, '+1', '+2', '+2', 'x', 1, 'GSM-7', $4, $5)`,
    [program.tenantId, newId("msg", at), direction, status, new Date(at)],
  );
}

test("nothing yet: zeros for each of 24 hours, and no rate", async () => {
  const { status, body } = await program.api("GET", "/v1/stats");
  expect(status).toBe(200);
  expect(body).toMatchObject({ received: 0, sent: 0, deliveryRate: null, reply: { count: 0, p50Ms: null } });
  expect(body.hours).toHaveLength(24);
});

test("texts are counted in the hour they came about", async () => {
  program.clock.advance(10);
  // Ids of older hours are made first: they only ever climb.
  await write({ direction: "in", status: "received", hoursAgo: 30 });
  await write({ direction: "in", status: "received", hoursAgo: 5 });
  await write({ direction: "out", status: "delivered", hoursAgo: 5 });
  await write({ direction: "out", status: "delivered", hoursAgo: 5 });
  await write({ direction: "out", status: "delivered", hoursAgo: 0 });
  await write({ direction: "out", status: "failed", hoursAgo: 0 });
  await write({ direction: "out", status: "queued", hoursAgo: 0 });
  const { body } = await program.api("GET", "/v1/stats");
  expect(body).toMatchObject({ received: 1, sent: 5, delivered: 3, failed: 1, deliveryRate: 0.75 });
  expect(body.hours[18]).toMatchObject({ received: 1, sent: 2, delivered: 2, failed: 0 });
  expect(body.hours[23]).toMatchObject({ received: 0, sent: 3, delivered: 1, failed: 1 });
});

test("a text that was routed weeks after it came does not break them", async () => {
  const id = newId("msg");
  const at = new Date(program.clock.now());
  await program.app.database.run(
    "t-reply",
    `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, segments, encoding,
       status, created_at, history)
     values ($1, $2, 'chn_1', 'out', '+1', '+2', '+2', 'x', 1, 'GSM-7', 'sent', $3::timestamptz,
       jsonb_build_array(jsonb_build_object('status', 'sent', 'at', $3::timestamptz)))`,
    [program.tenantId, id, at],
  );
  await program.app.database.run(
    "t-old-text",
    `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id, phone, text,
       outcome, meaning, reply_message_id)
     values ($1, $2, $3::timestamptz - interval '40 days', $3, 0, 'msg_in', 'chn_1', '+2', 'x', 'changed', '{}', $4)`,
    [program.tenantId, newId("cmd"), at, id],
  );
  program.clock.advance(10);
  const { status, body } = await program.api("GET", "/v1/stats");
  expect([status, body.reply]).toEqual([200, { count: 1, p50Ms: 3_456_000_000, p95Ms: 3_456_000_000 }]);
});
