import { afterAll, beforeAll, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { contactIdOf, inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

const REPORTER = "+14155550101";

let program: Program;
let fake: FakeMobiniti;
let channel: { id: string; inboundUrl: string; inboundUrls: Record<string, string> };

beforeAll(async () => {
  fake = await startFakeMobiniti({ paced: true });
  program = await startProgram();
  const made = await program.api("POST", "/v1/channels", mobinitiChannel(fake.url));
  expect(made.status).toBe(201);
  channel = made.body;
});
afterAll(async () => {
  await program.stop();
  await fake.close();
});

const local = (address: string) => address.replace(/^http:\/\/localhost:\d+/, program.url);

/** The log row of a text, once its reply was taken. */
const answered = (text: string) =>
  until(`the reply to "${text}"`, async () => {
    const { body } = await program.api("GET", `/v1/commands?q=${encodeURIComponent(text)}`);
    const row = body.data.find((entry: { text: string }) => entry.text === text);
    return row && ["handed_over", "sent", "delivered"].includes(row.reply?.status) ? row : null;
  });

test("a text from Mobiniti to the compatible address: the command runs and the reply goes out", async () => {
  const status = await post(
    `${program.url}/wp-json/sierra/v1/sms/webhook`,
    inboundWebhook({ from: REPORTER, text: "GROOMING OPEN" }),
  );
  expect(status).toBe(200);
  const row = await answered("GROOMING OPEN");
  expect(row).toMatchObject({
    outcome: "changed",
    deliveries: 1,
    provider: "mobiniti",
    reporter: { name: "Sample Reporter" },
    changes: [{ item: "Grooming", field: "status", from: "closed", to: "open" }],
    reply: { key: "done", status: "handed_over" },
  });
  expect(row.timing.receivedToAcceptedMs).toBeGreaterThanOrEqual(0);
  expect(row.reply.attempts).toMatchObject([{ outcome: "accepted" }]);
  const sent = fake.calls.filter((call) => call.route === "POST /message");
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    authorization: "Bearer test-token",
    body: { phone_number: REPORTER, message: row.reply.text },
  });
});

test("several commands at once are queued, one call a second and route, none lost", async () => {
  const before = fake.calls.length;
  for (const text of ["open gate 1", "open gate 5"]) {
    const receivedAt = new Date().toISOString();
    expect(await post(local(channel.inboundUrl), inboundWebhook({ from: REPORTER, text, receivedAt }))).toBe(
      200,
    );
  }
  await answered("open gate 1");
  await answered("open gate 5");
  const calls = fake.calls.slice(before).filter((call) => call.route === "POST /message");
  expect(calls.map((call) => call.status)).toEqual([200, 200]);
  expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(800);
});

test("a repeat of the same webhook gets the same answer and has no effect", async () => {
  const receivedAt = new Date().toISOString();
  const body = inboundWebhook({ from: REPORTER, text: "close tahoe king", receivedAt });
  expect(await post(local(channel.inboundUrl), body)).toBe(200);
  expect(await post(local(channel.inboundUrl), body)).toBe(200);
  const row = await until("both deliveries", async () => {
    const { body: page } = await program.api("GET", "/v1/commands?q=close%20tahoe%20king");
    return page.data.length === 1 && page.data[0].deliveries === 2 ? page.data[0] : null;
  });
  expect(row.outcome).toBe("changed");
});

test("a receipt, a STOP at Mobiniti and a rejection arrive by their own addresses", async () => {
  const row = await answered("GROOMING OPEN");
  const report = {
    total_messages: 1,
    statuses: [
      {
        code: "100",
        status: "The message delivered successfully.",
        count: 1,
        recipients: [REPORTER.slice(1)],
        success: true,
        bounce: false,
      },
    ],
    messages: [
      {
        id: "a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148",
        from: "64600",
        message: row.reply.text,
        phone_number: REPORTER.slice(2),
        metadata: [],
      },
    ],
  };
  expect(await post(local(channel.inboundUrls["delivery-report"] ?? ""), report)).toBe(200);
  await until("the status to climb", async () => {
    const { body } = await program.api("GET", `/v1/messages/${row.reply.messageId}`);
    return body.status === "delivered";
  });
  const stranger = "+14155550777";
  // As printed in the documentation: with a comma after the last field.
  const unsubscribe = JSON.stringify({
    id: contactIdOf(stranger),
    first_name: null,
    last_name: null,
    email: null,
    phone_number: stranger,
    to: "64600",
    unsubscribed_at: "2016-07-01T15:11:09.553Z",
  }).replace(/\}$/, ",}");
  expect(await post(local(channel.inboundUrls.unsubscribe ?? ""), unsubscribe)).toBe(200);
  const rejected = { code: "", message: "spam", description: "" };
  expect(await post(local(channel.inboundUrls.rejected ?? ""), rejected)).toBe(200);
  await until("the events", async () => {
    const { body } = await program.api("GET", "/v1/events?limit=100");
    const types = body.data.map((event: { type: string }) => event.type);
    return types.includes("contact.unsubscribed") && types.includes("channel.rejection");
  });
  const sent = await program.api("POST", "/v1/messages", { to: stranger, text: "hello" });
  expect(sent.status).toBe(202);
  const refused = await until("the text to be refused", async () => {
    const { body } = await program.api("GET", `/v1/messages/${sent.body.id}`);
    return body.status === "failed" ? body : null;
  });
  expect(refused.error.code).toBe("opted_out");
  expect(fake.calls.filter((call) => JSON.stringify(call.body).includes(stranger))).toEqual([]);
});

test("by contact: found or made once, kept for good, also over a restart", async () => {
  const byContact = await program.api("POST", "/v1/channels", {
    ...mobinitiChannel(fake.url),
    isDefault: false,
    name: "By contact",
    address: "64601",
    settings: { accessToken: "test-token", allowedIps: "127.0.0.1", apiUrl: fake.url, sendBy: "contact" },
  });
  const to = "+14155550555";
  const routesOf = async (text: string) => {
    const before = fake.calls.length;
    const { body } = await program.api("POST", "/v1/messages", { to, text, channelId: byContact.body.id });
    await until("the text to be taken", async () => {
      const { body: message } = await program.api("GET", `/v1/messages/${body.id}`);
      return message.status === "handed_over";
    });
    return fake.calls.slice(before).map((call) => call.route);
  };
  expect(await routesOf("first")).toEqual(["GET /contacts", "POST /contacts", "POST /messages"]);
  expect(await routesOf("second")).toEqual(["POST /messages"]);
  const again = await startProgram({}, { databaseUrl: program.databaseUrl });
  await program.stop();
  program = again;
  expect(await routesOf("third")).toEqual(["POST /messages"]);
});
