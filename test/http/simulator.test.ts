import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

const SIMULATOR = "+14155550100";
const REPORTER = "+14155550101";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

interface Message {
  id: string;
  direction: "in" | "out";
  from: string;
  to: string;
  text: string;
  status: string;
}

async function talk(phone: string, query = ""): Promise<Message[]> {
  const path = `/v1/simulator/messages?phone=${encodeURIComponent(phone)}${query}`;
  const { status, body } = await program.api("GET", path);
  expect(status).toBe(200);
  return body.data;
}

/** The talk once it holds so many texts that came in. */
function received(phone: string, count: number): Promise<Message[]> {
  return until(`${count} texts of ${phone}`, async () => {
    const messages = await talk(phone, "&limit=100");
    return messages.filter((message) => message.direction === "in").length === count && messages;
  });
}

test("the channel tells when a text came in last", async () => {
  const sent = await program.api("POST", "/v1/simulator/messages", { from: "+14155550160", text: "hi" });
  expect(sent.status).toBe(202);
  const [channel] = (await program.api("GET", "/v1/channels")).body.data;
  expect(channel.health.lastInboundAt).toEqual(expect.any(String));
});

describe("POST /v1/simulator/messages", () => {
  test("a reporter's text gets its reply on the same phone", async () => {
    const answer = await program.api("POST", "/v1/simulator/messages", {
      from: REPORTER,
      text: "GROOMING OPEN",
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: true, duplicate: false });
    const messages = await until("the reply", async () => {
      const found = await talk(REPORTER);
      return found.some((message) => message.direction === "out" && message.status === "delivered") && found;
    });
    expect(messages[0]).toMatchObject({
      direction: "in",
      from: REPORTER,
      to: SIMULATOR,
      text: "GROOMING OPEN",
    });
    expect(messages[1]).toMatchObject({ direction: "out", from: SIMULATOR, to: REPORTER });
  });

  test("the carrier's id makes a repeat a repeat; without one the same text counts again", async () => {
    const text = { from: "+14155550111", text: "same", providerMessageId: "carrier-1" };
    const first = await program.api("POST", "/v1/simulator/messages", text);
    const again = await program.api("POST", "/v1/simulator/messages", text);
    expect([first.body.duplicate, again.body.duplicate]).toEqual([false, true]);
    const { providerMessageId: _, ...anonymous } = text;
    await program.api("POST", "/v1/simulator/messages", anonymous);
    await program.api("POST", "/v1/simulator/messages", anonymous);
    await received("+14155550111", 3);
  });

  test("many at once are all kept, each once and in order of its sender", async () => {
    const phones = Array.from({ length: 20 }, (_, index) => `+1415556${String(index).padStart(4, "0")}`);
    const posts = phones.flatMap((from) =>
      [1, 2, 3].map((n) => program.api("POST", "/v1/simulator/messages", { from, text: `text ${n}` })),
    );
    for (const answer of await Promise.all(posts)) expect(answer.status).toBe(202);
    for (const phone of phones) await received(phone, 3);
  });

  test("numbers are read as people write them, media and empty texts are taken", async () => {
    const media = [{ url: "https://example.com/a.jpg" }];
    await program.api("POST", "/v1/simulator/messages", { from: "(415) 555-0112", text: "", media });
    const [message] = await received("415-555-0112", 1);
    expect(message).toMatchObject({
      from: "+14155550112",
      text: "",
      media: [{ url: expect.stringContaining("/v1/media/med_"), contentType: null, bytes: null }],
    });
  });

  test("`to` chooses among several simulator channels", async () => {
    const second = { provider: "simulator", name: "Second", address: "+14155550200" };
    const made = await program.api("POST", "/v1/channels", second);
    const from = "+14155550113";
    await program.api("POST", "/v1/simulator/messages", { from, text: "two", to: "(415) 555-0200" });
    expect((await received(from, 1))[0]).toMatchObject({ to: "+14155550200", channelId: made.body.id });
    await program.api("POST", "/v1/simulator/messages", { from, text: "one" });
    expect((await received(from, 2)).findLast((one) => one.direction === "in")).toMatchObject({
      to: SIMULATOR,
    });
  });

  test.each([
    [{ text: "x" }, "from"],
    [{ from: "", text: "x" }, "from"],
    [{ from: "\0\0", text: "x" }, "from"],
    [{ from: REPORTER }, "text"],
    [{ from: REPORTER, text: 5 }, "text"],
    [{ from: REPORTER, text: "x".repeat(20_001) }, "text"],
    [{ from: REPORTER, text: "x", to: "+19995550100" }, "to"],
    [{ from: REPORTER, text: "x", media: [{ url: "nowhere" }] }, "media.0.url"],
    [{ from: REPORTER, text: "x", providerMessageId: "" }, "providerMessageId"],
  ])("bad input %# names its field", async (body, path) => {
    const answer = await program.api("POST", "/v1/simulator/messages", body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
  });

  test("NUL, half surrogate pairs and 20,000 characters are kept as text", async () => {
    const from = "+14155550114";
    const texts = ["a\0b\ud800c", "😀".repeat(10_000)];
    for (const text of texts) {
      const body = { from: `${from}\0`, text, providerMessageId: `id\0${text.slice(0, 3)}` };
      expect((await program.api("POST", "/v1/simulator/messages", body)).status).toBe(202);
    }
    const messages = (await received(from, 2)).filter((message) => message.direction === "in");
    expect(messages.map((message) => message.text)).toEqual(["ab\ufffdc", texts[1]]);
  });
});

describe("GET /v1/simulator/messages", () => {
  test("oldest first; `after` gives what came later, the cursor leads to older ones", async () => {
    const phone = "+14155550120";
    for (const n of [1, 2, 3, 4, 5]) {
      await program.api("POST", "/v1/simulator/messages", { from: phone, text: `number ${n}` });
    }
    await received(phone, 5);
    const all = await until("all replies to leave", async () => {
      const messages = await talk(phone, "&limit=100");
      return messages.every((message) => message.status !== "queued") && messages;
    });
    expect(all.filter((one) => one.direction === "in").map((one) => one.text.at(-1))).toEqual([..."12345"]);
    const path = `/v1/simulator/messages?phone=%2B14155550120&limit=2`;
    const newest = (await program.api("GET", path)).body;
    expect(newest.data).toEqual(all.slice(-2));
    const older = (await program.api("GET", `${path}&cursor=${newest.nextCursor}`)).body;
    expect(older.data).toEqual(all.slice(-4, -2));
    const later = (await program.api("GET", `${path}&after=${all[0]?.id}`)).body;
    expect(later.data).toEqual(all.slice(1, 3));
    const latest = (await program.api("GET", `${path}&cursor=${later.nextCursor}`)).body;
    expect(latest.data).toEqual(all.slice(3, 5));
    expect(await talk(phone, `&after=${all.at(-1)?.id}`)).toEqual([]);
  });

  test("a text that must not leave is not among what a phone received", async () => {
    const phone = "+14155550121";
    await program.app.database.run(
      "test-opt-out",
      `insert into suppressions (tenant_id, phone, address, method, word, since)
       values ($1, $2, '*', 'text_word', 'STOP', now())`,
      [program.tenantId, phone],
    );
    const sent = await program.api("POST", "/v1/messages", { to: phone, text: "advertisement" });
    expect(sent.status).toBe(202);
    await until("it to fail", async () => {
      const { body } = await program.api("GET", `/v1/messages/${sent.body.id}`);
      return body.status === "failed" && body.error.code === "opted_out";
    });
    expect((await talk(phone)).map((message) => message.text)).not.toContain("advertisement");
  });

  test.each([
    ["", "phone"],
    ["?phone=%00%00", "phone"],
    ["?phone=%2B14155550101&limit=0", "limit"],
    ["?phone=%2B14155550101&cursor=abc", "cursor"],
  ])("bad query %j names its field", async (query, path) => {
    const answer = await program.api("GET", `/v1/simulator/messages${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
  });
});

test("without a simulator channel it says how to get one", async () => {
  const empty = await startProgram({ template: "empty" });
  try {
    const answer = await empty.api("POST", "/v1/simulator/messages", { from: REPORTER, text: "hello" });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      error: "not_found",
      message: expect.stringContaining("/v1/channels"),
    });
    const channel = { provider: "simulator", name: "Simulator", address: SIMULATOR };
    expect((await empty.api("POST", "/v1/channels", channel)).status).toBe(201);
    const retried = await empty.api("POST", "/v1/simulator/messages", { from: REPORTER, text: "hello" });
    expect(retried.status).toBe(202);
  } finally {
    await empty.stop();
  }
});

test("a reaction is tied to the message it is about, and is no command", async () => {
  const phone = "+14155550161";
  const say = (text: string) => program.api("POST", "/v1/simulator/messages", { from: phone, text });
  await say("hello");
  const [answer] = await until("the answer", async () => {
    const texts = (await talk(phone)).filter(({ direction }) => direction === "out");
    return texts.length > 0 && texts;
  });
  await say(`Liked “${answer?.text.slice(0, 12)}…”`);
  await say("👍 to “hello”");
  await say("Loved “something that nobody said”");
  await received(phone, 4);
  const { body } = await program.api("GET", `/v1/messages?phone=${encodeURIComponent(phone)}&limit=10`);
  const [stray, hello, liked] = body.data;
  const first = body.data.find(({ text }: Message) => text === "hello");
  expect([liked.reactionTo, hello.reactionTo]).toEqual([answer?.id, first.id]);
  expect(stray.reactionTo).toBeUndefined();
  expect(body.data.filter(({ direction }: Message) => direction === "out")).toHaveLength(1);
});
