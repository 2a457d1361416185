import { createHmac } from "node:crypto";
import type { MessageArrival } from "../../src/domain/arrival.ts";
import type { ChannelFixture, RequestCase } from "../conformance/fixture.ts";

const ADDRESS = "+18005550100";
const API_KEY = "tbk_51d2b07f9c3e4a6688aa0d1c2b3e4f5a";
const VECTOR_BODY = '{"textId":"123456","fromNumber":"+14155551234","text":"open gate 5"}';

function reply(fields: object): string {
  return JSON.stringify({ textId: "123456", fromNumber: "+14155551234", ...fields });
}

function text(name: string, fields: object, expect: Partial<MessageArrival>): RequestCase {
  return {
    name,
    door: "inbound",
    contentType: "application/json",
    body: reply(fields),
    expect: [
      {
        kind: "message",
        providerMessageId: null,
        from: "+14155551234",
        to: ADDRESS,
        text: "",
        media: [],
        providerTime: null,
        providerContactId: null,
        mayRepeat: true,
        ...expect,
      },
    ],
  };
}

function unreadable(name: string, body: string, reason: string): RequestCase {
  return { name, door: "inbound", contentType: "application/json", body, expect: { unreadable: reason } };
}

function said(
  name: string,
  error: string,
  status = 200,
): { name: string; reply: { status: number; body: string } } {
  return { name, reply: { status, body: JSON.stringify({ success: false, quotaRemaining: 0, error }) } };
}

export const fixture: ChannelFixture = {
  settings: { apiKey: API_KEY },
  address: ADDRESS,
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: {
    sign(request, settings, at) {
      const timestamp = String(at.getTime() / 1000);
      const mac = createHmac("sha256", String(settings.apiKey)).update(timestamp + request.body);
      return { "X-textbelt-timestamp": timestamp, "X-textbelt-signature": mac.digest("hex") };
    },
    headers: ["X-textbelt-signature", "X-textbelt-timestamp"],
    windowSeconds: 900,
    covers: ["body"],
    vectors: [
      {
        name: "reply",
        method: "POST",
        url: "https://hub.example.com/in/token",
        body: VECTOR_BODY,
        headers: {
          "X-textbelt-timestamp": "1700000000",
          "X-textbelt-signature": "3c89a6a5dafa6dd63d7288afbe3668c6dbeef506570aeefa0d046d3cbfeb9a2b",
        },
        settings: { apiKey: "test-key" },
        at: new Date(1_700_000_000_000),
      },
      {
        name: "reply, signature in capitals",
        method: "POST",
        url: "https://hub.example.com/in/token",
        body: VECTOR_BODY,
        headers: {
          "X-textbelt-timestamp": "1700000000",
          "X-textbelt-signature": "3C89A6A5DAFA6DD63D7288AFBE3668C6DBEEF506570AEEFA0D046D3CBFEB9A2B",
        },
        settings: { apiKey: "test-key" },
        at: new Date(1_700_000_000_000),
      },
    ],
  },
  requests: [
    text("a text", { text: "open gate 5" }, { text: "open gate 5" }),
    text("with our data", { text: "STOP", data: "msg_01k" }, { text: "STOP" }),
    text("an emoji", { text: "🏔️ offen für Gäste" }, { text: "🏔️ offen für Gäste" }),
    text("an empty text", { text: "" }, {}),
    text("a long text", { text: "x".repeat(1600) }, { text: "x".repeat(1600) }),
    text("blanks and brackets", { fromNumber: " (415) 555-1234", text: "1" }, { text: "1" }),
    text("no plus", { fromNumber: "14155551234", text: "1" }, { text: "1" }),
    text("a short code", { fromNumber: "64600", text: "hi" }, { from: "64600", text: "hi" }),
    text("letters as sender", { fromNumber: "RESORT", text: "hi" }, { from: "RESORT", text: "hi" }),
    {
      name: "an unknown event",
      door: "inbound",
      contentType: "application/json",
      body: '{"event":"quota.low","quotaRemaining":3}',
      expect: [{ kind: "ignored", reason: "not a reply" }],
    },
    unreadable("no sender", '{"textId":"1","text":"hi"}', "fromNumber"),
    unreadable("no text", '{"textId":"1","fromNumber":"+14155551234"}', "text is missing"),
    unreadable("a list", "[]", "not a JSON object"),
    unreadable("no JSON", "fromNumber=1&text=hi", "not a JSON object"),
  ],
  // A reply has no id of its own: what is signed anew is a new one.
  repeats: ["a text", "an emoji"],
  repeatsBySignature: true,
  distinct: [
    ["a text", "a text"],
    ["blanks and brackets", "no plus"],
  ],
  send: {
    text: {
      id: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      to: "+14155551234",
      from: ADDRESS,
      text: "Bluebird is open. 100 % & more + 🏔️",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: "/text",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      encoding: "form",
      body: {
        phone: "+14155551234",
        message: "Bluebird is open. 100 % & more + 🏔️",
        key: API_KEY,
        replyWebhookUrl: "https://hub.example.com/in/token/inbound",
        webhookData: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      },
    },
    accepted: { status: 200, body: '{"success":true,"textId":"98765","quotaRemaining":41}' },
    outcome: { kind: "accepted", providerMessageId: "98765", status: "handed_over" },
    refusals: [
      { ...said("out of quota", "Out of quota"), outcome: { kind: "refused", reason: "no_funds" } },
      {
        ...said("the free key is used up", "Only one test text message is allowed per day."),
        outcome: { kind: "refused", reason: "no_funds" },
      },
      { ...said("bad key", "Invalid API key"), outcome: { kind: "broken-credential" } },
      { ...said("bad key, as 401", "Incorrect key", 401), outcome: { kind: "broken-credential" } },
      {
        ...said("bad number", "Invalid phone number or bad request."),
        outcome: { kind: "refused", reason: "bad_number" },
      },
      {
        ...said("opted out", "Recipient has opted out of messages"),
        outcome: { kind: "refused", reason: "opted_out" },
      },
      {
        ...said("too fast", "Too many requests, please slow down"),
        outcome: { kind: "throttled", retryAfterMs: null },
      },
      {
        ...said("anything else", "Sorry, texts are disabled for this country."),
        outcome: {
          kind: "refused",
          reason: "other",
          code: null,
          text: "Sorry, texts are disabled for this country.",
        },
      },
      { ...said("no, as 500", "Sending failed", 500), outcome: { kind: "refused", reason: "other" } },
      {
        name: "no reason",
        reply: { status: 200, body: '{"success":false}' },
        outcome: { kind: "refused", reason: "other", text: "Textbelt gave no reason" },
      },
      {
        name: "yes, as 500",
        reply: { status: 500, body: '{"success":true,"textId":"7"}' },
        outcome: { kind: "accepted", providerMessageId: "7" },
      },
      {
        name: "yes without an id",
        reply: { status: 200, body: '{"success":true}' },
        outcome: { kind: "accepted", providerMessageId: null },
      },
      {
        name: "neither yes nor no",
        reply: { status: 200, body: '{"textId":"7"}' },
        outcome: { kind: "uncertain" },
      },
      { name: "an unreadable body", reply: { status: 200, body: "<html>" }, outcome: { kind: "uncertain" } },
      {
        name: "429 without words",
        reply: { status: 429, headers: { "retry-after": "7" }, body: "" },
        outcome: { kind: "throttled", retryAfterMs: 7_000 },
      },
      { name: "401 without words", reply: { status: 401, body: "" }, outcome: { kind: "broken-credential" } },
      { name: "403 without words", reply: { status: 403, body: "" }, outcome: { kind: "broken-credential" } },
      {
        name: "402 without words",
        reply: { status: 402, body: "" },
        outcome: { kind: "refused", reason: "no_funds" },
      },
      {
        name: "400 without words",
        reply: { status: 400, body: "" },
        outcome: { kind: "refused", reason: "other", code: "400" },
      },
      { name: "500 without words", reply: { status: 500, body: "" }, outcome: { kind: "uncertain" } },
      { name: "504", reply: { status: 504, body: "Gateway Timeout" }, outcome: { kind: "uncertain" } },
    ],
    probe: {
      method: "GET",
      path: `/quota/${API_KEY}`,
      accepted: { status: 200, body: '{"success":true,"quotaRemaining":98}' },
    },
    polls: (
      [
        ["SENDING", "handed_over"],
        ["SENT", "sent"],
        ["DELIVERED", "delivered"],
        ["FAILED", "undelivered"],
        ["UNKNOWN", null],
        ["SOMETHING", null],
      ] as const
    ).map(([code, status]) => ({
      name: code,
      path: "/status/98765",
      reply: { status: 200, body: JSON.stringify({ status: code }) },
      expect: status && {
        kind: "receipt",
        providerMessageId: "98765",
        phone: null,
        text: null,
        status,
        code,
        description: status === "undelivered" ? "Textbelt could not deliver it." : null,
        bounce: false,
      },
    })),
    afterBodyLost: "uncertain",
  },
};
