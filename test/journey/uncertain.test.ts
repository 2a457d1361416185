import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { RequestCase } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshId, freshPhone, message, openChannel, post, routed } from "../conformance/program-bench.ts";
import type { ProviderCall } from "../conformance/provider-server.ts";
import { loadSubjects } from "../conformance/subject.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { receiptOf } from "./provider-requests.ts";

/**
 * A provider takes a text and gives no clear answer. What settles it is its receipt: our own id of the text went
 * with it, in a field that receipts repeat or in the address they are sent to.
 */
type Row = ApiAnswer["body"];

let program: Program;
const live = new Map<string, LiveChannel>();
const FIELDS = {
  vonage: "client_ref",
  sinch: "client_reference",
  "mobile-api-connect": "ref",
  bandwidth: "tag",
};
const table = [...Object.keys(FIELDS), "twilio", "telnyx", "plivo"];

beforeAll(async () => {
  const providers = (await loadChannels()).values();
  const { subjects } = await loadSubjects(providers, join(import.meta.dirname, "../channels"));
  program = await startProgram();
  for (const name of table) {
    const subject = subjects.find((one) => one.provider.provider === name);
    if (!subject) throw new Error(`no table of ${name}`);
    live.set(name, await openChannel(program, subject));
  }
});
afterAll(async () => {
  await program.stop();
  await Promise.all([...live.values()].map(({ server }) => server.close()));
});

function liveOf(name: string): LiveChannel {
  const found = live.get(name);
  if (!found) throw new Error(`no channel of ${name}`);
  return found;
}

/** A text whose send ends with a 502, and the call that was made. */
async function unclear(name: string): Promise<{ id: string; phone: string; call: ProviderCall }> {
  const channel = liveOf(name);
  const phone = freshPhone();
  const calls: ProviderCall[] = [];
  channel.plans.set(phone.slice(-10), (call) => {
    calls.push(call);
    return { status: 502, body: "" };
  });
  const order = { to: phone, text: "Gate 5 OPEN", channelId: channel.id };
  const { body } = await program.api("POST", "/v1/messages", order);
  await until(
    "an end without an answer",
    async () => (await message(program, body.id)).flags[0] === "uncertain",
  );
  return { id: body.id, phone, call: calls[0] as ProviderCall };
}

/** The delivery of a text that nobody here knows under its id at the provider. */
function delivery(name: string, text: { id: string; phone: string; call: ProviderCall }): RequestCase {
  const strange = freshId("bbbbbbbb-bbbb-4ccc-8ddd-000000000000");
  const recorded = receiptOf(
    liveOf(name).subject,
    ({ status }) => status === "delivered",
    strange,
    text.phone,
  );
  if (!recorded) throw new Error(`the table of ${name} has no delivery`);
  const field = Object.entries(FIELDS).find(([provider]) => provider === name)?.[1];
  if (field === undefined) {
    const query = /\?text=(msg_\w+)/.exec(decodeURIComponent(text.call.body));
    expect(query?.[1]).toBe(text.id);
    return { ...recorded, query: query?.[0] ?? "" };
  }
  expect(JSON.parse(text.call.body)[field]).toBe(text.id);
  const told = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(told);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, key === field ? text.id : told(inner)]),
    );
  };
  return { ...recorded, body: JSON.stringify(told(JSON.parse(recorded.body))) };
}

async function tell(name: string, request: RequestCase): Promise<void> {
  const answer = await post(program, liveOf(name), request);
  expect(answer.status, answer.body).toBeLessThan(300);
  await routed(program);
}

test.concurrent.each(table)("%s: the delivery of a text without a clear answer settles it", async (name) => {
  const text = await unclear(name);
  await tell(name, delivery(name, text));
  const { status, flags, error } = await message(program, text.id);
  expect({ status, flags, error }).toEqual({ status: "delivered", flags: [], error: null });
  const { body } = await program.api("GET", "/v1/events?type=message.sent,message.delivered&limit=100");
  const told = body.data.filter((event: Row) => event.data.message.id === text.id);
  expect(told.map((event: Row) => event.type).sort()).toEqual(["message.delivered", "message.sent"]);
  const metrics = await (await fetch(`${program.url}/metrics`)).text();
  const counted = `signalbox_delivery_latency_seconds_count{channel="${liveOf(name).id}"} `;
  expect(Number(metrics.split(counted)[1]?.split("\n")[0])).toBeGreaterThan(0);
});

test("a receipt that comes while the send is still under way waits for its end", async () => {
  const channel = liveOf("twilio");
  const phone = freshPhone();
  const { promise: call, resolve: called } = Promise.withResolvers<ProviderCall>();
  const { promise: told, resolve: release } = Promise.withResolvers<void>();
  channel.plans.set(phone.slice(-10), async (request) => {
    called(request);
    await told;
    return { status: 502, body: "" };
  });
  const order = { to: phone, text: "Gate 6 OPEN", channelId: channel.id };
  const { id } = (await program.api("POST", "/v1/messages", order)).body;
  await tell("twilio", delivery("twilio", { id, phone, call: await call }));
  expect((await message(program, id)).status).toBe("queued");
  release();
  await until("the receipt to count", async () => (await message(program, id)).status === "delivered");
});

test("our id moves no text that has another id at its provider, nor one of another channel", async () => {
  const text = await unclear("twilio");
  const request = delivery("twilio", text);
  const elsewhere = { ...delivery("plivo", text) };
  await tell("plivo", elsewhere);
  expect((await message(program, text.id)).status).toBe("handed_over");
  await tell("twilio", request);
  const failed = receiptOf(
    liveOf("twilio").subject,
    ({ status }) => status === "delivered",
    "SM-other",
    text.phone,
  );
  const late = { ...(failed as RequestCase), query: request.query ?? "" };
  const before = await message(program, text.id);
  await tell("twilio", late);
  expect(await message(program, text.id)).toEqual(before);
});
