import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, message, openChannel, post } from "../conformance/program-bench.ts";
import type { ProviderCall, Reaction } from "../conformance/provider-server.ts";
import { loadSubjects } from "../conformance/subject.ts";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { mobinitiChannel } from "../support/mobiniti.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { inboundText } from "./provider-requests.ts";

/** Twilio first, Mobiniti behind it: what leaves by the one when the other cannot, and what does not. */
type Row = ApiAnswer["body"];

let program: Program;
let twilio: LiveChannel;
let mobiniti: FakeMobiniti;
let mobinitiId: string;
/** What Twilio answers a send; null = it takes it. */
let refusal: Reaction | null;
let taken: URLSearchParams[];
/** What Twilio lists of earlier texts. */
let listed: Row[];

beforeAll(async () => {
  const { subjects } = await loadSubjects(
    (await loadChannels()).values(),
    join(import.meta.dirname, "../channels"),
  );
  const subject = subjects.find((one) => one.provider.provider === "twilio");
  if (!subject) throw new Error("no table of Twilio");
  program = await startProgram();
  mobiniti = await startFakeMobiniti({});
  twilio = await openChannel(program, subject);
  twilio.server.answer = answer;
  const body = mobinitiChannel(mobiniti.url, { isDefault: false, rate: 1_000 });
  mobinitiId = (await program.api("POST", "/v1/channels", body)).body.id;
  await patch({ fallbackChannelId: mobinitiId });
  await program.api("PATCH", "/v1/settings", { consent: { brand: "Peak" } });
});
afterAll(async () => {
  await program.stop();
  await twilio.server.close();
  await mobiniti.close();
});
beforeEach(async () => {
  refusal = null;
  taken = [];
  listed = [];
  await program.api("POST", `/v1/channels/${twilio.id}/resume`);
});

function answer(call: ProviderCall): Reaction {
  const isList = call.method === "GET" && call.path.includes("/Messages.json?");
  if (isList) return { status: 200, body: JSON.stringify({ messages: listed }) };
  if (call.method === "GET") return { status: 200, body: JSON.stringify({ status: "active" }) };
  if (refusal) return refusal;
  const form = new URLSearchParams(call.body);
  taken.push(form);
  const sid = `SM${String(taken.length).padStart(32, "0")}`;
  return { status: 201, body: JSON.stringify({ sid, status: "queued", num_segments: "1" }) };
}

const error = (status: number, code: number): Reaction => ({
  status,
  body: JSON.stringify({ code, message: `error ${code}`, status }),
});

async function patch(change: object): Promise<Row> {
  const { status, body } = await program.api("PATCH", `/v1/channels/${twilio.id}`, change);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function send(to: string, text: string): Promise<string> {
  const order = { to, text, channelId: twilio.id };
  return (await program.api("POST", "/v1/messages", order)).body.id;
}

async function reaches(id: string, status: string): Promise<Row> {
  return until(`${id} to be ${status}`, async () => {
    const found = await message(program, id);
    return found.status === status && found;
  });
}

const blockers = async (): Promise<Row[]> => (await program.api("GET", "/v1/health")).body.data;

test("a reply takes the other way when the credentials are refused, and the own way when they are good", async () => {
  const reporter = freshPhone();
  const made = { name: "Reporter", phones: [reporter], permissions: ["*"] };
  await program.api("POST", "/v1/reporters", made);
  const text = async (words: string) => {
    await post(program, twilio, inboundText(twilio.subject, reporter, words, new Date(program.clock.now())));
    return until(`an answer to ${words}`, async () => {
      const { body } = await program.api("GET", "/v1/commands?limit=100");
      return body.data.find((row: Row) => row.from === reporter && row.text === words)?.reply;
    });
  };
  refusal = error(401, 20003);
  const reply = await text("GROOMING OPEN");
  const moved = await reaches(reply.messageId, "handed_over");
  expect(moved).toMatchObject({ channelId: mobinitiId, from: "64600", text: `Peak: ${reply.text}` });
  expect(moved.attempts.map((line: Row) => line.outcome)).toEqual(["broken-credential", "moved", "accepted"]);
  expect(moved.attempts[1]).toMatchObject({ from: twilio.id, to: mobinitiId, toAddress: "64600" });
  expect(mobiniti.sends.get(`Peak: ${reply.text}`)).toBe(1);
  expect(await blockers()).toMatchObject([
    {
      cause: "credentials",
      object: { kind: "channel", id: twilio.id },
      text: expect.stringMatching(/^channel Twilio: credentials refused since \d\d:\d\d\. Nothing leaves/),
      action: "test",
    },
  ]);

  const queued = await send(reporter, "While it is down");
  expect(await reaches(queued, "handed_over")).toMatchObject({
    channelId: mobinitiId,
    text: "Peak: While it is down",
  });

  refusal = null;
  expect((await program.api("POST", `/v1/channels/${twilio.id}/test`)).body.ok).toBe(true);
  expect(await blockers()).toEqual([]);
  const second = await text("GROOMING CLOSED");
  const back = await reaches(second.messageId, "handed_over");
  expect(back).toMatchObject({ channelId: twilio.id, text: second.text, providerSegments: 1 });
  const free = await program.api("POST", "/v1/messages", { to: reporter, text: "And by itself" });
  expect(free.body.channelId).toBe(twilio.id);
  await reaches(free.body.id, "handed_over");
});

test("all parts of a long text go together", async () => {
  refusal = error(400, 21606);
  const words = "word ".repeat(60).trim();
  const moved = await reaches(await send(freshPhone(), words), "handed_over");
  expect(moved).toMatchObject({ channelId: mobinitiId, segments: 2, text: `Peak: ${words}` });
  expect(mobiniti.sends.get(`Peak: ${words}`)).toBe(1);
  expect(await blockers()).toMatchObject([
    { cause: "registration", object: { id: twilio.id }, text: expect.stringContaining("21606") },
  ]);
  refusal = null;
  await reaches(await send(freshPhone(), "It works again"), "handed_over");
  await until("the note to go", async () => (await blockers()).length === 0);
});

test("an opted-out person is texted by nobody", async () => {
  refusal = error(400, 21610);
  const failed = await reaches(await send(freshPhone(), "Are you there?"), "failed");
  expect(failed).toMatchObject({ channelId: twilio.id, error: { code: "opted_out" } });
  expect(failed.error.text).toContain("texting START");
  expect(mobiniti.sends.get("Peak: Are you there?")).toBeUndefined();
});

describe("no clear answer", () => {
  async function uncertain(words: string): Promise<{ id: string; person: string }> {
    refusal = "reset";
    const person = freshPhone();
    const id = await send(person, words);
    const row = await reaches(id, "handed_over");
    expect(row).toMatchObject({ channelId: twilio.id, flags: ["uncertain"] });
    expect(mobiniti.sends.get(`Peak: ${words}`)).toBeUndefined();
    return { id, person };
  }

  const entry = (over: object) => ({
    ...{ sid: "SMfound", status: "delivered", direction: "outbound-api" },
    date_created: new Date(program.clock.now()).toUTCString(),
    ...over,
  });

  /** What would be done a minute later. */
  async function lookNow(id: string): Promise<void> {
    const now =
      "update polls set due_at = now() where message_id = $1 and provider_message_id is null returning 1";
    const due = await program.app.database.run("t-look-now", now, [id]);
    expect(due).toHaveLength(1);
    const calls = () => twilio.server.calls.filter((call) => call.method === "GET").length;
    const before = calls();
    await until("Twilio to be asked", async () => calls() > before);
  }

  test("no other channel sends it, and one text like it at the provider settles it", async () => {
    const { id, person } = await uncertain("Did it arrive?");
    listed = [entry({ body: "Did it arrive?", to: person }), entry({ sid: "SMother", body: "Other words" })];
    await lookNow(id);
    const settled = await reaches(id, "delivered");
    expect(settled).toMatchObject({ flags: [], error: null });
    expect(settled.attempts.map((line: Row) => line.outcome)).toEqual(["uncertain", "found"]);
    const asked = twilio.server.calls.find((call) => call.path.includes("/Messages.json?"));
    const query = new URL(asked?.path ?? "", "http://twilio").searchParams;
    expect(query.get("To")).toBe(person);
    expect(query.get("From")).toBe(twilio.subject.fixture.address);
    expect(query.get("DateSent>")).toMatch(/^\d{4}-\d\d-\d\d$/);
    const { body } = await program.api("GET", "/v1/events?type=message.sent,message.delivered&limit=100");
    const told = body.data.filter((event: Row) => event.data.message.id === id);
    expect(told.map((event: Row) => event.type).sort()).toEqual(["message.delivered", "message.sent"]);
  });

  test("two alike settle nothing, and neither does an old one or none", async () => {
    const { id, person } = await uncertain("Which one?");
    listed = [
      entry({ body: "Which one?", to: person, sid: "SMa" }),
      entry({ body: "Which one?", sid: "SMb" }),
    ];
    await lookNow(id);
    listed = [entry({ body: "Which one?", sid: "SMc", date_created: "Thu, 01 Jan 2026 00:00:00 +0000" })];
    await lookNow(id);
    expect(await message(program, id)).toMatchObject({ status: "handed_over", flags: ["uncertain"] });
  });
});

test("paused by a person: the other channel takes over until it is resumed", async () => {
  const paused = await program.api("POST", `/v1/channels/${twilio.id}/pause`);
  expect(paused.body).toMatchObject({ id: twilio.id, health: { paused: { cause: "paused_by_user" } } });
  expect(JSON.stringify(paused.body)).not.toContain("/in/");
  const moved = await reaches(await send(freshPhone(), "In the meantime"), "handed_over");
  expect(moved.channelId).toBe(mobinitiId);
  expect(await blockers()).toMatchObject([{ cause: "paused_by_user", action: "resume" }]);
  // A test of the credentials is no resume.
  await program.api("POST", `/v1/channels/${twilio.id}/test`);
  expect(await blockers()).toHaveLength(1);
  await program.api("POST", `/v1/channels/${twilio.id}/resume`);
  const own = await reaches(await send(freshPhone(), "Back again"), "handed_over");
  expect(own.channelId).toBe(twilio.id);
  const { body } = await program.api("GET", "/v1/audit?limit=5");
  expect(body.data.map((entry: Row) => entry.action)).toEqual(
    expect.arrayContaining(["channel.paused", "channel.resumed"]),
  );
});
