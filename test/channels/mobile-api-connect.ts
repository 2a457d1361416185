import { createHmac } from "node:crypto";
import type { Arrival, MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { ChannelFixture, RequestCase } from "../conformance/fixture.ts";

const API_KEY = "sk_live_4fT9xQ2mL8vB1nC6zR3yW7kD5hJ0pGsEaUoIbXqM";
const SECRET = "whsec_Q2hhbm5lbEZpeHR1cmVTZWNyZXQwMDAx";
const GITHUB_SECRET = "It's a Secret to Everybody";
const GITHUB_MAC = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

const inbound = {
  event: "message.received",
  from: "919876543210",
  to: "911234500000",
  text: "balance",
  ref: null,
  receivedAt: "2026-06-12T14:32:00.000Z",
  deviceId: "dev_1",
  tenantId: "ten_1",
  tenantName: "Acme Corp",
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: null,
  from: "+919876543210",
  to: "+911234500000",
  text: "balance",
  media: [],
  providerTime: "2026-06-12T14:32:00.000Z",
  providerContactId: null,
};

const state = {
  event: "message.delivered",
  id: "msg_8sK2x",
  ref: "order-4821",
  to: "+6581230000",
  status: "delivered",
  errorCode: null,
  at: "2026-06-12T14:32:04.120Z",
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: "msg_8sK2x",
  phone: "+6581230000",
  text: null,
  status: "delivered",
  code: null,
  description: null,
  bounce: false,
};

function post(name: string, door: string, body: object | string, expect: RequestCase["expect"]): RequestCase {
  const json = typeof body === "string" ? body : JSON.stringify(body);
  return { name, door, contentType: "application/json", body: json, expect };
}

function text(name: string, fields: object, expected: Partial<MessageArrival>): RequestCase {
  return post(name, "inbound", { ...inbound, ...fields }, [{ ...message, ...expected }]);
}

function told(name: string, fields: object, expected: Partial<ReceiptArrival>): RequestCase {
  return post(name, "status", { ...state, ...fields }, [{ ...receipt, ...expected }]);
}

function ignored(reason: string): Arrival[] {
  return [{ kind: "ignored", reason }];
}

function githubVector(
  name: string,
  signature: string,
): NonNullable<ChannelFixture["signing"]>["vectors"][number] {
  return {
    name,
    method: "POST",
    url: "https://hub.example.com/in/token",
    body: "Hello, World!",
    headers: { "X-MAC-Signature": signature },
    settings: { apiKey: API_KEY, webhookSecret: GITHUB_SECRET },
    at: new Date("2026-06-12T14:32:05.000Z"),
  };
}

function error(status: number, code: string, more: object = {}): { status: number; body: string } {
  return { status, body: JSON.stringify({ error: code, ...more }) };
}

export const fixture: ChannelFixture = {
  settings: { apiKey: API_KEY, webhookSecret: SECRET },
  address: "+911234500000",
  country: "IN",
  now: new Date("2026-06-12T14:32:05.000Z"),
  signing: {
    sign(request, settings) {
      const mac = createHmac("sha256", String(settings.webhookSecret)).update(request.body);
      return { "X-MAC-Signature": `sha256=${mac.digest("hex")}` };
    },
    headers: ["X-MAC-Signature"],
    windowSeconds: null,
    covers: ["body"],
    vectors: [
      githubVector("sha256=<hex>", `sha256=${GITHUB_MAC}`),
      githubVector("bare hex", GITHUB_MAC),
      githubVector("capitals", `sha256=${GITHUB_MAC.toUpperCase()}`),
    ],
  },
  requests: [
    text("a text", { matchedRuleId: "rule_1" }, {}),
    text("the same by another route", {}, {}),
    text(
      "a minute later",
      { receivedAt: "2026-06-12T14:33:00.000Z" },
      { providerTime: "2026-06-12T14:33:00.000Z" },
    ),
    text("to another phone", { deviceId: "dev_2" }, {}),
    text("an emoji", { text: "🚠 geöffnet" }, { text: "🚠 geöffnet" }),
    text("an empty text", { text: "" }, { text: "" }),
    text("a long text", { text: "ab ".repeat(2000) }, { text: "ab ".repeat(2000) }),
    text("with a plus", { from: "+919876543210", to: "+911234500000", text: "hi" }, { text: "hi" }),
    text("a short code", { from: "56161" }, { from: "56161" }),
    text("letters as sender", { from: "AX-BANK" }, { from: "AX-BANK" }),
    text("no receiver", { to: null, text: "hi there" }, { text: "hi there" }),
    text("no time", { receivedAt: undefined }, { providerTime: null, mayRepeat: true }),
    post(
      "an unknown event",
      "inbound",
      { event: "device.offline", deviceId: "dev_1" },
      ignored('unknown event "device.offline"'),
    ),
    post("no event", "inbound", { from: "919876543210", text: "hi" }, { unreadable: "event is missing" }),
    post("no sender", "inbound", { ...inbound, from: undefined }, { unreadable: "from is missing" }),
    post("no text", "inbound", { ...inbound, text: 5 }, { unreadable: "text is missing" }),
    post("no JSON", "inbound", "event=message.received", { unreadable: "not a JSON object" }),
    post("a state at the other door", "inbound", state, [receipt]),
    told("queued", { event: "message.queued", status: "queued" }, { status: "handed_over" }),
    told("sent", { event: "message.sent", status: "sent" }, { status: "sent" }),
    told("delivered", {}, {}),
    told(
      "failed",
      { event: "message.failed", status: "failed", errorCode: "send_error" },
      { status: "failed", code: "send_error", description: "The phone could not send it." },
    ),
    told(
      "opted out",
      { event: "message.failed", status: "failed", errorCode: "opted_out" },
      { status: "failed", code: "opted_out", description: "The person has opted out.", optedOut: true },
    ),
    told("the event alone", { status: undefined }, {}),
    told("the status alone", { event: undefined }, {}),
    told("our reference alone", { id: undefined }, { providerMessageId: null }),
    post(
      "an unknown state",
      "status",
      { id: "msg_8sK2x", status: "paused" },
      ignored('unknown status "paused"'),
    ),
    post("about nothing", "status", { status: "sent" }, ignored("names no message")),
    post("no state", "status", { id: "msg_8sK2x" }, { unreadable: "status is missing" }),
  ],
  repeats: ["a text", "the same by another route", "delivered", "failed"],
  distinct: [
    ["a text", "a minute later"],
    ["a text", "to another phone"],
    ["no time", "no time"],
    ["sent", "delivered"],
    ["failed", "opted out"],
  ],
  send: {
    text: {
      id: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      to: "+919876543210",
      from: "+911234500000",
      text: "Your balance is 🏔️ 5.",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      encoding: "json",
      body: {
        to: "+919876543210",
        text: "Your balance is 🏔️ 5.",
        ref: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
        callback: "https://hub.example.com/in/token/status",
      },
    },
    accepted: {
      status: 202,
      body: '{"id":"msg_8sK2x","status":"queued","createdAt":"2026-06-12T14:32:00.000Z"}',
    },
    outcome: { kind: "accepted", providerMessageId: "msg_8sK2x", status: "handed_over" },
    refusals: [
      {
        name: "validation_error for the number",
        reply: error(400, "validation_error", { issues: [{ path: "to", message: "not E.164" }] }),
        outcome: {
          kind: "refused",
          reason: "bad_number",
          code: "validation_error",
          text: "validation_error (to: not E.164)",
        },
      },
      {
        name: "validation_error for the text",
        reply: error(400, "validation_error", { issues: [{ path: ["text"], message: "too long" }] }),
        outcome: { kind: "refused", reason: "content" },
      },
      {
        name: "validation_error",
        reply: error(400, "validation_error"),
        outcome: { kind: "refused", reason: "other", code: "validation_error" },
      },
      { name: "unauthorized", reply: error(401, "unauthorized"), outcome: { kind: "broken-credential" } },
      {
        name: "invalid_api_key",
        reply: error(401, "invalid_api_key"),
        outcome: { kind: "broken-credential" },
      },
      {
        name: "tenant_inactive",
        reply: error(403, "tenant_inactive"),
        outcome: { kind: "broken-credential" },
      },
      { name: "another 403", reply: error(403, "forbidden"), outcome: { kind: "broken-credential" } },
      { name: "not_found", reply: error(404, "not_found"), outcome: { kind: "refused", reason: "other" } },
      { name: "conflict", reply: error(409, "conflict"), outcome: { kind: "refused", reason: "other" } },
      { name: "too large", reply: error(413, "payload_too_large"), outcome: { kind: "refused" } },
      {
        name: "opted_out",
        reply: error(422, "opted_out"),
        outcome: { kind: "refused", reason: "opted_out" },
      },
      {
        name: "invalid_number",
        reply: error(422, "invalid_number"),
        outcome: { kind: "refused", reason: "bad_number" },
      },
      { name: "no_credit", reply: error(422, "no_credit"), outcome: { kind: "refused", reason: "no_funds" } },
      {
        name: "rate_limited",
        reply: { ...error(429, "rate_limited"), headers: { "retry-after": "3" } },
        outcome: { kind: "throttled", retryAfterMs: 3_000 },
      },
      {
        name: "no phone is online",
        reply: error(503, "no_active_device_for_tenant"),
        outcome: { kind: "unreachable" },
      },
      { name: "another 503", reply: { status: 503, body: "" }, outcome: { kind: "uncertain" } },
      { name: "500", reply: error(500, "internal_error"), outcome: { kind: "uncertain" } },
      {
        name: "accepted without an id",
        reply: { status: 202, body: '{"status":"queued"}' },
        outcome: { kind: "accepted", providerMessageId: null },
      },
      { name: "unreadable", reply: { status: 202, body: "<html>" }, outcome: { kind: "uncertain" } },
    ],
    probe: {
      method: "GET",
      path: "/v1/webhooks",
      accepted: { status: 404, body: '{"error":"no_webhook_config"}' },
    },
    afterBodyLost: "uncertain",
  },
};
