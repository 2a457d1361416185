import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { RequestCase } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import {
  freshId,
  freshPhone,
  freshText,
  keptArrivals,
  metric,
  openChannel,
  post,
  routed,
} from "../conformance/program-bench.ts";
import { loadSubjects } from "../conformance/subject.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { inboundText } from "./provider-requests.ts";

/** What comes twice without a key that tells it, at another door, or in parts: each text is one text. */
type Row = ApiAnswer["body"];

let program: Program;
const live = new Map<string, LiveChannel>();

beforeAll(async () => {
  const providers = (await loadChannels()).values();
  const { subjects } = await loadSubjects(providers, join(import.meta.dirname, "../channels"));
  program = await startProgram();
  for (const name of ["textbelt", "twilio", "plivo", "vonage"]) {
    const subject = subjects.find((one) => one.provider.provider === name);
    if (!subject) throw new Error(`no table of ${name}`);
    live.set(name, await openChannel(program, subject));
  }
  // Whoever is nobody hears nothing, so that our own words do not part two texts.
  await program.api("PATCH", "/v1/settings", { commands: { strangerReply: false } });
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

async function deliver(channel: LiveChannel, request: RequestCase): Promise<void> {
  const answer = await post(program, channel, request);
  expect(answer.status, answer.body).toBe(channel.subject.provider.acknowledge().status);
  await routed(program);
}

/** Texts of a person that came in, oldest first. */
async function heard(phone: string): Promise<Row[]> {
  const path = `/v1/messages?direction=in&phone=${encodeURIComponent(phone)}`;
  return (await program.api("GET", path)).body.data.reverse();
}

describe("texts without a key of their own", () => {
  const say = (phone: string, words: string) => {
    const { subject } = liveOf("textbelt");
    return deliver(liveOf("textbelt"), inboundText(subject, phone, words, new Date(program.clock.now())));
  };

  test("the same words signed anew at once are one text, and counted as a repeat", async () => {
    const phone = freshPhone();
    const before = await metric(program, "duplicates_total", liveOf("textbelt"));
    for (const _ of [1, 2]) {
      await say(phone, "the lot is full");
      program.clock.advance(1);
    }
    expect(await heard(phone)).toHaveLength(1);
    expect(await metric(program, "duplicates_total", liveOf("textbelt"))).toBe(before + 1);
  });

  test("other words, another person and the same words later are texts of their own", async () => {
    const [one, other] = [freshPhone(), freshPhone()];
    await say(one, "1");
    await say(other, "1");
    program.clock.advance(1);
    await say(one, "2");
    program.clock.advance(4);
    await say(one, "1");
    expect((await heard(one)).map(({ text }) => text)).toEqual(["1", "2", "1"]);
    expect(await heard(other)).toHaveLength(1);
  });

  test('"1", a question of ours and "1" again are two answers', async () => {
    const phone = freshPhone();
    await say(phone, "1");
    program.clock.advance(1);
    const asked = { to: phone, text: "Which one?", channelId: liveOf("textbelt").id };
    expect((await program.api("POST", "/v1/messages", asked)).status).toBe(202);
    program.clock.advance(1);
    await say(phone, "1");
    expect(await heard(phone)).toHaveLength(2);
  });
});

test.each(["twilio", "plivo", "vonage"])(
  "%s: tried again at another door, a text is one text",
  async (name) => {
    const channel = liveOf(name);
    const recorded = freshText(channel);
    const before = await keptArrivals(program, channel);
    await deliver(channel, recorded);
    await deliver(channel, { ...recorded, door: "status" });
    const fresh = (await keptArrivals(program, channel)).slice(before.length);
    expect(fresh).toMatchObject([{ payload: { kind: "message" }, deliveries: 2 }]);
  },
);

describe("a long text that Vonage's SMS API hands over part by part", () => {
  let references = 0;

  /** A long text of a person, ready to be handed over part by part. */
  function longText(parts: string[], phone = freshPhone(), reference = String(++references)) {
    const ids = parts.map(() => freshId("0A0000000123ABCD1"));
    const hand = (part: number) => {
      const fields = {
        ...{ msisdn: phone.slice(1), to: "14155550000", messageId: ids[part - 1] ?? "", type: "text" },
        ...{ text: parts[part - 1] ?? "", concat: "true", "concat-ref": reference },
        ...{ "concat-total": String(parts.length), "concat-part": String(part) },
      };
      return deliver(liveOf("vonage"), {
        name: "a part",
        door: "inbound",
        contentType: "application/x-www-form-urlencoded",
        body: new URLSearchParams(fields).toString(),
        expect: [],
      });
    };
    return { phone, reference, hand };
  }

  /** As if the parts that are there had come some minutes ago. */
  async function letTimePass(minutes: number): Promise<void> {
    await program.app.database.run(
      "test-age-parts",
      "update inbound_parts set received_at = now() - $1 * interval '1 minute'",
      [minutes],
    );
  }

  async function outcomes(phone: string): Promise<string[]> {
    const { body } = await program.api("GET", "/v1/commands?limit=100");
    return body.data.filter((row: Row) => row.from === phone).map((row: Row) => row.outcome);
  }

  test("is one text in the right order, whatever the order it comes in, and each part counts once", async () => {
    const { phone, hand } = longText(["The wind ", "is too strong ", "for chair 3"]);
    for (const part of [3, 1, 3, 1]) {
      await hand(part);
      expect(await heard(phone)).toEqual([]);
    }
    await hand(2);
    expect(await heard(phone)).toMatchObject([{ text: "The wind is too strong for chair 3" }]);
    for (const part of [1, 2, 3]) await hand(part);
    expect(await heard(phone)).toHaveLength(1);
  });

  test("runs as the command it is", async () => {
    const { phone, hand } = longText(["GROOMING", " OPEN"]);
    const reporter = { name: "Long", phones: [phone], permissions: ["*"] };
    expect((await program.api("POST", "/v1/reporters", reporter)).status).toBe(201);
    await hand(1);
    await hand(2);
    expect(await outcomes(phone)).toEqual(["changed"]);
  });

  test("whose part never comes is shown and not run, and holds up nothing else", async () => {
    const channel = liveOf("vonage");
    const { phone, hand } = longText(["GROOMING ", "OPEN", " now"]);
    const reporter = { name: "Gap", phones: [phone], permissions: ["*"] };
    expect((await program.api("POST", "/v1/reporters", reporter)).status).toBe(201);
    const before = await metric(program, "inbound_parts_timed_out_total", channel);
    await hand(1);
    await hand(2);
    await deliver(channel, inboundText(channel.subject, phone, "status", new Date(program.clock.now())));
    expect(await outcomes(phone)).toEqual(["status"]);
    await letTimePass(4);
    expect(await heard(phone)).toHaveLength(1);
    await letTimePass(6);
    const shown = await until("the text to be shown", async () => (await heard(phone))[1]);
    expect(shown).toMatchObject({
      text: "GROOMING OPEN",
      statusHistory: [{ status: "received", text: "incomplete: 2 of 3 parts came" }],
    });
    expect(await outcomes(phone)).toEqual(["ignored_incomplete", "status"]);
    expect(await metric(program, "inbound_parts_timed_out_total", channel)).toBe(before + 1);
  });

  test("is not mixed with the next one, although its reference has come round", async () => {
    const first = longText(["one ", "two"]);
    const second = longText(["three ", "four"], first.phone, first.reference);
    const third = longText(["five ", "six"], first.phone, first.reference);
    await first.hand(1);
    await first.hand(2);
    await second.hand(2);
    await third.hand(2);
    await third.hand(1);
    expect((await heard(first.phone)).map(({ text }) => text)).toEqual(["one two", "five six"]);
    await letTimePass(6);
    const all = await until("what is left of the second", async () => {
      const rows = await heard(first.phone);
      return rows.length > 2 && rows;
    });
    expect(all.map(({ text }: Row) => text)).toEqual(["one two", "five six", "four"]);
  });
});
