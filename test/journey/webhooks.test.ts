import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { verifyWebhook } from "../../client/index.js";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { Received, Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

let program: Program;
let receiver: Receiver;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
  await program.api("POST", "/v1/channels", {
    provider: "simulator",
    name: "Phone",
    address: "+14155550100",
  });
});
afterAll(() => program.stop());
beforeEach(async () => {
  receiver = await startReceiver();
  return receiver.close;
});

const text = (from: string, words: string) =>
  program.api("POST", "/v1/simulator/messages", { from, text: words });

/** The check of the Mobile API Connect guide: what stands after the last `=`, over the raw body. */
function guideAccepts({ body, headers }: Received, secret: string): boolean {
  const given = Buffer.from((headers["x-mac-signature"] ?? "").split("=").pop() ?? "", "hex");
  const expected = createHmac("sha256", secret).update(body).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

test("forward-all, set as the guide does, brings every text in the documented shape and signed", async () => {
  const set = await program.api("PUT", "/v1/webhooks", { url: receiver.url, enabled: true });
  expect(set.status).toBe(200);
  const { secret } = set.body;
  await text("+919876543210", "balance");
  const [request] = await receiver.received(1);
  const told = JSON.parse(request?.body ?? "");
  expect(Object.keys(told)).toEqual([
    "event",
    "from",
    "to",
    "text",
    "ref",
    "receivedAt",
    "deviceId",
    "tenantId",
    "tenantName",
  ]);
  expect(told).toMatchObject({
    event: "message.received",
    from: "919876543210",
    to: "14155550100",
    text: "balance",
    ref: null,
  });
  expect(told.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(guideAccepts(request as Received, secret)).toBe(true);
  expect(guideAccepts({ ...(request as Received), body: `${request?.body} ` }, secret)).toBe(false);
  expect(verifyWebhook(request?.body ?? "", request?.headers ?? {}, secret)).toEqual(told);
  expect(request?.headers["x-signalbox-message-id"]).toMatch(/^msg_/);
  await program.api("DELETE", "/v1/webhooks");
});

test("the libraries of Standard Webhooks and Svix accept what an endpoint gets", async () => {
  const made = await program.api("POST", "/v1/endpoints", { url: receiver.url, types: ["message.received"] });
  expect(made.status).toBe(201);
  const { id, secret } = made.body;
  await text("+14155550111", "hello");
  const [request] = await receiver.received(1);
  const { body, headers } = request as Received;
  expect(new StandardWebhook(secret).verify(body, headers)).toMatchObject({ type: "message.received" });
  const svix = {
    "svix-id": headers["webhook-id"] ?? "",
    "svix-timestamp": headers["webhook-timestamp"] ?? "",
    "svix-signature": headers["webhook-signature"] ?? "",
  };
  expect(() => new SvixWebhook(secret).verify(body, svix)).not.toThrow();
  expect(() => new SvixWebhook(secret).verify(`${body} `, svix)).toThrow();
  expect(() => new StandardWebhook(secret).verify(`${body} `, headers)).toThrow();
  await program.api("DELETE", `/v1/endpoints/${id}`);
});

test("a rule replies and calls its own address, forward-all and an integration hear of it too", async () => {
  const receivers = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  const [forRule, forAll, forErp] = receivers as [Receiver, Receiver, Receiver];
  const rule = await program.api("POST", "/v1/rules", {
    name: "Balance enquiry",
    priority: 10,
    match: { type: "contains", pattern: "balance" },
    actions: [
      { type: "reply", text: "Thanks {{from}}!" },
      { type: "webhook", url: forRule.url },
    ],
  });
  expect(rule.status).toBe(201);
  await program.api("PUT", "/v1/webhooks", { url: forAll.url, enabled: true });
  const integration = { name: "ERP", preset: "generic", outboundUrl: forErp.url };
  expect((await program.api("POST", "/v1/ingress", integration)).status).toBe(201);
  await text("+14155550122", "what is my balance?");
  const ruleId = rule.body.id;
  const bodies = await Promise.all(
    [forRule, forAll, forErp].map(async (one) => JSON.parse((await one.received(1))[0]?.body ?? "")),
  );
  expect(bodies.map((body) => body.matchedRuleId)).toEqual([ruleId, undefined, ruleId]);
  const replies = await until("the reply", async () => {
    const { body } = await program.api("GET", "/v1/messages?direction=out&to=%2B14155550122");
    return body.data.length > 0 && body.data;
  });
  expect(replies[0]).toMatchObject({ text: "Thanks 14155550122!", ruleId });
  await program.api("DELETE", "/v1/webhooks");
  await program.api("DELETE", `/v1/rules/${ruleId}`);
  for (const one of receivers) await one.close();
});

test("a text with a callback: sent and delivered are told with its ref", async () => {
  const sent = await program.api("POST", "/v1/messages", {
    to: "+6581230000",
    text: "Your order is on its way",
    ref: "order-4821",
    callback: receiver.url,
  });
  expect(sent.status).toBe(202);
  const requests = await receiver.received(2);
  const told = requests.map((one) => JSON.parse(one.body));
  expect(told.map((one) => one.status).sort()).toEqual(["delivered", "sent"]);
  for (const one of told) {
    expect(one).toMatchObject({ id: sent.body.id, ref: "order-4821", to: "+6581230000", errorCode: null });
  }
});

test("a failing endpoint shows its attempts and takes the delivery once somebody retries", async () => {
  const made = await program.api("POST", "/v1/endpoints", { url: receiver.url, types: ["message.received"] });
  const endpoint = made.body.id;
  receiver.answer = (_request, response) => void response.writeHead(500).end("out of order");
  await text("+14155550133", "hello");
  const failed = await until("the failure", async () => {
    const { body } = await program.api("GET", `/v1/deliveries?endpoint=${endpoint}`);
    const [one] = body.data;
    return one && (await program.api("GET", `/v1/deliveries/${one.id}`)).body.attempts.length > 0 && one;
  });
  const shown = (await program.api("GET", `/v1/deliveries/${failed.id}`)).body;
  expect(shown.attempts[0]).toMatchObject({ code: "server_error", status: 500 });
  expect(JSON.stringify(shown)).not.toContain(made.body.secret);
  receiver.answer = (_request, response) => void response.writeHead(200).end();
  expect((await program.api("POST", `/v1/deliveries/${failed.id}/retry`)).status).toBe(200);
  const stateOf = async () => (await program.api("GET", `/v1/deliveries/${failed.id}`)).body.state;
  await until("the delivery", async () => (await stateOf()) === "delivered");
  receiver.answer = (_request, response) => void response.writeHead(500).end();
  expect((await program.api("POST", `/v1/deliveries/${failed.id}/retry`)).status).toBe(200);
  // It was asked for once, so it is not tried again by itself.
  await until("the end of it", async () => (await stateOf()) === "exhausted");
  await program.api("DELETE", `/v1/endpoints/${endpoint}`);
});

test("a replay sends old events again under their own ids", async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  for (let i = 0; i < 3; i++) await text(`+1415555014${i}`, `event ${i}`);
  await until("the texts", async () => {
    const { body } = await program.api("GET", "/v1/messages?direction=in&text=event");
    return body.data.length >= 3;
  });
  const made = await program.api("POST", "/v1/endpoints", { url: receiver.url, types: ["message.received"] });
  const path = `/v1/endpoints/${made.body.id}/replay`;
  const replay = await program.api("POST", path, { since, states: "missing", rate: 100 });
  expect(replay.status).toBe(202);
  const done = await until("the end of the replay", async () => {
    const { body } = await program.api("GET", `/v1/replays/${replay.body.id}`);
    return body.state === "done" && body;
  });
  expect(done.queued).toBe(done.matched);
  const requests = await receiver.received(done.queued);
  const ids = requests.map((one) => one.headers["webhook-id"]);
  expect(new Set(ids).size).toBe(ids.length);
  const texts = requests.map((one) => JSON.parse(one.body).data.message.text);
  expect(texts).toEqual(expect.arrayContaining(["event 0", "event 1", "event 2"]));
  await program.api("DELETE", `/v1/endpoints/${made.body.id}`);
});
