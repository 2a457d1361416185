import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { ReceiptArrival } from "../../src/domain/arrival.ts";
import type { RequestCase } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, message, openChannel, post, routed } from "../conformance/program-bench.ts";
import type { Subject } from "../conformance/subject.ts";
import { hasDoor, loadSubjects } from "../conformance/subject.ts";
import type { FakeProvider } from "../fakes/provider.ts";
import { playProvider } from "../fakes/provider.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { expectSend, inboundText, receiptOf, toldBy } from "./provider-requests.ts";

/**
 * The whole way with every provider but Mobiniti, which has a journey of its own. All channels are active at
 * once in one program, and the default is another one: a reply finds its way back to where its text came from.
 */
const { subjects } = await loadSubjects(
  (await loadChannels()).values(),
  join(import.meta.dirname, "../channels"),
);
const travellers = subjects.filter((one) => hasDoor(one) && one.provider.provider !== "mobiniti");
const table = travellers.map((subject) => ({ name: subject.provider.provider, subject }));

type Row = ApiAnswer["body"];

let program: Program;
const stations = new Map<string, Station>();

interface Station {
  live: LiveChannel;
  fake: FakeProvider;
}

beforeAll(async () => {
  // Vonage is told https addresses only.
  program = await startProgram({ publicUrl: "https://hub.example.com" });
  for (const { name, subject } of table) {
    const live = await openChannel(program, subject);
    stations.set(name, { live, fake: playProvider(live) });
  }
});
afterAll(async () => {
  await program.stop();
  await Promise.all([...stations.values()].map(({ live }) => live.server.close()));
});

function stationOf(name: string): Station {
  const found = stations.get(name);
  if (!found) throw new Error(`no channel of ${name}`);
  return found;
}

/** Somebody who may change everything, like the sample reporter; answers the number. */
async function makeReporter(name: string): Promise<string> {
  const phone = freshPhone();
  const made = await program.api("POST", "/v1/reporters", { name, phones: [phone], permissions: ["*"] });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return phone;
}

async function deliver(live: LiveChannel, request: RequestCase | null): Promise<void> {
  if (!request) throw new Error("the table has no such request");
  const answer = await post(program, live, request);
  expect(answer.status, answer.body).toBe(live.subject.provider.acknowledge().status);
}

/** Texts the channel, and answers the message that was taken in and what the log says of it. */
async function text(live: LiveChannel, from: string, words: string): Promise<Row> {
  const before = await rowsOf(from);
  await deliver(live, inboundText(live.subject, from, words, new Date(program.clock.now())));
  return until(`"${words}" of ${from} in the log`, async () => {
    const rows = await rowsOf(from);
    return rows.length > before.length ? rows.find((row) => !before.some((old) => old.id === row.id)) : null;
  });
}

async function rowsOf(phone: string): Promise<Row[]> {
  const { body } = await program.api("GET", "/v1/commands?limit=100");
  return body.data.filter((row: Row) => row.from === phone);
}

async function reaches(id: string, status: string): Promise<Row> {
  let last: Row;
  return until(`${id} to be ${status}`, async () => {
    last = await message(program, id);
    return last.status === status && last;
  }).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
}

async function send(live: LiveChannel, to: string, words: string): Promise<string> {
  const { status, body } = await program.api("POST", "/v1/messages", {
    to,
    text: words,
    channelId: live.id,
  });
  expect(status, JSON.stringify(body)).toBe(202);
  return body.id;
}

/** What was told of this person's consent. */
async function consentEvents(phone: string): Promise<Row[]> {
  const types = "contact.subscribed,contact.unsubscribed";
  const { body } = await program.api("GET", `/v1/events?type=${types}&limit=100`);
  return body.data.filter((event: Row) => event.data.phone === phone);
}

/** Lets the provider say that a text was delivered: by itself, or asked before its time. */
async function tellDelivered(live: LiveChannel, id: string, messageId: string, phone: string) {
  if (!live.subject.provider.poll) {
    const says = (receipt: ReceiptArrival) => receipt.status === "delivered";
    return deliver(live, receiptOf(live.subject, says, id, phone));
  }
  await program.app.database.run("test-poll-now", "update polls set due_at = now() where message_id = $1", [
    messageId,
  ]);
}

/** The message that answered a text. */
const answerTo = (row: Row): string => row.reply.messageId;

/** The board as it is in the morning. */
async function closeGrooming(): Promise<void> {
  const { body } = await program.api("GET", "/v1/board/items?limit=100");
  const { id } = body.data.find((one: Row) => one.name === "Grooming");
  const closed = await program.api("PATCH", `/v1/board/items/${id}`, { fields: { status: "closed" } });
  expect(closed.status).toBe(200);
}

/** The provider's way of refusing a text because the person has opted out. */
function refusalOf({ fixture }: Subject) {
  return fixture.send?.refusals.find(({ outcome }) => {
    return outcome.kind === "refused" && outcome.reason === "opted_out";
  });
}

const isOptOut = (receipt: ReceiptArrival) => receipt.optedOut === true;

function saysOptedOut(subject: Subject): boolean {
  return receiptOf(subject, isOptOut, "any", "+14155550000") !== null;
}

test("every provider is on its way, and all but one tell of opt-outs", () => {
  const names = "bandwidth mobile-api-connect plivo sinch telnyx textbelt twilio vonage".split(" ");
  expect(table.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  const silent = table.filter(({ subject }) => !refusalOf(subject) && !saysOptedOut(subject));
  expect(silent.map(({ name }) => name)).toEqual(["sinch"]);
});

describe.each(table)("$name", ({ name, subject }) => {
  test("a command runs, its reply leaves by the same channel, and a receipt says that it arrived", async () => {
    const { live, fake } = stationOf(name);
    const reporter = await makeReporter(name);
    await closeGrooming();
    const row = await text(live, reporter, "GROOMING OPEN");
    expect(row).toMatchObject({
      outcome: "changed",
      provider: name,
      channelId: live.id,
      reporter: { name },
      changes: [{ item: "Grooming", field: "status", from: "closed", to: "open" }],
      reply: { key: "done", withheld: null },
    });
    const { messageId, text: words } = row.reply;
    const taken = await reaches(messageId, "handed_over");
    expect(taken).toMatchObject({ channelId: live.id, to: reporter, text: words });
    const [sent, ...more] = fake.sentTo(reporter);
    expect(more).toEqual([]);
    expectSend(live, sent?.call, { id: messageId, to: reporter, text: words });
    await tellDelivered(live, sent?.id ?? "", messageId, reporter);
    await reaches(messageId, "delivered");
  });

  test("STOP stops replies at once, START restores them", async () => {
    const { live, fake } = stationOf(name);
    const reporter = await makeReporter(`${name}, leaving`);
    await closeGrooming();
    const stop = await text(live, reporter, "STOP");
    expect(stop).toMatchObject({ outcome: "consent_stop", reply: { key: "stop.ok" } });
    await reaches(stop.reply.messageId, "handed_over");
    expect(await consentEvents(reporter)).toMatchObject([
      { type: "contact.unsubscribed", data: { phone: reporter, source: "keyword", keyword: "stop" } },
    ]);

    const unheard = await text(live, reporter, "GROOMING OPEN");
    expect(unheard).toMatchObject({ outcome: "changed", reply: { withheld: "opted_out" } });
    const blocked = await send(live, reporter, "Nobody wants to hear this.");
    expect((await reaches(blocked, "failed")).error.code).toBe("opted_out");

    const start = await text(live, reporter, "START");
    expect(start).toMatchObject({ outcome: "consent_start", reply: { key: "start.ok" } });
    const heard = await text(live, reporter, "GROOMING CLOSED");
    expect(heard).toMatchObject({ outcome: "changed", reply: { key: "done", withheld: null } });
    await reaches(heard.reply.messageId, "handed_over");
    expect((await consentEvents(reporter)).map((event) => event.type).sort()).toEqual([
      "contact.subscribed",
      "contact.unsubscribed",
    ]);

    // Texts to one person leave in order: nothing else can be on its way.
    const sent = fake.sentTo(reporter);
    expect(sent).toHaveLength(3);
    for (const [index, { reply }] of [stop, start, heard].entries()) {
      expectSend(live, sent[index]?.call, { id: reply.messageId, to: reporter, text: reply.text });
    }
  });

  testIf(subject.provider.answersConsent)("where it answers STOP itself, we say nothing", async () => {
    const { live, fake } = stationOf(name);
    const change = (who: string | null) =>
      program.api("PATCH", `/v1/channels/${live.id}`, { settings: { consentAnswers: who } });
    expect((await change(null)).status).toBe(200);
    const person = freshPhone();
    const stop = await text(live, person, "STOP");
    expect(stop).toMatchObject({
      outcome: "consent_stop",
      reply: { key: "stop.ok", withheld: "answered_by_provider", messageId: null },
    });
    expect(await consentEvents(person)).toMatchObject([{ type: "contact.unsubscribed" }]);
    expect(await text(live, person, "START")).toMatchObject({ outcome: "consent_start" });
    const heard = await send(live, person, "Welcome back.");
    await reaches(heard, "handed_over");
    expect(fake.sentTo(person)).toHaveLength(1);
    expect((await change("signalbox")).status).toBe(200);
  });

  const refusal = refusalOf(subject);
  testIf(refusal)("a text refused as opted out writes consent", async () => {
    const { live, fake } = stationOf(name);
    const person = freshPhone();
    fake.refuse(person, refusal?.reply ?? null);
    const first = await send(live, person, "Are you there?");
    const { error } = await reaches(first, "failed");
    expect(error).toMatchObject({ code: "opted_out", fault: "recipient" });
    await until(`${person} to be opted out`, async () => (await consentEvents(person)).length > 0);
    await staysAway(live, fake, person, first, error.providerCode ?? "opted_out");
  });

  testIf(refusal)("a provider that answers STOP by itself refuses ours: one opt-out, and START", async () => {
    const { live, fake } = stationOf(name);
    const person = freshPhone();
    fake.refuse(person, refusal?.reply ?? null);
    const stop = await text(live, person, "STOP");
    await until("the confirmation to be refused", async () => {
      return (await message(program, answerTo(stop))).status === "failed";
    });
    expect(await consentEvents(person)).toMatchObject([{ type: "contact.unsubscribed" }]);
    await comesBack(live, fake, person, 1);
  });

  const told = saysOptedOut(subject);
  testIf(told)("a receipt that says opted out writes consent", async () => {
    const { live, fake } = stationOf(name);
    const person = freshPhone();
    const first = await send(live, person, "Are you there?");
    await reaches(first, "handed_over");
    const [sent] = fake.sentTo(person);
    await deliver(live, receiptOf(subject, isOptOut, sent?.id ?? "", person));
    await until(`${person} to be opted out`, async () => (await consentEvents(person)).length > 0);
    const { status, error } = await message(program, first);
    expect(["failed", "undelivered"]).toContain(status);
    await staysAway(live, fake, person, first, error.providerCode);
  });

  testIf(told)("such a receipt about a text from before START does not undo it", async () => {
    const { live, fake } = stationOf(name);
    const person = freshPhone();
    const stop = await text(live, person, "STOP");
    await reaches(answerTo(stop), "handed_over");
    await comesBack(live, fake, person, 1);
    const [confirmation] = fake.sentTo(person);
    const before = await consentEvents(person);
    await deliver(live, receiptOf(subject, isOptOut, confirmation?.id ?? "", person));
    await routed(program);
    expect(["failed", "undelivered"]).toContain((await message(program, answerTo(stop))).status);
    expect(await consentEvents(person)).toEqual(before);
    await reaches(await send(live, person, "Still here."), "handed_over");
  });

  const ownWord = subject.fixture.requests.find(({ expect: arrivals }) => {
    return Array.isArray(arrivals) && arrivals.some((one) => one.kind === "unsubscribe");
  });
  testIf(ownWord)("a stop word that only the provider knows is honoured without a reply", async () => {
    const { live, fake } = stationOf(name);
    const person = await makeReporter(`${name}, in words of its own`);
    await deliver(live, ownWord ? toldBy(ownWord, person) : null);
    await routed(program);
    expect(await consentEvents(person)).toMatchObject([
      { type: "contact.unsubscribed", data: { source: "provider" } },
    ]);
    await comesBack(live, fake, person, 0);
  });
});

/** The provider's block was told once and holds here, until the person comes back. */
async function staysAway(
  live: LiveChannel,
  fake: FakeProvider,
  person: string,
  first: string,
  code: string,
): Promise<void> {
  const evidence = await program.app.database.run(
    "test-evidence",
    `select action, method, word, message_id as "messageId" from consent_events where phone = $1 order by id`,
    [person],
  );
  const because = { method: "provider_block", word: code, messageId: first };
  expect(evidence).toEqual([
    { action: "block", ...because },
    { action: "revoke", ...because },
  ]);
  expect(await consentEvents(person)).toMatchObject([
    { type: "contact.unsubscribed", data: { phone: person, source: "provider", messageId: first } },
  ]);
  const second = await send(live, person, "And now?");
  expect(await reaches(second, "failed")).toMatchObject({ error: { code: "opted_out" } });
  expect(fake.sentTo(person)).toHaveLength(1);
  await comesBack(live, fake, person, 1);
}

/** START is confirmed and texts go out again; so many have gone out before, and no other. */
async function comesBack(live: LiveChannel, fake: FakeProvider, person: string, before: number) {
  fake.refuse(person, null);
  const start = await text(live, person, "START");
  expect(start.outcome).toBe("consent_start");
  const next = await send(live, person, "Welcome back.");
  await reaches(next, "handed_over");
  expect(fake.sentTo(person)).toHaveLength(before + 2);
}

/** A provider without such a code has no such case: none is listed as skipped. */
function testIf(applies: unknown): (name: string, run: () => Promise<void>) => void {
  return applies ? test : () => undefined;
}
