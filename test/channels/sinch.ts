import { createHmac } from "node:crypto";
import type { ChannelSettings } from "../../src/channels/types.ts";
import type { MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { ChannelFixture, ProviderReply, RequestCase, SignedParts } from "../conformance/fixture.ts";
import { freshNonce } from "../conformance/nonces.ts";

/** Callbacks as Sinch documents them for its SMS REST API. */
const PLAN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const SECRET = "foo_secret 1234 of Sinch";
const ID = "01FC66621XXXXX119Z8PMV1QPQ";
const BATCH_ID = "01FC66621XXXXX119Z8PMV1QPU";

const inbound = {
  body: "open gate 5",
  client_reference: "myReference",
  from: "16051234567",
  id: ID,
  operator_id: "35000",
  received_at: "2026-01-02T03:04:03.512Z",
  sent_at: "2026-01-02T03:04:02.000Z",
  to: "13185551234",
  type: "mo_text",
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: ID,
  from: "+16051234567",
  to: "+13185551234",
  text: "open gate 5",
  media: [],
  providerTime: "2026-01-02T03:04:03.512Z",
  providerContactId: null,
};

const report = {
  at: "2026-01-02T03:04:04.914Z",
  batch_id: BATCH_ID,
  client_reference: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  code: 0,
  operator_status_at: "2026-01-02T03:04:00Z",
  recipient: "16051234567",
  status: "Delivered",
  type: "recipient_delivery_report_sms",
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: BATCH_ID,
  messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  phone: "+16051234567",
  text: null,
  status: "delivered",
  code: "0",
  description: null,
  bounce: false,
};

function request(name: string, body: unknown, expect: RequestCase["expect"]): RequestCase {
  const raw = typeof body === "string" ? body : JSON.stringify(body);
  return { name, door: "inbound", contentType: "application/json", body: raw, expect };
}

function text(name: string, fields: object, expected: Partial<MessageArrival>): RequestCase {
  return request(name, { ...inbound, ...fields }, [{ ...message, ...expected }]);
}

function state(
  status: string,
  code: number,
  ours: ReceiptArrival["status"],
  description: string | null = null,
  more: Pick<ReceiptArrival, "advice" | "unconfirmed"> = {},
): RequestCase {
  const expected = { ...receipt, status: ours, code: String(code), description, ...more };
  return request(`${status} ${code}`, { ...report, status, code }, [expected]);
}

const requests: RequestCase[] = [
  text("a text", {}, {}),
  text("the same text a minute later", { id: "01FC2" }, { providerMessageId: "01FC2" }),
  text("an emoji", { id: "e-1", body: "Lift 3 zu 👋🏔️" }, { providerMessageId: "e-1", text: "Lift 3 zu 👋🏔️" }),
  text("an empty text", { id: "e-2", body: "" }, { providerMessageId: "e-2", text: "" }),
  text(
    "line breaks and blanks",
    { id: "e-3", body: "  a\nb " },
    { providerMessageId: "e-3", text: "  a\nb " },
  ),
  text(
    "1,600 characters",
    { id: "e-4", body: "x".repeat(1_600) },
    { providerMessageId: "e-4", text: "x".repeat(1_600) },
  ),
  text(
    "a number with +",
    { id: "n-1", from: "+16051234567", to: "+13185551234" },
    { providerMessageId: "n-1" },
  ),
  text(
    "a number of another country",
    { id: "n-2", from: "4915112345678" },
    { providerMessageId: "n-2", from: "+4915112345678" },
  ),
  text(
    "ten digits of another country are not completed",
    { id: "n-3", from: "4712345678" },
    { providerMessageId: "n-3", from: "+4712345678" },
  ),
  text(
    "a short code",
    { id: "n-4", from: "64600", to: "12345" },
    { providerMessageId: "n-4", from: "64600", to: "12345" },
  ),
  text("letters", { id: "n-5", from: "RESORT" }, { providerMessageId: "n-5", from: "RESORT" }),
  text("no receiving number", { id: "n-6", to: undefined }, { providerMessageId: "n-6" }),
  text("no time", { id: "t-1", received_at: null }, { providerMessageId: "t-1", providerTime: null }),
  text("unknown fields", { id: "u-1", new_field: { a: [1] } }, { providerMessageId: "u-1" }),
  text(
    "a picture",
    {
      id: "m-1",
      type: "mo_media",
      body: {
        subject: "from the hut",
        message: "look",
        media: [
          { url: "https://media.sinch.com/1.jpg", content_type: "image/jpeg", status: "Uploaded", code: 0 },
          { url: null, content_type: "image/png", status: "Failed", code: 1 },
        ],
      },
    },
    {
      providerMessageId: "m-1",
      text: "look",
      media: [{ url: "https://media.sinch.com/1.jpg", contentType: "image/jpeg", bytes: null }],
    },
  ),
  text(
    "a picture with a subject only",
    { id: "m-2", type: "mo_media", body: { subject: "from the hut", media: [] } },
    { providerMessageId: "m-2", text: "from the hut" },
  ),
  text(
    "a picture without a word",
    { id: "m-3", type: "mo_media", body: { media: [{ url: "https://media.sinch.com/2.jpg" }] } },
    {
      providerMessageId: "m-3",
      text: "",
      media: [{ url: "https://media.sinch.com/2.jpg", contentType: null, bytes: null }],
    },
  ),
  request("a binary text", { ...inbound, type: "mo_binary", id: "b-1", body: "AAEC", udh: "00" }, [
    { kind: "ignored", reason: 'callback "mo_binary"' },
  ]),
  state("Queued", 400, "handed_over"),
  state("Dispatched", 401, "sent"),
  state("Delivered", 0, "delivered"),
  state("Expired", 406, "expired", "It expired before it reached the network", { advice: "later" }),
  state("Cancelled", 407, "cancelled", "It was cancelled before it reached the network"),
  state("Aborted", 403, "failed", "An unexpected error at Sinch", { advice: "later" }),
  state("Aborted", 405, "failed", "A parameter of the text has no value for this recipient", {
    advice: "content",
  }),
  state("Aborted", 408, "failed", "The network rejected the message"),
  state("Aborted", 410, "failed", "No default sender fits this recipient", { advice: "sender" }),
  state("Aborted", 411, "failed", "It has more parts than allowed", { advice: "content" }),
  state("Aborted", 412, "failed", "This region is not open for the account", { advice: "region" }),
  state("Aborted", 413, "failed", "The account is blocked", { advice: "credential" }),
  state("Aborted", 414, "failed", "The address of the media is bad", { advice: "content" }),
  state("Rejected", 402, "undelivered", "The network rejected the message as unroutable", {
    advice: "bad_number",
  }),
  state("Rejected", 415, "undelivered", "The MMS was rejected by the network"),
  state("Failed", 404, "undelivered", "A temporary failure while delivering", { advice: "later" }),
  state("Failed", 416, "undelivered", "The network does not support this MMS"),
  state("Failed", 417, "undelivered", "The network or the subscriber cannot be reached", { advice: "later" }),
  state("Failed", 418, "undelivered", "The handset does not understand the content", { advice: "content" }),
  state("Deleted", 404, "undelivered", "A temporary failure while delivering", { advice: "later" }),
  state("Unknown", 999, "sent", null, { unconfirmed: true }),
  request("a receipt without code and recipient", { ...report, code: undefined, recipient: undefined }, [
    { ...receipt, code: null, phone: null },
  ]),
  request("a status of tomorrow", { ...report, status: "Teleported" }, [
    { kind: "ignored", reason: 'receipt with the status "Teleported"' },
  ]),
  request(
    "the summary of a batch",
    {
      batch_id: BATCH_ID,
      statuses: [{ code: 0, count: 1, status: "Delivered" }],
      total_message_count: 1,
      type: "delivery_report_sms",
    },
    [{ kind: "ignored", reason: "summary of a batch" }],
  ),
  request("an unknown event", { type: "mo_telegram", id: "x-1" }, [
    { kind: "ignored", reason: 'callback "mo_telegram"' },
  ]),
  request("no type", { ...inbound, type: undefined }, { unreadable: "type is missing" }),
  request("no id", { ...inbound, id: undefined }, { unreadable: "id is missing" }),
  request("no sender", { ...inbound, from: null }, { unreadable: "from is missing" }),
  request("no text", { ...inbound, body: undefined }, { unreadable: "body is missing" }),
  request("a text of a wrong type", { ...inbound, body: 5 }, { unreadable: "body is missing or not a text" }),
  request(
    "an MMS without a body",
    { ...inbound, type: "mo_media", body: "x" },
    { unreadable: "body is missing" },
  ),
  request("a receipt without a batch", { ...report, batch_id: "" }, { unreadable: "batch_id is missing" }),
  request("a receipt without a status", { ...report, status: null }, { unreadable: "status is missing" }),
  request("a list", "[]", { unreadable: "not a JSON object" }),
];

function error(status: number, code: string, said: string): ProviderReply {
  return { status, body: JSON.stringify({ code, text: said }) };
}

type Refusal = { name: string; reply: ProviderReply; outcome: Partial<Outcome> & { kind: Outcome["kind"] } };

function refused(status: number, code: string, reason: string, said: string): Refusal {
  const outcome = { kind: "refused", reason, code, text: `${said} (${code})` } as Refusal["outcome"];
  return { name: `${status} ${code}`, reply: error(status, code, said), outcome };
}

function unclear(kind: Outcome["kind"], name: string, reply: ProviderReply): Refusal {
  return { name, reply, outcome: { kind } };
}

const refusals: Refusal[] = [
  refused(400, "syntax_invalid_json", "other", "Invalid JSON was sent."),
  refused(400, "syntax_invalid_parameter_format", "other", "Not a valid MSISDN or group ID."),
  refused(400, "syntax_constraint_violation", "other", "The value is too long."),
  refused(403, "illegal_number_type", "bad_number", "Number type not allowed."),
  refused(403, "missing_callback_url", "other", "No callback URL."),
  refused(403, "unknown_group", "other", "No such group."),
  refused(403, "unknown_campaign", "other", "No such campaign."),
  {
    name: "404",
    reply: { status: 404, body: "" },
    outcome: { kind: "refused", reason: "other", code: "404" },
  },
  {
    name: "422",
    reply: { status: 422, body: "<html>" },
    outcome: { kind: "refused", reason: "other", code: "422" },
  },
  {
    name: "402",
    reply: { status: 402, body: "" },
    outcome: { kind: "refused", reason: "no_funds", code: "402" },
  },
  unclear("broken-credential", "401", { status: 401, body: "" }),
  unclear("broken-credential", "403 alone", { status: 403, body: "" }),
  unclear(
    "broken-credential",
    "403 blocked_account",
    error(403, "blocked_account", "The account is blocked."),
  ),
  {
    name: "429",
    reply: { status: 429, body: "", headers: { "retry-after": "7" } },
    outcome: { kind: "throttled", retryAfterMs: 7_000 },
  },
  unclear("uncertain", "500", error(500, "internal_error", "Something went wrong.")),
  unclear("uncertain", "503 without JSON", { status: 503, body: "<html>" }),
  unclear("uncertain", "408", { status: 408, body: "" }),
  unclear("uncertain", "201 that cannot be read", { status: 201, body: "<html>" }),
  {
    name: "201 without an id",
    reply: { status: 201, body: "{}" },
    outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
  },
];

function signWith({ body }: SignedParts, settings: ChannelSettings, at: Date, nonce: string) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const mac = createHmac("sha256", String(settings.webhookSecret));
  return {
    "x-sinch-webhook-signature": mac.update(`${body}.${nonce}.${timestamp}`).digest("base64"),
    "x-sinch-webhook-signature-nonce": nonce,
    "x-sinch-webhook-signature-timestamp": timestamp,
    "x-sinch-webhook-signature-algorithm": "HmacSHA256",
  };
}

export const fixture: ChannelFixture = {
  settings: { servicePlanId: PLAN, apiToken: TOKEN, webhookSecret: SECRET },
  address: "+13185551234",
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: {
    sign: (parts, settings, at) => signWith(parts, settings, at, freshNonce("01JHFFHWYY7HSS4FWTMD000000")),
    once: [{ name: "callback", sign: signWith }],
    headers: [
      "x-sinch-webhook-signature",
      "x-sinch-webhook-signature-nonce",
      "x-sinch-webhook-signature-timestamp",
      "x-sinch-webhook-signature-algorithm",
    ],
    windowSeconds: 300,
    covers: ["body"],
    vectors: [
      {
        name: "published with Sinch's libraries",
        method: "POST",
        url: "https://hub.example.com/in/sinch",
        body: '{"at":"2025-01-13T09:22:40.914Z","batch_id":"01JHFFHQ0P99JPPNQPJDV7JTBP","client_reference":"a client reference","code":0,"operator_status_at":"2025-01-13T09:22:00Z","recipient":"33662162466","status":"Delivered","type":"recipient_delivery_report_sms"}',
        headers: {
          "x-sinch-webhook-signature": "ZoHei66PPN/kZjw7hFVfGhJOnml3iGNCMWoyQVcE5o0=",
          "x-sinch-webhook-signature-nonce": "01JHFFHWYY7HSS4FWTMDTQEK8V",
          "x-sinch-webhook-signature-timestamp": "1736760161",
          "x-sinch-webhook-signature-algorithm": "HmacSHA256",
        },
        settings: { servicePlanId: PLAN, apiToken: TOKEN, webhookSecret: "SMSWebhooksSecret" },
        at: new Date(1_736_760_161_000),
      },
    ],
  },
  requests,
  repeats: requests.filter(({ expect }) => Array.isArray(expect)).map(({ name }) => name),
  distinct: [
    ["a text", "the same text a minute later"],
    ["Queued 400", "Delivered 0"],
    ["Aborted 403", "Aborted 405"],
  ],
  send: {
    text: {
      id: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      to: "+16051234567",
      from: "+13185551234",
      text: "Gate 5 is open. 👋",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: `/xms/v1/${PLAN}/batches`,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: {
        to: ["+16051234567"],
        from: "+13185551234",
        body: "Gate 5 is open. 👋",
        delivery_report: "per_recipient",
        callback_url: "https://hub.example.com/in/token/inbound",
        client_reference: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      },
      encoding: "json",
    },
    accepted: {
      status: 201,
      body: JSON.stringify({
        id: BATCH_ID,
        to: ["16051234567"],
        from: "13185551234",
        canceled: false,
        body: "Gate 5 is open. 👋",
        type: "mt_text",
        created_at: "2026-01-02T03:04:05.000Z",
        delivery_report: "per_recipient",
      }),
    },
    outcome: { kind: "accepted", providerMessageId: BATCH_ID, status: "handed_over" },
    refusals,
    probe: {
      method: "GET",
      path: `/xms/v1/${PLAN}/batches?page_size=1`,
      accepted: { status: 200, body: '{"count":0,"page":0,"page_size":1,"batches":[]}' },
    },
    afterBodyLost: "uncertain",
  },
};
