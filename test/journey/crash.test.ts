import { afterAll, expect, test } from "vitest";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import type { Child } from "../support/child.ts";
import { freePort, startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import { until } from "../support/program.ts";

const SENDERS = 20;
const TEXTS_EACH = 10;
const KILLS = 3;

let child: Child | null = null;
afterAll(async () => {
  await child?.kill();
});

test("texts survive kill -9 at any moment: one effect, one reply or one shown as uncertain, in order", async () => {
  const databaseUrl = await createDatabase();
  const port = String(await freePort());
  const repliesTo = new Map<string, string[]>();
  const fake = await startFakeMobiniti({
    keepCalls: false,
    onSend: ({ to, text }) => void repliesTo.set(to, [...(repliesTo.get(to) ?? []), text]),
  });
  child = await startChild(databaseUrl, { PORT: port });
  const channel = await child.api(
    "POST",
    "/v1/channels",
    mobinitiChannel(fake.url, {
      rate: 1_000,
      settings: { accessToken: "t", allowedIps: "127.0.0.1", apiUrl: fake.url, sendBy: "direct" },
    }),
  );
  expect(channel.status).toBe(201);
  const door = channel.body.inboundUrl.replace(/^http:\/\/localhost/, "http://127.0.0.1");
  const senders = Array.from({ length: SENDERS }, (_, i) => `+1415555${String(2_000 + i)}`);
  const gates: string[] = [];
  for (const [i, phone] of senders.entries()) {
    const gate = { kind: "gate", name: `Gate ${100 + i}`, fields: { status: "closed" } };
    gates.push((await child.api("POST", "/v1/board/items", gate)).body.id);
    await child.api("POST", "/v1/reporters", { name: `Reporter ${i}`, phones: [phone], permissions: ["*"] });
  }

  let finished = 0;
  async function speak(phone: string, index: number): Promise<void> {
    for (let i = 0; i < TEXTS_EACH; i++) {
      const text = `${i % 2 === 0 ? "open" : "close"} gate ${100 + index}`;
      const body = inboundWebhook({
        from: phone,
        text,
        receivedAt: new Date(1_700_000_000_000 + i).toISOString(),
      });
      // As a provider does: the same again until it is taken.
      await until("the text to be taken", async () => (await post(door, body).catch(() => 0)) === 200);
      finished += 1;
    }
  }
  const speaking = Promise.all(senders.map(speak));
  for (let kill = 1; kill <= KILLS; kill++) {
    const mark = Math.floor((SENDERS * TEXTS_EACH * kill) / (KILLS + 1));
    await until(`${mark} texts`, async () => finished >= mark);
    await child.kill();
    child = await startChild(databaseUrl, { PORT: port });
  }
  await speaking;

  const program = child;
  const outbounds = await until("everything to be answered", async () => {
    const all = await Promise.all(senders.map((phone) => allMessages(program, phone)));
    const done = all.every((texts) => texts.length === TEXTS_EACH && texts.every(hasLeft));
    return done && all;
  });
  for (const [index, phone] of senders.entries()) {
    const outbound = outbounds[index] ?? [];
    const sent = outbound.filter((message) => !message.flags.includes("uncertain"));
    // Every certain reply arrived once and in order; an uncertain one arrived once or not at all.
    const arrived = repliesTo.get(phone) ?? [];
    expect(arrived.length).toBeGreaterThanOrEqual(sent.length);
    expect(arrived.length).toBeLessThanOrEqual(TEXTS_EACH);
    const texts = outbound.map((message) => message.text);
    expect(isSubsequence(arrived, texts), `${phone}: ${arrived.join(" | ")}`).toBe(true);
    const changes = await program.api("GET", `/v1/board/changes?item=${gates[index]}&limit=100`);
    expect(changes.body.data, phone).toHaveLength(TEXTS_EACH);
    expect(outbound.at(-1)?.text).toContain(`Gate ${100 + index} is now closed`);
  }
  await program.stop();
  child = null;
  await fake.close();
});

interface Outbound {
  text: string;
  status: string;
  flags: string[];
}

async function allMessages(program: Child, phone: string): Promise<Outbound[]> {
  const query = new URLSearchParams({ direction: "out", to: phone, limit: "100" });
  const { body } = await program.api("GET", `/v1/messages?${query}`);
  return body.data.toReversed();
}

function hasLeft({ status }: Outbound): boolean {
  return status !== "queued";
}

function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0;
  for (const text of whole) if (part[at] === text) at += 1;
  return at === part.length;
}
