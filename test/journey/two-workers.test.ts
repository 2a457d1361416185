import { expect, test } from "vitest";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import { until } from "../support/program.ts";

const SENDERS = 40;
const TEXTS_EACH = 8;

test("two workers share the work of one database and keep the order of each sender", async () => {
  const databaseUrl = await createDatabase();
  const repliesTo = new Map<string, string[]>();
  const fake = await startFakeMobiniti({
    keepCalls: false,
    onSend: ({ to, text }) => void repliesTo.set(to, [...(repliesTo.get(to) ?? []), text]),
  });
  const web = await startChild(databaseUrl, { SIGNALBOX_ROLE: "web" });
  const workers = await Promise.all(
    [1, 2].map(() => startChild(databaseUrl, { SIGNALBOX_ROLE: "worker", LOG_LEVEL: "info" })),
  );
  const channel = await web.api(
    "POST",
    "/v1/channels",
    mobinitiChannel(fake.url, {
      rate: 1_000,
      settings: { accessToken: "t", allowedIps: "127.0.0.1", apiUrl: fake.url, sendBy: "direct" },
    }),
  );
  const door = channel.body.inboundUrl.replace("localhost", "127.0.0.1");
  const senders = Array.from({ length: SENDERS }, (_, i) => `+1415555${3_000 + i}`);
  for (const [i, phone] of senders.entries()) {
    await web.api("POST", "/v1/board/items", {
      kind: "gate",
      name: `Gate ${100 + i}`,
      fields: { status: "closed" },
    });
    await web.api("POST", "/v1/reporters", { name: `Reporter ${i}`, phones: [phone], permissions: ["*"] });
  }
  for (let i = 0; i < TEXTS_EACH; i++) {
    const receivedAt = new Date(1_700_000_000_000 + i).toISOString();
    const verb = i % 2 === 0 ? "open" : "close";
    const answers = await Promise.all(
      senders.map((from, index) =>
        post(door, inboundWebhook({ from, text: `${verb} gate ${100 + index}`, receivedAt })),
      ),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
  }
  await until("all replies", async () => fake.sendCount === SENDERS * TEXTS_EACH);
  for (const [index, phone] of senders.entries()) {
    const states = (repliesTo.get(phone) ?? []).map((text) => /is now (\w+)/.exec(text)?.[1]);
    const expected = Array.from({ length: TEXTS_EACH }, (_, i) => (i % 2 === 0 ? "open" : "closed"));
    expect(states, `Gate ${100 + index}`).toEqual(expected);
  }
  // Each attempt is one log line of the worker that made it.
  const sharesOf = () => workers.map((worker) => worker.output().split('"outbox: attempt"').length - 1);
  const shares = await until("the log of every attempt", async () => {
    const counts = sharesOf();
    return counts.reduce((sum, count) => sum + count, 0) === SENDERS * TEXTS_EACH && counts;
  });
  expect(Math.min(...shares)).toBeGreaterThan(0);
  await Promise.all([web, ...workers].map((child) => child.stop()));
  await fake.close();
});
