import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { isForm, withOneChange, withText } from "./bodies.ts";
import { CONTENT_TYPES } from "./door-cases.ts";
import type { RequestCase } from "./fixture.ts";
import type { LiveChannel } from "./program-bench.ts";
import {
  freshPhone,
  freshText,
  keptArrivals,
  message,
  metric,
  openChannel,
  post,
  proofOf,
  routed,
} from "./program-bench.ts";
import { beforeTheAnswer, forNobody, receiptsOf, reversed } from "./receipts.ts";
import { doorRequestOf, FOREIGN_ADDRESS, keyedArrivals, requestNamed, textRequest } from "./requests.ts";
import { takeAway } from "./storage-away.ts";
import { hasDoor, loadSubjects, secretsOf } from "./subject.ts";

/** Every provider at once in one real program: its doors, its database, its way out. */
const providers = await loadChannels();
const { subjects } = await loadSubjects(providers.values(), join(import.meta.dirname, "../channels"));
const withDoors = subjects.filter(hasDoor);
const names = withDoors.map((subject) => subject.provider.provider);
const MAX_BODY_BYTES = 256 * 1024;

let program: Program;
const live = new Map<string, LiveChannel>();
/** Lines of programs that were stopped. */
const logLines: string[] = [];

// Loopback counts as a proxy, so that a request can come from elsewhere. The public address outlives a restart.
const config = { trustedProxies: ["127.0.0.0/8", "::1/128"], publicUrl: "https://hub.example.com" };

beforeAll(async () => {
  program = await startProgram(config);
  for (const subject of withDoors) live.set(subject.provider.provider, await openChannel(program, subject));
});
afterAll(async () => {
  await program.stop();
  await Promise.all([...live.values()].map((channel) => channel.server.close()));
});

function liveOf(name: string): LiveChannel {
  const found = live.get(name);
  if (!found) throw new Error(`no channel of ${name}`);
  return found;
}

/** Recorded requests whose arrivals have keys no earlier one has. */
function freshRequests({ subject }: LiveChannel): RequestCase[] {
  const seen = new Set<string>();
  return subject.fixture.requests.filter((recorded) => {
    if (!Array.isArray(recorded.expect)) return true;
    const keys = keyedArrivals(subject, doorRequestOf(subject, recorded)).map((one) => one.dedupeKey);
    const isFresh = keys.every((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    return isFresh;
  });
}

describe.each(names)("%s", (name) => {
  test("every recorded request is answered 2xx and kept exactly", async () => {
    const channel = liveOf(name);
    const { provider } = channel.subject;
    const requests = freshRequests(channel);
    for (const recorded of requests) {
      const answer = await post(program, channel, recorded);
      expect(answer, recorded.name).toEqual({
        status: provider.acknowledge().status,
        body: provider.acknowledge().body,
      });
    }
    const kept = await keptArrivals(program, channel);
    for (const { name: what, expect: wanted } of requests) {
      const rows = Array.isArray(wanted)
        ? wanted.map((payload) => ({ payload, aside: null, deliveries: 1 }))
        : [{ payload: null, aside: expect.stringContaining(wanted.unreadable), deliveries: 1 }];
      for (const row of rows) expect(kept, what).toContainEqual(row);
    }
  });

  test("a forged request is refused, counted and shown, and leaves nothing", async () => {
    const channel = liveOf(name);
    // The next second: samples of refused requests are kept sparingly.
    program.clock.advance(1);
    const { recorded } = textRequest(channel.subject);
    const before = await keptArrivals(program, channel);
    const proof = proofOf(program, channel, recorded);
    const forged = Object.entries(proof).map(([header, value]) => [header, withOneChange(value)]);
    const headers = { "x-forwarded-for": FOREIGN_ADDRESS, ...Object.fromEntries(forged) };
    expect((await post(program, channel, recorded, headers)).status).toBe(403);
    expect(await metric(program, "webhook_requests_total", channel, 'result="refused"')).toBe(1);
    const { body } = await program.api("GET", `/v1/channels/${channel.id}`);
    expect(body.health.refusedRequests).toBe(1);
    expect(await keptArrivals(program, channel)).toEqual(before);
  });

  test("one text delivered three times at once and once more: the same answer, one arrival", async () => {
    const channel = liveOf(name);
    const recorded = freshText(channel);
    const before = await keptArrivals(program, channel);
    const proof = proofOf(program, channel, recorded);
    const once = () => post(program, channel, recorded, proof);
    const [first, ...others] = await Promise.all([once(), once(), once()]);
    expect(first?.status).toBeLessThan(300);
    for (const other of [...others, await once()]) expect(other).toEqual(first);
    const fresh = (await keptArrivals(program, channel)).slice(before.length);
    expect(fresh).toMatchObject([{ payload: { kind: "message" }, deliveries: 4 }]);
  });

  test("what is a repeat adds nothing", async () => {
    const channel = liveOf(name);
    const { fixture } = channel.subject;
    for (const recorded of fixture.repeats.map((one) => requestNamed(channel.subject, one))) {
      const proof = proofOf(program, channel, recorded);
      const first = await post(program, channel, recorded, proof);
      const before = await keptArrivals(program, channel);
      // A second later, signed anew where that makes no other text of it.
      program.clock.advance(1);
      const again = await post(program, channel, recorded, fixture.repeatsBySignature ? proof : {});
      expect(again, recorded.name).toEqual(first);
      expect(await keptArrivals(program, channel), recorded.name).toHaveLength(before.length);
    }
  });

  test("two that look alike are two", async () => {
    const channel = liveOf(name);
    for (const pair of channel.subject.fixture.distinct) {
      const wanted = pair.flatMap((one) => {
        const { expect: arrivals } = requestNamed(channel.subject, one);
        return Array.isArray(arrivals) ? arrivals : [];
      });
      for (const one of pair) await post(program, channel, requestNamed(channel.subject, one));
      const kept = (await keptArrivals(program, channel)).map((row) => row.payload);
      for (const arrival of wanted) expect(kept).toContainEqual(arrival);
    }
  });

  test("any content type is answered 2xx or 403", async () => {
    const channel = liveOf(name);
    const { recorded } = textRequest(channel.subject);
    for (const contentType of CONTENT_TYPES) {
      const answer = await post(program, channel, { ...recorded, contentType });
      expect([200, 201, 202, 204, 403], contentType).toContain(answer.status);
    }
  });

  test("broken bodies are set aside, odd texts kept, too much is 413, other addresses are 404", async () => {
    const channel = liveOf(name);
    const { recorded, text } = textRequest(channel.subject);
    const { status } = channel.subject.provider.acknowledge();
    for (const body of ["", '{"a":', "\0", "<xml/>"]) {
      expect((await post(program, channel, { ...recorded, body })).status, body).toBe(status);
    }
    const odd = ["open\0 gate 5", ...(isForm(recorded.contentType) ? [] : ["open gate \ud83d 5"])];
    for (const words of odd) {
      const body = withText(recorded.contentType, recorded.body, text, words) ?? "";
      expect((await post(program, channel, { ...recorded, body })).status, words).toBe(status);
    }
    const largest = { ...recorded, body: "x".repeat(MAX_BODY_BYTES) };
    expect((await post(program, channel, largest)).status).toBe(status);
    expect((await post(program, channel, { ...largest, body: `${largest.body}x` })).status).toBe(413);
    const unknown = channel.doors[recorded.door]?.replace(/\/[^/]*$/, "/no-such-door") ?? "";
    const doors = { ...channel.doors, unknown, stranger: unknown.replace(/.{8}\/[^/]*$/, "") };
    for (const door of ["unknown", "stranger"]) {
      expect((await post(program, { ...channel, doors }, { ...recorded, door })).status).toBe(404);
    }
  });

  test("ids longer than any index are taken, and what comes after them too", async () => {
    const channel = liveOf(name);
    const { subject } = channel;
    for (const recorded of subject.fixture.requests) {
      const [only] = Array.isArray(recorded.expect) ? recorded.expect : [];
      const id = only?.kind === "message" || only?.kind === "receipt" ? only.providerMessageId : null;
      if (id === null || recorded.query !== undefined) continue;
      const long = randomBytes(5_000).toString("hex");
      const body = withText(recorded.contentType, recorded.body, id, long);
      if (body === null) continue;
      expect((await post(program, channel, { ...recorded, body })).status, recorded.name).toBeLessThan(300);
    }
    await routed(program);
    const stuck = (await keptArrivals(program, channel)).filter(
      (row) => row.aside !== null && row.payload !== null,
    );
    expect(stuck, "arrivals that could not be routed").toEqual([]);
  });
});

describe("what providers repeat", () => {
  const table = subjects
    .filter(({ fixture }) => fixture.send !== null)
    .map(({ provider }) => provider.provider);

  test.concurrent.each(table)(
    "%s: a refusal and a lost answer are told, number and secrets are not",
    async (name) => {
      const channel = liveOf(name);
      for (const [status, ends] of [
        [400, "failed"],
        [500, "handed_over"],
      ] as const) {
        const to = freshPhone();
        const seen = ["was refused:", ...secretsOf(channel.subject), to, to.slice(1), to.slice(2)].join(" ");
        channel.plans.set(to.slice(-10), (call) => {
          return { status, body: JSON.stringify({ message: `${seen} ${call.headers.authorization}` }) };
        });
        const sent = await program.api("POST", "/v1/messages", {
          to,
          text: "open gate 5",
          channelId: channel.id,
        });
        await until(`the text of ${name} to be ${ends}`, async () => {
          return (await message(program, sent.body.id)).status === ends;
        });
      }
    },
  );
});

describe("receipts", () => {
  const table = subjects.flatMap((subject) => {
    const receipts = receiptsOf(subject);
    return receipts ? [{ name: subject.provider.provider, receipts }] : [];
  });

  test.concurrent.each(table)("$name: before the send was answered", ({ name, receipts }) =>
    beforeTheAnswer(program, liveOf(name), receipts),
  );

  test.concurrent.each(table)("$name: the later state first", ({ name, receipts }) =>
    reversed(program, liveOf(name), receipts),
  );

  test.concurrent.each(table)("$name: for a text nobody sent", ({ name, receipts }) =>
    forNobody(program, liveOf(name), receipts),
  );
});

test("one arrival is one message, also after a restart", async () => {
  await routed(program);
  const texts = async () => {
    const rows = await program.app.database.run<{ texts: number; messages: number }>(
      "conformance-texts",
      `select (select count(*)::int from arrivals where kind = 'message' and aside is null
         and payload->'part' is null) as texts,
         (select count(*)::int from messages where direction = 'in') as messages`,
    );
    return rows[0];
  };
  const before = await texts();
  expect(before?.messages).toBe(before?.texts);
  const { clock, databaseUrl } = program;
  const again = [...live.values()].flatMap((channel) => {
    if (channel.subject.fixture.repeatsBySignature) return [];
    return channel.subject.fixture.repeats.map((one) => ({
      channel,
      recorded: requestNamed(channel.subject, one),
    }));
  });
  await program.stop();
  logLines.push(...program.logLines);
  program = await startProgram(config, { databaseUrl, clock });
  for (const { channel, recorded } of again) {
    expect((await post(program, channel, recorded)).status, recorded.name).toBeLessThan(300);
  }
  await routed(program);
  expect(await texts()).toEqual(before);
});

test("with its storage away the door says 503; the provider's next try is taken in once", async () => {
  const signed = names.filter((name) => liveOf(name).subject.fixture.signing !== null);
  const channel = liveOf([...signed, ...names][0] ?? "");
  const recorded = freshText(channel);
  const before = (await keptArrivals(program, channel)).length;
  const proof = proofOf(program, channel, recorded);
  const once = async () => (await post(program, channel, recorded, proof)).status;
  const restore = await takeAway(program.databaseUrl);
  try {
    expect(await once()).toBe(503);
  } finally {
    await restore();
  }
  expect(await once()).toBeLessThan(300);
  expect(await once()).toBeLessThan(300);
  expect(await keptArrivals(program, channel)).toHaveLength(before + 1);
});

test("no log line holds a secret or a full number", () => {
  logLines.push(...program.logLines);
  expect(logLines.length).toBeGreaterThan(names.length);
  const numbers = new Set<string>();
  for (const { fixture } of subjects) {
    const said = JSON.stringify([
      fixture.requests.map((one) => one.expect),
      fixture.send?.text.to,
      fixture.address,
    ]);
    for (const [, digits] of said.matchAll(/\+(\d{10,15})\b/g)) if (digits) numbers.add(digits);
  }
  const tokens = [...live.values()].flatMap((channel) => {
    return Object.values(channel.doors).map((door) => door.split("/").at(-2) ?? "");
  });
  const secrets = [...subjects.flatMap(secretsOf), ...tokens];
  for (const line of logLines) {
    for (const secret of secrets) expect(line).not.toContain(secret);
    for (const number of numbers) expect(line).not.toContain(number);
    expect(line, "somebody a text went to").not.toMatch(/1415559\d{4}/);
  }
});
