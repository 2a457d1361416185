import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { RequestCase } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, message, openChannel, post, routed } from "../conformance/program-bench.ts";
import { loadSubjects } from "../conformance/subject.ts";
import type { FakeProvider } from "../fakes/provider.ts";
import { playProvider } from "../fakes/provider.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { toldBy } from "./provider-requests.ts";

/** What providers tell after the fact: part by part, that nobody will ever say, and that somebody came back. */
type Row = ApiAnswer["body"];

let program: Program;
const live = new Map<string, { channel: LiveChannel; fake: FakeProvider }>();

beforeAll(async () => {
  const { subjects } = await loadSubjects(
    (await loadChannels()).values(),
    join(import.meta.dirname, "../channels"),
  );
  program = await startProgram();
  for (const name of ["plivo", "telnyx", "twilio", "sinch"]) {
    const subject = subjects.find((one) => one.provider.provider === name);
    if (!subject) throw new Error(`no table of ${name}`);
    const channel = await openChannel(program, subject);
    live.set(name, { channel, fake: playProvider(channel) });
  }
});
afterAll(async () => {
  await program.stop();
  await Promise.all([...live.values()].map(({ channel }) => channel.server.close()));
});

function stationOf(name: string) {
  const found = live.get(name);
  if (!found) throw new Error(`no channel of ${name}`);
  return found;
}

/** A text that was taken: our id, and the one it has at the provider. */
async function taken(name: string, words: string): Promise<{ id: string; told: string; phone: string }> {
  const { channel, fake } = stationOf(name);
  const phone = freshPhone();
  const order = { to: phone, text: words, channelId: channel.id };
  const { body } = await program.api("POST", "/v1/messages", order);
  await until("the text to be taken", async () => (await message(program, body.id)).status === "handed_over");
  return { id: body.id, told: fake.sentTo(phone)[0]?.id ?? "", phone };
}

async function deliver(name: string, request: RequestCase): Promise<void> {
  const { channel } = stationOf(name);
  const answer = await post(program, channel, request);
  expect(answer.status, answer.body).toBeLessThan(300);
  await routed(program);
}

function caseOf(name: string, title: string): RequestCase {
  const found = stationOf(name).channel.subject.fixture.requests.find((one) => one.name === title);
  if (!found) throw new Error(`the table of ${name} has no "${title}"`);
  return found;
}

/** A recorded receipt of a form, about our text, with other fields. */
function form(recorded: RequestCase, fields: Record<string, string>): RequestCase {
  const body = new URLSearchParams(recorded.body);
  for (const [key, value] of Object.entries(fields)) body.set(key, value);
  return { ...recorded, body: body.toString() };
}

function json(recorded: RequestCase, from: string, to: string): RequestCase {
  return { ...recorded, body: recorded.body.replaceAll(from, to) };
}

const LONG = "word ".repeat(60).trim();

test("a long text is delivered when all its parts are", async () => {
  const { id, told } = await taken("plivo", LONG);
  const part = (uuid: string, info: string, over: Record<string, string> = {}) =>
    deliver(
      "plivo",
      form(caseOf("plivo", "status delivered"), {
        ...{ MessageUUID: uuid, ParentMessageUUID: told, PartInfo: info },
        ...over,
      }),
    );
  await part(told, "1 of 2");
  expect(await message(program, id)).toMatchObject({ status: "sent", error: null });
  await part(`${told}-2`, "2 of 2", { Status: "undelivered", ErrorCode: "80" });
  expect(await message(program, id)).toMatchObject({
    status: "undelivered",
    error: {
      providerCode: "80",
      fault: "carrier",
      text: "The phone is switched off or out of reach. Send it again later.",
    },
  });
  await part(`${told}-2`, "2 of 2");
  const { status, error, statusHistory } = await message(program, id);
  expect({ status, error }).toEqual({ status: "delivered", error: null });
  expect(statusHistory.map((line: Row) => line.part)).toEqual([undefined, undefined, "1/2", "2/2", "2/2"]);
});

test("parts in another order, and twice", async () => {
  const { id, told } = await taken("plivo", LONG);
  for (const info of ["2 of 2", "2 of 2", "1 of 2"]) {
    expect((await message(program, id)).status).not.toBe("delivered");
    const fields = { MessageUUID: `${told}${info[0]}`, ParentMessageUUID: told, PartInfo: info };
    await deliver("plivo", form(caseOf("plivo", "status delivered"), fields));
  }
  expect((await message(program, id)).status).toBe("delivered");
});

test.each([
  ["telnyx", "delivery unconfirmed", "delivered"],
  ["sinch", "Unknown 999", "Delivered 0"],
])(
  "%s: nobody will say whether it arrived; a late delivery clears it",
  async (name, unconfirmed, delivered) => {
    const { id, told, phone } = await taken(name, "Hello");
    const about = (title: string) => {
      const recorded = caseOf(name, title);
      const [receipt] = Array.isArray(recorded.expect) ? recorded.expect : [];
      if (receipt?.kind !== "receipt") throw new Error(`"${title}" is no receipt`);
      const named = json(recorded, receipt.providerMessageId ?? "", told);
      return json(named, receipt.phone?.slice(1) ?? "", phone.slice(1));
    };
    await deliver(name, about(unconfirmed));
    expect(await message(program, id)).toMatchObject({ status: "sent", flags: ["unconfirmed"] });
    await deliver(name, about(delivered));
    expect(await message(program, id)).toMatchObject({ status: "delivered", flags: [] });
  },
);

test("a start word only Twilio knows brings a person back", async () => {
  const { channel, fake } = stationOf("twilio");
  const person = freshPhone();
  await deliver("twilio", toldBy(caseOf("twilio", "a stop word only Twilio knows"), person));
  const send = async (text: string): Promise<Row> => {
    const order = { to: person, text, channelId: channel.id };
    const { body } = await program.api("POST", "/v1/messages", order);
    return until("an end", async () => {
      const found = await message(program, body.id);
      return found.status !== "queued" && found;
    });
  };
  expect(await send("Nobody wants this")).toMatchObject({ status: "failed" });
  await deliver("twilio", toldBy(caseOf("twilio", "a start word only Twilio knows"), person));
  expect(await send("Welcome back")).toMatchObject({ status: "handed_over" });
  const words = fake.sentTo(person).map(({ call }) => new URLSearchParams(call.body).get("Body"));
  expect(words).toContain("Welcome back");
  expect(words).not.toContain("Nobody wants this");
  const { body } = await program.api(
    "GET",
    "/v1/events?type=contact.subscribed,contact.unsubscribed&limit=100",
  );
  const told = body.data.filter((event: Row) => event.data.phone === person);
  expect(told.map((event: Row) => event.type).sort()).toEqual(["contact.subscribed", "contact.unsubscribed"]);
});

test("a help word only Twilio knows is answered by Twilio alone", async () => {
  const { fake } = stationOf("twilio");
  const person = freshPhone();
  const asked = caseOf("twilio", "a help word seen by Advanced Opt-Out");
  await deliver("twilio", form(toldBy(asked, person), { Body: "WHATISTHIS" }));
  const { body } = await program.api("GET", "/v1/commands?limit=100");
  const row = body.data.find((one: Row) => one.from === person);
  expect(row).toMatchObject({ outcome: "unknown_sender", reply: { withheld: "answered_by_provider" } });
  expect(fake.sentTo(person)).toEqual([]);
});
