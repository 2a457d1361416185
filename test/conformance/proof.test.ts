import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChannels } from "../../src/channels/registry/load-channels.ts";
import type { ChannelSettings } from "../../src/channels/types.ts";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { withOneChange } from "./bodies.ts";
import type { OnceScheme, RequestCase } from "./fixture.ts";
import { freshNonce } from "./nonces.ts";
import type { LiveChannel } from "./program-bench.ts";
import { freshText, keptArrivals, openChannel, post, proofOf } from "./program-bench.ts";
import { takeAway } from "./storage-away.ts";
import type { Subject } from "./subject.ts";
import { loadSubjects } from "./subject.ts";

/** Proofs that change and proofs that count once, of every provider that signs, at the doors of one real program. */
const providers = await loadChannels();
const { subjects } = await loadSubjects(providers.values(), join(import.meta.dirname, "../channels"));
const signing = subjects.filter(({ fixture }) => fixture.signing !== null);
const once = signing.flatMap((subject) =>
  (subject.fixture.signing?.once ?? []).map((scheme) => ({
    name: `${subject.provider.provider}, ${scheme.name}`,
    subject,
    scheme,
  })),
);
const HOUR_S = 3_600;

let program: Program;
const opened: LiveChannel[] = [];

beforeAll(async () => {
  program = await startProgram({ publicUrl: "https://hub.example.com" });
});
afterAll(async () => {
  await program.stop();
  await Promise.all(opened.map((channel) => channel.server.close()));
});

async function open(subject: Subject): Promise<LiveChannel> {
  const channel = await openChannel(program, subject);
  opened.push(channel);
  return channel;
}

const isTaken = (status: number): boolean => status >= 200 && status < 300;

async function isBelieved(live: LiveChannel, settings: ChannelSettings): Promise<boolean> {
  const recorded = freshText(live);
  const before = (await keptArrivals(program, live)).length;
  const { status } = await post(program, live, recorded, proofOf(program, live, recorded, settings));
  const taken = isTaken(status);
  if (!taken) expect(status).toBe(403);
  expect(await keptArrivals(program, live)).toHaveLength(before + (taken ? 1 : 0));
  return taken;
}

/** What proves requests after the change. */
function changedProofs({ provider, fixture }: Subject): ChannelSettings {
  const keys = provider.settings.flatMap(({ key, proves }) => (proves ? [key] : []));
  const others = keys.map((key) => [key, withOneChange(String(fixture.settings[key]))]);
  return fixture.signing?.secondProof ?? Object.fromEntries(others);
}

function patch(live: LiveChannel, body: object) {
  return program.api("PATCH", `/v1/channels/${live.id}`, body);
}

describe.each(signing)("$provider.provider, its proof changed", (subject) => {
  const old = subject.fixture.settings;
  const changed = changedProofs(subject);
  const now = { ...old, ...changed };

  test("both are believed for a day, then the new one only", async () => {
    const live = await open(subject);
    expect(await isBelieved(live, old)).toBe(true);
    expect(await isBelieved(live, now)).toBe(false);
    // A name and its password are changed one after the other.
    for (const [key, value] of Object.entries(changed)) {
      const answer = await patch(live, { settings: { [key]: value } });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      const hours = (Date.parse(answer.body.previousSecretUntil) - program.clock.now()) / HOUR_S / 1_000;
      expect(hours).toBeCloseTo(24, 1);
      for (const proof of Object.values(old)) expect(answer.body.settings[key]).not.toBe(proof);
    }
    expect(await isBelieved(live, old)).toBe(true);
    expect(await isBelieved(live, now)).toBe(true);
    program.clock.advance(24 * HOUR_S - 60);
    expect(await isBelieved(live, old)).toBe(true);
    program.clock.advance(120);
    expect(await isBelieved(live, old)).toBe(false);
    expect(await isBelieved(live, now)).toBe(true);
    const { body } = await program.api("GET", `/v1/channels/${live.id}`);
    expect(body.previousSecretUntil).toBeNull();
  });

  test("kept for no hours, the old one is refused at once", async () => {
    const live = await open(subject);
    const answer = await patch(live, { settings: changed, keepPreviousSecretHours: 0 });
    expect(answer.body.previousSecretUntil).toBeNull();
    expect(await isBelieved(live, old)).toBe(false);
    expect(await isBelieved(live, now)).toBe(true);
  });
});

describe("the time the old one is kept", () => {
  const [subject] = signing as [Subject];
  const { settings: old } = subject.fixture;
  const changed = changedProofs(subject);

  test("is told in hours, and can be ended before", async () => {
    const live = await open(subject);
    const { body } = await patch(live, { settings: changed, keepPreviousSecretHours: 168 });
    const hours = (Date.parse(body.previousSecretUntil) - program.clock.now()) / HOUR_S / 1_000;
    expect(hours).toBeCloseTo(168, 1);
    const renamed = await patch(live, { name: "Renamed" });
    expect(renamed.body.previousSecretUntil).toBe(body.previousSecretUntil);
    expect(await isBelieved(live, old)).toBe(true);
    const ended = await patch(live, { keepPreviousSecretHours: 0 });
    expect(ended.body.previousSecretUntil).toBeNull();
    expect(await isBelieved(live, old)).toBe(false);
    const audit = (await program.api("GET", "/v1/audit")).body.data;
    expect(audit[0]).toMatchObject({ object: live.id, detail: { changed: ["previousSecret"] } });
  });

  test.each([-1, 169, 1.5, "24", null])("%s hours cannot be", async (keepPreviousSecretHours) => {
    const live = opened[0] as LiveChannel;
    const answer = await patch(live, { keepPreviousSecretHours });
    expect(answer.status).toBe(400);
    expect(answer.body.issues).toMatchObject([{ path: "keepPreviousSecretHours" }]);
  });
});

function signedWith(live: LiveChannel, scheme: OnceScheme, recorded: RequestCase, nonce: string) {
  const url = `${live.doors[recorded.door]}${recorded.query ?? ""}`;
  const at = new Date(Math.floor(program.clock.now() / 1_000) * 1_000);
  return scheme.sign({ method: "POST", url, body: recorded.body }, live.subject.fixture.settings, at, nonce);
}

/** Posts it with these headers alone: with two versions of a signature one would decide. */
async function postAs(live: LiveChannel, recorded: RequestCase, headers: Record<string, string>) {
  const { origin } = new URL(program.url);
  const url = `${live.doors[recorded.door]}`.replace("https://hub.example.com", origin);
  const answer = await fetch(url + (recorded.query ?? ""), {
    method: "POST",
    headers: { "content-type": recorded.contentType, ...headers },
    body: Buffer.from(recorded.body),
  });
  return { status: answer.status, body: await answer.text() };
}

describe.each(once)("$name: a nonce counts once", ({ subject, scheme }) => {
  test("the same one again is a repeat, whatever the body says", async () => {
    const live = await open(subject);
    const [one, other] = [freshText(live), freshText(live)];
    const nonce = freshNonce("nonce-000000");
    const first = await postAs(live, one, signedWith(live, scheme, one, nonce));
    expect(isTaken(first.status)).toBe(true);
    const again = await postAs(live, one, signedWith(live, scheme, one, nonce));
    const replayed = await postAs(live, other, signedWith(live, scheme, other, nonce));
    expect([again, replayed]).toEqual([first, first]);
    expect(await keptArrivals(program, live)).toMatchObject([{ deliveries: 2 }]);
    const anew = await postAs(live, other, signedWith(live, scheme, other, freshNonce(nonce)));
    expect(anew).toEqual(first);
    expect(await keptArrivals(program, live)).toMatchObject([{ deliveries: 2 }, { deliveries: 1 }]);
  });

  test("of two at once with other bodies one is kept", async () => {
    const live = await open(subject);
    const nonce = freshNonce("nonce-000000");
    const texts = Array.from({ length: 8 }, () => freshText(live));
    const posted = texts.map((text) => postAs(live, text, signedWith(live, scheme, text, nonce)));
    for (const { status } of await Promise.all(posted)) expect(isTaken(status)).toBe(true);
    expect(await keptArrivals(program, live)).toHaveLength(1);
  });

  test("a request that was refused has not used it up", async () => {
    const live = await open(subject);
    const text = freshText(live);
    const nonce = freshNonce("nonce-000000");
    const proof = signedWith(live, scheme, text, nonce);
    const wrong = signedWith({ ...live, subject: otherKey(subject) }, scheme, text, nonce);
    expect((await postAs(live, text, wrong)).status).toBe(403);
    expect(isTaken((await postAs(live, text, proof)).status)).toBe(true);
    expect(await keptArrivals(program, live)).toMatchObject([{ deliveries: 1 }]);
  });

  test("another channel has its own", async () => {
    const nonce = freshNonce("nonce-000000");
    for (const live of [await open(subject), await open(subject)]) {
      const text = freshText(live);
      await postAs(live, text, signedWith(live, scheme, text, nonce));
      expect(await keptArrivals(program, live)).toHaveLength(1);
    }
  });
});

function otherKey(subject: Subject): Subject {
  const settings = { ...subject.fixture.settings, ...changedProofs(subject) };
  return { ...subject, fixture: { ...subject.fixture, settings } };
}

test("what a 503 turned away comes again with its nonce and is kept, once", async () => {
  const tries = await Promise.all(
    once.map(async ({ subject, scheme }) => {
      const live = await open(subject);
      const text = freshText(live);
      const proof = signedWith(live, scheme, text, freshNonce("nonce-000000"));
      return { live, send: async () => (await postAs(live, text, proof)).status };
    }),
  );
  const restore = await takeAway(program.databaseUrl);
  try {
    for (const { send } of tries) expect(await send()).toBe(503);
  } finally {
    await restore();
  }
  for (const { live, send } of tries) {
    expect(isTaken(await send())).toBe(true);
    expect(isTaken(await send())).toBe(true);
    expect(await keptArrivals(program, live)).toMatchObject([{ deliveries: 2 }]);
  }
});

test("no log line holds a secret, old or new", () => {
  const secrets = signing.flatMap((subject) => {
    const keys = subject.provider.settings.flatMap(({ key, secret }) => (secret ? [key] : []));
    const all = [subject.fixture.settings, changedProofs(subject)];
    return all.flatMap((values) => keys.flatMap((key) => values[key] ?? []));
  });
  for (const line of program.logLines) {
    for (const secret of secrets) expect(line).not.toContain(secret);
  }
});
