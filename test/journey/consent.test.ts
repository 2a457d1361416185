import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import { makeApiKey } from "../../src/http/api/keys.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshPhone, message, openChannel, post, routed } from "../conformance/program-bench.ts";
import { loadSubjects } from "../conformance/subject.ts";
import type { FakeProvider } from "../fakes/provider.ts";
import { playProvider } from "../fakes/provider.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import { inboundText, receiptOf } from "./provider-requests.ts";

/** Both layers of consent through door, workers and database: a number at Twilio, one at Telnyx. */

const { subjects } = await loadSubjects(
  (await loadChannels()).values(),
  join(import.meta.dirname, "../channels"),
);
const TOPICS = [{ key: "snow", name: "Snow report", words: [] }];

type Row = ApiAnswer["body"];

interface Station {
  live: LiveChannel;
  fake: FakeProvider;
  address: string;
}

let program: Program;
let twilio: Station;
let telnyx: Station;

beforeAll(async () => {
  program = await startProgram({ publicUrl: "https://hub.example.com" });
  twilio = await open("twilio");
  telnyx = await open("telnyx");
  const settings = { consent: { topics: TOPICS } };
  expect((await program.api("PATCH", "/v1/settings", settings)).status).toBe(200);
});
afterAll(async () => {
  await program.stop();
  await Promise.all([twilio, telnyx].map(({ live }) => live.server.close()));
});

async function open(name: string): Promise<Station> {
  const subject = subjects.find((one) => one.provider.provider === name);
  if (!subject) throw new Error(`no table of ${name}`);
  const live = await openChannel(program, subject);
  return { live, fake: playProvider(live), address: subject.fixture.address };
}

/** Texts a channel and waits until it is decided; answers the row of the log. */
async function text({ live }: Station, from: string, words: string): Promise<Row> {
  const before = await textsOf(from);
  const answer = await post(
    program,
    live,
    inboundText(live.subject, from, words, new Date(program.clock.now())),
  );
  expect(answer.status).toBe(live.subject.provider.acknowledge().status);
  return until(`"${words}" of ${from} in the log`, async () => {
    const rows = await textsOf(from);
    return rows.length > before.length ? rows[0] : null;
  });
}

async function textsOf(from: string): Promise<Row[]> {
  const { body } = await program.api("GET", "/v1/commands?limit=100");
  return body.data.filter((row: Row) => row.from === from);
}

/** Sends to a person by this channel and waits for the end: the error's code, or that it was taken. */
async function ends({ live }: Station, to: string, words = "Hello."): Promise<string> {
  const { status, body } = await program.api("POST", "/v1/messages", {
    to,
    text: words,
    channelId: live.id,
  });
  expect(status, JSON.stringify(body)).toBe(202);
  return endOf(body.id);
}

function endOf(id: string): Promise<string> {
  return until(`${id} to end`, async () => {
    const { status, error } = await message(program, id);
    return status === "queued" ? null : (error?.code ?? status);
  });
}

async function consent(phone: string, query = ""): Promise<Row> {
  const { status, body } = await program.api("GET", `/v1/consent?phone=${encodeURIComponent(phone)}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const scopesOf = ({ optedOut }: Row) =>
  optedOut.map((row: Row) => row.topic ?? row.address ?? row.scope).sort();
const blocksOf = ({ blocks }: Row) => blocks.map((row: Row) => `${row.channelId} ${row.state}`);
/** The evidence, oldest first. */
const storyOf = ({ events }: Row) =>
  events.toReversed().map((row: Row) => `${row.action} ${row.topic ?? row.scope} by ${row.method}`);

function refuses({ live, fake }: Station, phone: string): void {
  const refusal = live.subject.fixture.send?.refusals.find(
    ({ outcome }) => outcome.kind === "refused" && outcome.reason === "opted_out",
  );
  fake.refuse(phone, refusal?.reply ?? null);
}

const record = (body: object, key = program.apiKey) => callApi(program.url, key, "POST", "/v1/consent", body);

describe("the two layers", () => {
  test("a code of the provider closes both; START through that channel opens both", async () => {
    const person = freshPhone();
    refuses(twilio, person);
    expect(await ends(twilio, person)).toBe("opted_out");
    const closed = await consent(person);
    expect(scopesOf(closed)).toEqual(["all"]);
    expect(closed.blocks).toMatchObject([
      {
        ...{ channelId: twilio.live.id, state: "blocked", code: "21610", liftedAt: null },
        remedy: `This person must text START to ${twilio.address}.`,
      },
    ]);
    expect(storyOf(closed)).toEqual(["block address by provider_block", "revoke all by provider_block"]);
    // Consent is asked first: nothing more goes there, by whatever channel.
    expect(await ends(telnyx, person)).toBe("opted_out");

    twilio.fake.refuse(person, null);
    await text(twilio, person, "START");
    const opened = await consent(person);
    expect([scopesOf(opened), blocksOf(opened)]).toEqual([[], [`${twilio.live.id} lifted`]]);
    expect(opened.blocks[0].remedy).toBeNull();
    expect(await ends(twilio, person)).toBe("handed_over");
  });

  test("who comes back by another number keeps the block where it was, and that route is not tried", async () => {
    const person = freshPhone();
    refuses(twilio, person);
    await ends(twilio, person);
    await text(telnyx, person, "START");
    const state = await consent(person);
    expect([scopesOf(state), blocksOf(state)]).toEqual([[], [`${twilio.live.id} blocked`]]);
    const tries = twilio.fake.sentTo(person).length;
    expect(await ends(twilio, person)).toBe("provider_blocked");
    expect(await ends(twilio, person)).toBe("provider_blocked");
    expect(twilio.fake.sentTo(person)).toHaveLength(tries);
    expect(await ends(telnyx, person)).toBe("handed_over");
    // No failure of the channel, and no flood of lines about one person.
    const { body } = await program.api("GET", `/v1/channels/${twilio.live.id}`);
    expect(body.health.paused).toBeNull();
    expect(program.logLines.filter((line) => line.includes("provider_blocked"))).toEqual([]);
  });

  test("a block from before the return, met only now, closes the route and leaves consent", async () => {
    const person = freshPhone();
    await text(twilio, person, "STOP");
    await text(telnyx, person, "START");
    refuses(twilio, person);
    expect(await ends(twilio, person)).toBe("opted_out");
    const state = await consent(person);
    expect([scopesOf(state), blocksOf(state)]).toEqual([[], [`${twilio.live.id} blocked`]]);
    expect(await ends(telnyx, person)).toBe("handed_over");
  });

  test("a new block after START through the same channel is a new opt-out", async () => {
    const person = freshPhone();
    await text(twilio, person, "STOP");
    await text(twilio, person, "START");
    refuses(twilio, person);
    expect(await ends(twilio, person)).toBe("opted_out");
    expect(scopesOf(await consent(person))).toEqual(["all"]);
  });

  test("a receipt that says so does the same", async () => {
    const person = freshPhone();
    expect(await ends(telnyx, person)).toBe("handed_over");
    const [sent] = telnyx.fake.sentTo(person);
    const says = receiptOf(telnyx.live.subject, (one) => one.optedOut === true, sent?.id ?? "", person);
    if (!says) throw new Error("the table has no such receipt");
    await post(program, telnyx.live, says);
    await routed(program);
    const state = await consent(person);
    expect([scopesOf(state), blocksOf(state)]).toEqual([["all"], [`${telnyx.live.id} blocked`]]);
    expect(
      program.logLines.filter((line) => line.includes("has opted out") && line.includes(telnyx.live.id)),
    ).toHaveLength(1);
  });

  test("codes that say nothing about consent leave it alone", async () => {
    const { fixture } = twilio.live.subject;
    const others = fixture.send?.refusals.filter(({ outcome }) => {
      return outcome.kind === "refused" && ["bad_number", "content", "region"].includes(outcome.reason ?? "");
    });
    expect(others?.length).toBeGreaterThan(0);
    for (const { reply } of others ?? []) {
      const person = freshPhone();
      twilio.fake.refuse(person, reply);
      expect(["handed_over", "opted_out", "provider_blocked"]).not.toContain(await ends(twilio, person));
      expect(await consent(person)).toMatchObject({ optedOut: [], blocks: [], events: [] });
    }
  });

  test("YES opens a route of Twilio's, and not one of Telnyx's", async () => {
    const [one, two] = [freshPhone(), freshPhone()];
    for (const [station, person] of [
      [twilio, one],
      [telnyx, two],
    ] as const) {
      refuses(station, person);
      await ends(station, person);
      station.fake.refuse(person, null);
      await text(station, person, "YES");
    }
    expect(blocksOf(await consent(one))).toEqual([`${twilio.live.id} lifted`]);
    expect(blocksOf(await consent(two))).toEqual([`${telnyx.live.id} blocked`]);
    expect(await ends(telnyx, two)).toBe("provider_blocked");
  });

  test("after a day the log tells once more", async () => {
    const person = freshPhone();
    refuses(twilio, person);
    await ends(twilio, person);
    await text(telnyx, person, "START");
    const lines = () => program.logLines.filter((line) => line.includes("provider_blocked")).length;
    const before = lines();
    program.clock.advance(25 * 3_600);
    expect(await ends(twilio, person)).toBe("provider_blocked");
    expect(await ends(twilio, person)).toBe("provider_blocked");
    expect(lines()).toBe(before + 1);
  });
});

describe("who answers", () => {
  const settle = async ({ live }: Station, who: string | null) => {
    const body = { settings: { consentAnswers: who } };
    expect((await program.api("PATCH", `/v1/channels/${live.id}`, body)).status).toBe(200);
  };
  const withheld = async (station: Station, words: string) =>
    (await text(station, freshPhone(), words)).reply?.withheld;

  test.each([
    ["stop", "answered_by_provider", "answered_by_provider"],
    ["Stop ", "answered_by_provider", "answered_by_provider"],
    ["START", "answered_by_provider", "answered_by_provider"],
    // Carriers know bare words only: nobody but us answers these.
    ["Stop. Thank you", null, null],
    ["stop texting me", null, null],
    ["stop snow", null, null],
    ["help", "answered_by_provider", null],
  ])("%j: Twilio %s, Telnyx %s", async (words, byTwilio, byTelnyx) => {
    await Promise.all([settle(twilio, null), settle(telnyx, null)]);
    expect(await withheld(twilio, words)).toBe(byTwilio);
    expect(await withheld(telnyx, words)).toBe(byTelnyx);
    await Promise.all([settle(twilio, "signalbox"), settle(telnyx, "signalbox")]);
    expect(await withheld(twilio, words)).toBeNull();
  });

  test("the network behind a number answers STOP and START, not HELP", async () => {
    const made = await program.api("POST", "/v1/channels", {
      ...{ provider: "simulator", name: "Toll-free", address: "+18885550123", settings: {} },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const say = async (words: string) => {
      const from = freshPhone();
      await program.api("POST", "/v1/simulator/messages", { from, to: "+18885550123", text: words });
      return until(`${words} in the log`, async () => (await textsOf(from))[0] as Row);
    };
    expect((await say("stop")).reply.withheld).toBe("answered_by_provider");
    expect((await say("unsubscribe")).reply.withheld).toBeNull();
    expect((await say("help")).reply.withheld).toBeNull();
  });
});

describe("scopes", () => {
  test("STOP and a topic leaves the topic alone, and the event names it", async () => {
    const person = freshPhone();
    const row = await text(twilio, person, "stop snow");
    expect(row.reply.text).toContain("Snow report stopped");
    expect(scopesOf(await consent(person))).toEqual(["snow"]);
    expect(await ends(twilio, person)).toBe("handed_over");
    await text(twilio, person, "START");
    expect(scopesOf(await consent(person))).toEqual([]);
    const { body } = await program.api("GET", "/v1/events?type=contact.unsubscribed,contact.subscribed");
    const told = body.data.filter((event: Row) => event.data.phone === person);
    expect(told.map((event: Row) => [event.type, event.data.topic])).toEqual([
      ["contact.subscribed", "snow"],
      ["contact.unsubscribed", "snow"],
    ]);
  });

  test("where STOP covers one address, the other stays open; STOP ALL closes both", async () => {
    await program.api("PATCH", "/v1/settings", { consent: { stopScope: "address" } });
    const person = freshPhone();
    await text(twilio, person, "STOP");
    expect(scopesOf(await consent(person))).toEqual([twilio.address]);
    expect(await ends(twilio, person)).toBe("opted_out");
    expect(await ends(telnyx, person)).toBe("handed_over");
    await text(telnyx, person, "STOP ALL");
    expect(await ends(telnyx, person)).toBe("opted_out");
    await text(twilio, person, "START");
    expect(scopesOf(await consent(person))).toEqual([]);
    const other = freshPhone();
    refuses(telnyx, other);
    await ends(telnyx, other);
    expect(scopesOf(await consent(other))).toEqual([telnyx.address]);
    await program.api("PATCH", "/v1/settings", { consent: { stopScope: "all" } });
  });
});

describe("the review list", () => {
  const decide = (id: string, body: object) => program.api("POST", `/v1/consent/reviews/${id}`, body);
  const waiting = async (phone: string): Promise<Row[]> => {
    const query = `state=open&phone=${encodeURIComponent(phone)}`;
    return (await program.api("GET", `/v1/consent/reviews?${query}`)).body.data;
  };

  test("a wording is honoured at once, waits for a person, and can be taken back with a reason", async () => {
    const person = freshPhone();
    await text(twilio, person, "Please remove me from this list!");
    expect(await ends(twilio, person)).toBe("opted_out");
    const [review, ...more] = await waiting(person);
    expect(more).toEqual([]);
    expect(review).toMatchObject({
      ...{ phone: person, kind: "opt_out", state: "open", text: "Please remove me from this list!" },
      phrase: "remove me from (your|this|the|that) [*] list",
    });
    const wordless = await decide(review.id, { decision: "not_an_opt_out" });
    expect([wordless.status, wordless.body.error]).toEqual([400, "validation_error"]);
    const reason = "Meant the guest list of the race.";
    const decided = await decide(review.id, { decision: "not_an_opt_out", reason });
    expect(decided.body).toMatchObject({ state: "reversed", reason, decidedBy: { kind: "key" } });
    expect(await waiting(person)).toEqual([]);
    const state = await consent(person);
    expect(scopesOf(state)).toEqual([]);
    expect(state.events[0]).toMatchObject({ action: "restore", method: "review", note: reason });
    expect(await ends(twilio, person)).toBe("handed_over");
    expect((await decide(review.id, { decision: "keep", reason })).status).toBe(409);
    const { body } = await program.api("GET", "/v1/audit");
    expect(body.data[0]).toMatchObject({ action: "consent.reviewed", object: review.id, detail: { reason } });
  });

  test("an exact word on top of it is never reversed, nor is anything after 14 days", async () => {
    const [one, two] = [freshPhone(), freshPhone()];
    await text(twilio, one, "leave me alone");
    await text(twilio, one, "STOP");
    const [first] = await waiting(one);
    const reason = "A joke among friends.";
    expect((await decide(first.id, { decision: "not_an_opt_out", reason })).status).toBe(409);
    expect((await decide(first.id, { decision: "keep", reason })).body.state).toBe("kept");
    await text(twilio, two, "lose my number");
    const [second] = await waiting(two);
    program.clock.advance(15 * 86_400);
    expect((await decide(second.id, { decision: "not_an_opt_out", reason })).status).toBe(409);
    expect(scopesOf(await consent(two))).toEqual(["all"]);
  });

  test("words that only a person can judge hold broadcasts back, not texts", async () => {
    const person = freshPhone();
    await text(twilio, person, "wrong number");
    const [review] = await waiting(person);
    expect(review).toMatchObject({ kind: "review_only", pausesBroadcasts: true });
    expect(await consent(person)).toMatchObject({ broadcastsPaused: true, optedOut: [] });
    await decide(review.id, { decision: "not_an_opt_out", reason: "Sorted out on the phone." });
    expect((await consent(person)).broadcastsPaused).toBe(false);
  });

  test("operators read the list and do not decide; viewers see none of it", async () => {
    const keyOf = async (role: string) =>
      (await program.api("POST", "/v1/keys", { name: role, role })).body.key;
    const [operator, viewer] = [await keyOf("operator"), await keyOf("viewer")];
    const call = async (key: string, method: string, path: string, body?: object) =>
      (await callApi(program.url, key, method, path, body)).status;
    const person = freshPhone();
    await text(twilio, person, "leave me alone");
    const [review] = await waiting(person);
    const path = `/v1/consent/reviews/${review.id}`;
    expect(await call(operator, "GET", "/v1/consent/reviews")).toBe(200);
    expect(await call(operator, "POST", path, { decision: "keep", reason: "Meant so." })).toBe(403);
    expect(await call(operator, "GET", "/v1/consent?phone=%2B14155550101")).toBe(200);
    expect(await call(viewer, "GET", "/v1/consent?phone=%2B14155550101")).toBe(403);
    expect(await call(viewer, "POST", "/v1/consent", {})).toBe(403);
    expect(await call(makeApiKey(), "GET", "/v1/consent/reviews")).toBe(401);
  });
});

describe("what people tell by other ways", () => {
  test("staff records an opt-out and takes that back with a note", async () => {
    const person = freshPhone();
    const out = { phone: person, action: "revoke", method: "staff", note: "Called at noon." };
    const { status, body } = await record(out);
    expect([status, scopesOf(body)]).toEqual([200, ["all"]]);
    expect(await ends(twilio, person)).toBe("opted_out");
    expect((await record({ ...out, action: "restore", note: null })).status).toBe(400);
    const back = await record({ ...out, action: "restore", note: "Called again: a mistake." });
    expect(scopesOf(back.body)).toEqual([]);
    expect(back.body.events[0]).toMatchObject({
      ...{ action: "restore", method: "staff", note: "Called again: a mistake.", word: null },
      actor: { kind: "key" },
    });
    expect(await ends(twilio, person)).toBe("handed_over");
    const { body: log } = await program.api("GET", "/v1/audit?limit=1");
    expect(log.data[0]).toMatchObject({ action: "consent.restored", object: back.body.contactId });
  });

  test("staff cannot take back what the person texted; new consent on paper can", async () => {
    const person = freshPhone();
    await text(twilio, person, "STOP");
    const back = { phone: person, action: "restore", note: "Form 77 of 3 May, in the blue folder." };
    const refused = await record({ ...back, method: "staff" });
    expect([refused.status, refused.body.error]).toEqual([409, "conflict"]);
    expect(scopesOf(await consent(person))).toEqual(["all"]);
    const evidence = {
      page: "https://example.com/join",
      wording: "Text me the snow report",
      formVersion: "3",
    };
    const done = await record({ ...back, method: "web_form", evidence });
    expect(scopesOf(done.body)).toEqual([]);
    expect(done.body.events[0]).toMatchObject({ method: "web_form", evidence });
    expect(await ends(twilio, person)).toBe("handed_over");
  });

  test("scopes are those of the account, and texts that wait are withdrawn", async () => {
    const person = freshPhone();
    const out = { phone: person, action: "revoke", method: "staff" };
    for (const [wrong, path] of [
      [{ scope: "address", address: "+14155559999" }, "address"],
      [{ scope: "topic", topic: "rain" }, "topic"],
      [{ scope: "galaxy" }, "scope"],
    ] as const) {
      const { status, body } = await record({ ...out, ...wrong });
      expect([status, body.issues[0].path]).toEqual([400, path]);
    }
    const topic = await record({ ...out, scope: "topic", topic: "snow" });
    expect(scopesOf(topic.body)).toEqual(["snow"]);
    await program.app.database.run(
      "t-hold",
      "update lanes set paused_until = now() + interval '1 hour' where id = $1",
      [twilio.live.id],
    );
    const { body } = await program.api("POST", "/v1/messages", {
      ...{ to: person, text: "Wait for me.", channelId: twilio.live.id },
    });
    await record({ ...out, scope: "address", address: telnyx.address });
    expect((await message(program, body.id)).status).toBe("queued");
    await record({ ...out, scope: "address", address: twilio.address });
    expect(await message(program, body.id)).toMatchObject({ status: "failed", error: { code: "opted_out" } });
    await program.app.database.run("t-go", "update lanes set paused_until = null where id = $1", [
      twilio.live.id,
    ]);
  });

  test("what is no number of a person is not recorded as if it were", async () => {
    for (const phone of ["front desk", "0101"]) {
      const { status, body } = await record({ phone, action: "revoke", method: "staff" });
      expect([status, body.error, body.issues?.[0]?.path ?? body.message], phone).toEqual([
        ...[400, "validation_error", expect.stringContaining("phone")],
      ]);
    }
  });

  test("the evidence comes in pages, whole and oldest last", async () => {
    const person = freshPhone();
    for (const words of ["stop", "start", "stop snow", "start"]) await text(twilio, person, words);
    const first = await consent(person, "&limit=4");
    const rest = await consent(person, `&limit=4&cursor=${first.nextCursor}`);
    expect([...storyOf(rest), ...storyOf(first)]).toEqual([
      "revoke all by text_word",
      "restore all by text_word",
      "lift address by text_word",
      "revoke snow by text_word",
      "restore snow by text_word",
      "lift address by text_word",
    ]);
    expect(rest.nextCursor).toBeNull();
    expect(first.events[0]).toMatchObject({ text: "start", word: "start", channelId: twilio.live.id });
    expect((await program.api("GET", "/v1/consent?phone=%2B1415&cursor=%C3%A9")).status).toBe(400);
  });
});

test("STOP withdraws what waits in the same stroke; its own answer is kept", async () => {
  const person = freshPhone();
  await program.app.database.run(
    "t-hold-all",
    "update lanes set paused_until = now() + interval '1 hour' where id = $1",
    [twilio.live.id],
  );
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    const order = { to: person, text: `Text ${i}`, channelId: twilio.live.id };
    ids.push((await program.api("POST", "/v1/messages", order)).body.id);
  }
  const stop = await text(twilio, person, "STOP");
  for (const id of ids) expect((await message(program, id)).error.code).toBe("opted_out");
  expect((await message(program, stop.reply.messageId)).status).toBe("queued");
  await program.app.database.run("t-go-all", "update lanes set paused_until = null where id = $1", [
    twilio.live.id,
  ]);
  expect(await endOf(stop.reply.messageId)).toBe("handed_over");
});

test("an answer to STOP is owed within five minutes of the text, or not at all", async () => {
  const person = freshPhone();
  const pause = (until: string) =>
    program.app.database.run(`t-pause-${until}`, `update lanes set paused_until = ${until} where id = $1`, [
      twilio.live.id,
    ]);
  await pause("now() + interval '1 hour'");
  const told = await text(twilio, person, "STOP");
  const id = told.reply.messageId;
  const { body } = await program.api("GET", "/v1/events?type=message.queued&limit=100");
  const queued = body.data.find((event: Row) => event.data.message.id === id);
  expect(Date.parse(queued.data.expiresAt) - Date.parse(told.receivedAt)).toBe(5 * 60_000);
  await program.app.database.run(
    "t-expire",
    "update outbox set expires_at = now() - interval '1 second' where message_id = $1",
    [id],
  );
  expect(await endOf(id)).toBe("confirmation_late");
  expect((await message(program, id)).status).toBe("expired");
  await pause("null");
});

test("metrics count who left, who came back, and what was kept back", async () => {
  const figures = await (await fetch(`${program.url}/metrics`)).text();
  expect(figures).toMatch(/signalbox_optouts_total\{method="text_word",scope="topic"\} [1-9]/);
  expect(figures).toMatch(/signalbox_optins_total\{method="text_word"\} [1-9]/);
  expect(figures).toMatch(/signalbox_consent_blocked_total\{reason="provider_blocked"\} [1-9]/);
});
