import type { MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { ChannelFixture, ProviderReply, RequestCase } from "../conformance/fixture.ts";
import { pictures } from "./harness.ts";

/** Webhooks as Bandwidth documents them for its messaging API v2. */
const ID = "14762070468292kw2fuqty55yp2b2";
const SENT_ID = "1593110555875xo7watq5px6rbe5d";
const APPLICATION = "93de2206-9669-4e07-948d-329f4b722ee2";

const settings = {
  accountId: "9900000",
  username: "api-user",
  password: "p4ss: of the API user",
  applicationId: APPLICATION,
  callbackUser: "signalbox",
  callbackPassword: "c4llb4ck: password ü",
};

function basic(user: unknown, password: unknown): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

const received = {
  id: ID,
  time: "2026-01-02T03:04:03.512Z",
  to: ["+12345678902"],
  from: "+12345678901",
  text: "open gate 5",
  applicationId: APPLICATION,
  media: [] as unknown[],
  owner: "+12345678902",
  direction: "in",
  segmentCount: 1,
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: ID,
  from: "+12345678901",
  to: "+12345678902",
  text: "open gate 5",
  media: [],
  providerTime: "2026-01-02T03:04:03.512Z",
  providerContactId: null,
};

const sent = {
  id: SENT_ID,
  owner: "+12345678902",
  applicationId: APPLICATION,
  time: "2026-01-02T03:04:00.876Z",
  segmentCount: 1,
  direction: "out",
  to: ["+12345678901"],
  from: "+12345678902",
  text: "",
  tag: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: SENT_ID,
  messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  phone: "+12345678901",
  text: null,
  status: "delivered",
  code: null,
  description: "ok",
  bounce: false,
};

function inbound(fields: object = {}, more: object = {}): object {
  return {
    type: "message-received",
    time: "2026-01-02T03:04:04.100Z",
    description: "Incoming message received",
    to: "+12345678902",
    message: { ...received, ...fields },
    ...more,
  };
}

function news(type: string, description: string, more: object = {}): object {
  return { time: "2026-01-02T03:04:04.979Z", type, to: "+12345678901", description, message: sent, ...more };
}

function request(name: string, events: unknown, expect: RequestCase["expect"]): RequestCase {
  const contentType = "application/json; charset=utf-8";
  const body = typeof events === "string" ? events : JSON.stringify(events);
  return { name, door: "inbound", contentType, body, expect };
}

function text(
  name: string,
  fields: object,
  expected: Partial<MessageArrival>,
  more: object = {},
): RequestCase {
  return request(name, [inbound(fields, more)], [{ ...message, ...expected }]);
}

/** Bandwidth's own word for it, ours, and what can be done. */
function failed(
  errorCode: number,
  keyword: string,
  description: string,
  expected: Partial<ReceiptArrival> = {},
): RequestCase {
  const told = {
    ...receipt,
    status: "undelivered",
    code: String(errorCode),
    description,
    ...expected,
  } as const;
  return request(`failed ${errorCode}`, [news("message-failed", keyword, { errorCode })], [told]);
}

const picture = `https://messaging.bandwidth.com/api/v2/users/9900000/media/${ID}/0/bw.png`;

const requests: RequestCase[] = [
  text("a text", {}, {}),
  text("the same text a minute later", { id: "1476-2" }, { providerMessageId: "1476-2" }),
  text("an emoji", { id: "e-1", text: "Lift 3 zu 👋🏔️" }, { providerMessageId: "e-1", text: "Lift 3 zu 👋🏔️" }),
  text("an empty text", { id: "e-2", text: "" }, { providerMessageId: "e-2", text: "" }),
  text(
    "line breaks and blanks",
    { id: "e-3", text: "  a\nb " },
    { providerMessageId: "e-3", text: "  a\nb " },
  ),
  text(
    "2,000 characters",
    { id: "e-4", text: "x".repeat(2_000) },
    { providerMessageId: "e-4", text: "x".repeat(2_000) },
  ),
  text("a number without +", { id: "n-1", from: "12345678901" }, { providerMessageId: "n-1" }),
  text("a short code", { id: "n-2", from: "64600" }, { providerMessageId: "n-2", from: "64600" }),
  text("letters", { id: "n-3", from: "RESORT" }, { providerMessageId: "n-3", from: "RESORT" }),
  text(
    "a number of another country",
    { id: "n-4", from: "+447911123456" },
    { providerMessageId: "n-4", from: "+447911123456" },
  ),
  text(
    "a text to a group",
    { id: "g-1", to: ["+12345678903", "+12345678902"] },
    { providerMessageId: "g-1" },
    { to: "+12345678903" },
  ),
  text(
    "no owner",
    { id: "g-2", owner: undefined },
    { providerMessageId: "g-2", to: "+12345678903" },
    { to: "+12345678903" },
  ),
  text(
    "no owner and no to",
    { id: "g-3", owner: undefined, to: ["+12345678904"] },
    { providerMessageId: "g-3", to: "+12345678904" },
    { to: undefined },
  ),
  text(
    "no receiving number at all",
    { id: "g-4", owner: undefined, to: undefined },
    { providerMessageId: "g-4" },
    { to: undefined },
  ),
  text(
    "a picture",
    { id: "m-1", text: "look", media: [picture, "no address", 7] },
    { providerMessageId: "m-1", text: "look", media: [{ url: picture, contentType: null, bytes: null }] },
  ),
  text(
    "a picture without a text",
    { id: "m-2", text: undefined, media: [picture] },
    { providerMessageId: "m-2", text: "", media: [{ url: picture, contentType: null, bytes: null }] },
  ),
  text(
    "no time of its own",
    { id: "t-1", time: undefined },
    { providerMessageId: "t-1", providerTime: "2026-01-02T03:04:04.100Z" },
  ),
  text("unknown fields", { id: "u-1", channel: "SMS", new_field: { a: [1] } }, { providerMessageId: "u-1" }),
  request(
    "two texts and a receipt at once",
    [inbound({ id: "l-1" }), inbound({ id: "l-2", text: "STOP" }), news("message-delivered", "ok")],
    [
      { ...message, providerMessageId: "l-1" },
      { ...message, providerMessageId: "l-2", text: "STOP" },
      receipt,
    ],
  ),
  request(
    "a broken element does not hold up the others",
    [{ type: "message-received" }, inbound({ id: "l-3" }), null],
    [
      { kind: "ignored", reason: "not understood: message is missing" },
      { ...message, providerMessageId: "l-3" },
      { kind: "ignored", reason: "not understood: an event is not a JSON object" },
    ],
  ),
  request(
    "sending",
    [news("message-sending", "Message is sending to carrier")],
    [{ ...receipt, status: "sent", description: "Message is sending to carrier" }],
  ),
  request("delivered", [news("message-delivered", "ok")], [receipt]),
  request(
    "delivered, without the recipient",
    [news("message-delivered", "ok", { to: undefined })],
    [receipt],
  ),
  failed(4432, "rejected-forbidden-country", "Texts to this country are not allowed", { advice: "region" }),
  failed(4470, "rejected-spam-detected", "The text was taken for spam", { advice: "content" }),
  failed(4482, "rejected-to-number-in-blacklist", "The number is on a list of numbers that get no texts", {
    advice: "other",
  }),
  failed(4775, "destination-rejected-due-to-user-opt-out", "The person opted out of texts from this sender", {
    optedOut: true,
    advice: "opted_out",
  }),
  failed(4360, "message-not-sent-expiration-date-passed", "It expired before it could be sent", {
    status: "expired",
    advice: "later",
  }),
  failed(4303, "malformed-invalid-to-number", "The number is not a phone number", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4350, "malformed-for-destination", "The number is not one that takes texts", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4404, "rejected-forbidden-to-number", "Texts to this number are not allowed", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4406, "rejected-unallocated-to-number", "The number belongs to nobody", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4720, "invalid-destination-address", "The carrier does not know the number", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4721, "destination-tn-deactivated", "The number is out of use", {
    bounce: true,
    advice: "bad_number",
  }),
  failed(4750, "destination-rejected-message", "The carrier refused the text", { advice: "other" }),
  failed(5600, "destination-carrier-queue-full", "The carrier's queue is full", { advice: "later" }),
  failed(
    9902,
    "delivery-receipt-expired",
    "No report came from the carrier in time; it may well have arrived",
    { status: "sent", unconfirmed: true },
  ),
  failed(9999, "unknown-error", "unknown-error"),
  request(
    "failed without a code",
    [news("message-failed", "unknown")],
    [{ ...receipt, status: "undelivered", description: "unknown" }],
  ),
  request(
    "an unknown event",
    [{ type: "message-read", message: sent }],
    [{ kind: "ignored", reason: 'event "message-read"' }],
  ),
  request("an empty list", "[]", [{ kind: "ignored", reason: "empty list of events" }]),
  request("an object", inbound({}), { unreadable: "not a JSON list" }),
  request("no type", [{ message: received }], { unreadable: "type is missing" }),
  request("no message", [{ type: "message-received", message: null }], { unreadable: "message is missing" }),
  request("no id", [inbound({ id: null })], { unreadable: "message.id is missing" }),
  request("no sender", [inbound({ from: "" })], { unreadable: "message.from is missing" }),
  request("a text of a wrong type", [inbound({ text: 5 })], { unreadable: "message.text is not a text" }),
  request("a receipt without a message", [news("message-failed", "x", { message: 7 })], {
    unreadable: "message is missing",
  }),
  request("a receipt without an id", [news("message-failed", "x", { message: { ...sent, id: undefined } })], {
    unreadable: "message.id is missing",
  }),
];

function error(status: number, type: string, description: string, fieldErrors?: object[]): ProviderReply {
  return { status, body: JSON.stringify({ type, description, ...(fieldErrors && { fieldErrors }) }) };
}

type Refusal = { name: string; reply: ProviderReply; outcome: Partial<Outcome> & { kind: Outcome["kind"] } };

function unclear(kind: Outcome["kind"], name: string, reply: ProviderReply): Refusal {
  return { name, reply, outcome: { kind } };
}

function blamed(fieldName: string, reason: string): Refusal {
  const said = { fieldName, description: "has a wrong format" };
  const outcome = {
    kind: "refused",
    reason,
    code: "request-validation",
    text: `Your request could not be accepted; ${fieldName}: has a wrong format (request-validation)`,
  } as Refusal["outcome"];
  const reply = error(400, "request-validation", "Your request could not be accepted", [said]);
  return { name: `400 about ${fieldName}`, reply, outcome };
}

const refusals: Refusal[] = [
  {
    name: "400",
    reply: error(400, "request-validation", "Your request could not be accepted"),
    outcome: { kind: "refused", reason: "other", code: "request-validation" },
  },
  blamed("to", "bad_number"),
  blamed("to[0]", "bad_number"),
  blamed("from", "sender"),
  blamed("applicationId", "sender"),
  blamed("text", "content"),
  blamed("priority", "other"),
  {
    name: "404",
    reply: {
      status: 404,
      body: '{"timestamp":"2026-01-02T03:04:05.253+0000","status":404,"error":"Not Found","message":"Not Found"}',
    },
    outcome: { kind: "refused", reason: "other", code: "404", text: "Not Found (HTTP 404)" },
  },
  {
    name: "415",
    reply: error(415, "unsupported-content-type", "Please use 'application/json'"),
    outcome: { kind: "refused", reason: "other", code: "unsupported-content-type" },
  },
  {
    name: "402",
    reply: { status: 402, body: "" },
    outcome: { kind: "refused", reason: "no_funds", code: "402" },
  },
  unclear("broken-credential", "401", error(401, "unauthorized", "Authentication Failed")),
  unclear("broken-credential", "403", error(403, "forbidden", "Access Denied")),
  {
    name: "429",
    reply: error(429, "max-message-queue-size-exceeded", "The SMS queue for your account is full."),
    outcome: { kind: "throttled", retryAfterMs: null },
  },
  {
    name: "429 with Retry-After",
    reply: { status: 429, body: "", headers: { "retry-after": "7" } },
    outcome: { kind: "throttled", retryAfterMs: 7_000 },
  },
  unclear("uncertain", "500", error(500, "internal-error", "Something went wrong")),
  unclear("uncertain", "503 without JSON", { status: 503, body: "<html>" }),
  unclear("uncertain", "408", { status: 408, body: "" }),
  unclear("uncertain", "202 that cannot be read", { status: 202, body: "<html>" }),
  {
    name: "202 without an id",
    reply: { status: 202, body: "{}" },
    outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
  },
];

const order = {
  applicationId: APPLICATION,
  to: ["+12345678901"],
  from: "+12345678902",
  text: "Gate 5 is open. 👋",
  tag: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
};

export const fixture: ChannelFixture = {
  settings,
  address: "+12345678902",
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: {
    sign: (_request, values) => ({ authorization: basic(values.callbackUser, values.callbackPassword) }),
    headers: ["authorization"],
    windowSeconds: null,
    covers: [],
    vectors: [
      {
        name: "RFC 7617, section 2",
        method: "POST",
        url: "https://hub.example.com/in/bandwidth",
        body: "[]",
        headers: { authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
        settings: { ...settings, callbackUser: "Aladdin", callbackPassword: "open sesame" },
        at: new Date("2026-01-02T03:04:05.000Z"),
      },
    ],
  },
  requests,
  repeats: requests.filter(({ expect }) => Array.isArray(expect)).map(({ name }) => name),
  distinct: [
    ["a text", "the same text a minute later"],
    ["sending", "delivered"],
    ["failed 4432", "failed 4470"],
  ],
  send: {
    text: {
      id: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      to: "+12345678901",
      from: "+12345678902",
      text: "Gate 5 is open. 👋",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: "/api/v2/users/9900000/messages",
      headers: {
        authorization: basic(settings.username, settings.password),
        "content-type": "application/json; charset=utf-8",
      },
      body: order,
      encoding: "json",
    },
    media: {
      urls: pictures,
      body: { ...order, media: pictures },
    },
    accepted: {
      status: 202,
      body: JSON.stringify({
        id: SENT_ID,
        time: "2026-01-02T03:04:05.000Z",
        to: ["+12345678901"],
        from: "+12345678902",
        text: "Gate 5 is open. 👋",
        applicationId: APPLICATION,
        tag: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
        owner: "+12345678902",
        direction: "out",
        segmentCount: 1,
      }),
    },
    outcome: { kind: "accepted", providerMessageId: SENT_ID, status: "handed_over", segments: 1 },
    refusals,
    probe: {
      method: "GET",
      path: "/api/v2/users/9900000/media",
      accepted: { status: 200, body: "[]" },
    },
    afterBodyLost: "uncertain",
  },
};
