import { expect } from "vitest";
import type { ReceiptArrival } from "../../src/domain/arrival.ts";
import { STATUS_RANK } from "../../src/domain/message.ts";
import type { Program } from "../support/program.ts";
import { until } from "../support/program.ts";
import type { RequestCase } from "./fixture.ts";
import type { LiveChannel } from "./program-bench.ts";
import { freshId, freshPhone, message, metric, post, routed } from "./program-bench.ts";
import type { Subject } from "./subject.ts";

/** Recorded receipts, told of other texts: what happens when they come early, late or for nobody. */
export interface Receipts {
  /** The highest state the table has a receipt of, and a lower one. */
  high: Recorded;
  low: Recorded;
  /** The id in the accepted answer. */
  acceptedId: string;
}

interface Recorded {
  request: RequestCase;
  receipt: ReceiptArrival;
  id: string;
}

/** Null for a provider that sends no receipts with ids. */
export function receiptsOf({ fixture }: Subject): Receipts | null {
  const { send } = fixture;
  const acceptedId = send?.outcome.kind === "accepted" ? send.outcome.providerMessageId : null;
  if (!send || acceptedId === null || !send.accepted.body.includes(acceptedId)) return null;
  const found = fixture.requests.flatMap((request): Recorded[] => {
    const [only, ...more] = Array.isArray(request.expect) ? request.expect : [];
    if (only?.kind !== "receipt" || more.length > 0 || only.providerMessageId === null) return [];
    if (!request.body.includes(only.providerMessageId)) return [];
    return [{ request, receipt: only, id: only.providerMessageId }];
  });
  found.sort((a, b) => STATUS_RANK[b.receipt.status] - STATUS_RANK[a.receipt.status]);
  const [high] = found;
  const low = found.at(-1);
  return high && low && high.receipt.status !== low.receipt.status ? { high, low, acceptedId } : null;
}

function about(recorded: Recorded, id: string): RequestCase {
  const { request } = recorded;
  return { ...request, body: request.body.replaceAll(recorded.id, id) };
}

/** Sends a text that the provider takes under `id` once `ready` says so. */
async function sendOne(
  program: Program,
  live: LiveChannel,
  receipts: Receipts,
  id: string,
  ready: Promise<void>,
) {
  const { send } = live.subject.fixture;
  const to = freshPhone();
  const called = Promise.withResolvers<void>();
  live.plans.set(to.slice(-10), async () => {
    called.resolve();
    await ready;
    const accepted = send?.accepted ?? { status: 200, body: "" };
    return { ...accepted, body: accepted.body.replaceAll(receipts.acceptedId, id) };
  });
  const text = `Told of by a receipt: ${to.slice(-4)}`;
  const sent = await program.api("POST", "/v1/messages", { to, text, channelId: live.id });
  expect(sent.status, JSON.stringify(sent.body)).toBe(202);
  await called.promise;
  return sent.body.id as string;
}

async function reaches(program: Program, messageId: string, status: string): Promise<void> {
  let last = "";
  await until(`${messageId} to be ${status}`, async () => {
    last = (await message(program, messageId)).status;
    return last === status;
  }).catch((error) => {
    throw new Error(`${error.message}; it is ${last}`);
  });
}

async function tell(program: Program, live: LiveChannel, recorded: Recorded, id: string): Promise<void> {
  const answer = await post(program, live, about(recorded, id));
  expect(answer.status, answer.body).toBeLessThan(300);
}

export async function beforeTheAnswer(
  program: Program,
  live: LiveChannel,
  receipts: Receipts,
): Promise<void> {
  const id = freshId(receipts.acceptedId);
  const ready = Promise.withResolvers<void>();
  const messageId = await sendOne(program, live, receipts, id, ready.promise);
  await tell(program, live, receipts.high, id);
  await routed(program);
  ready.resolve();
  await reaches(program, messageId, receipts.high.receipt.status);
}

export async function reversed(program: Program, live: LiveChannel, receipts: Receipts): Promise<void> {
  const { high, low } = receipts;
  const id = freshId(receipts.acceptedId);
  const messageId = await sendOne(program, live, receipts, id, Promise.resolve());
  await tell(program, live, high, id);
  await reaches(program, messageId, high.receipt.status);
  await tell(program, live, low, id);
  await routed(program);
  expect((await message(program, messageId)).status).toBe(high.receipt.status);
}

export async function forNobody(program: Program, live: LiveChannel, receipts: Receipts): Promise<void> {
  const before = await metric(program, "receipts_orphaned_total", live);
  await tell(program, live, receipts.high, freshId(receipts.acceptedId));
  await routed(program);
  await until("the receipt to be counted", async () => {
    return (await metric(program, "receipts_orphaned_total", live)) > before;
  });
}
