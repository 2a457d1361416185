import type { Arrival, MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { RequestCase } from "../conformance/fixture.ts";

/** Events as Telnyx documents them, and what they are read as. */
const ID = "7ee4241c-f127-47e5-9c34-3aac291f8058";
const SENT_ID = "ac012cbf-5e09-46af-a69a-7c0e2d90993c";

const received = {
  record_type: "message",
  direction: "inbound",
  id: ID,
  type: "SMS",
  messaging_profile_id: "0f512bda-ae1e-4597-8e11-e5f5686b97d3",
  organization_id: "b448f9cc-a842-4784-98e9-03c1a5872950",
  from: { phone_number: "+18665550001", carrier: "T-MOBILE USA, INC.", line_type: "Wireless" },
  to: [
    { phone_number: "+18445550001", status: "webhook_delivered", carrier: "TELNYX LLC", line_type: "VoIP" },
  ],
  cc: [],
  text: "open gate 5",
  media: [],
  encoding: "GSM-7",
  parts: 1,
  errors: [],
  received_at: "2026-01-02T03:04:03.512+00:00",
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: ID,
  from: "+18665550001",
  to: "+18445550001",
  text: "open gate 5",
  media: [],
  providerTime: "2026-01-02T03:04:03.512Z",
  providerContactId: null,
};

const sent = {
  ...received,
  direction: "outbound",
  id: SENT_ID,
  from: { phone_number: "+18445550001", carrier: "TELNYX LLC", line_type: "VoIP" },
  to: [
    {
      phone_number: "+18665550001",
      status: "delivered",
      carrier: "T-MOBILE USA, INC.",
      line_type: "Wireless",
    },
  ],
  text: "Gate 5 is open.",
  received_at: "2026-01-02T03:04:00.000+00:00",
  sent_at: "2026-01-02T03:04:01.000+00:00",
  completed_at: "2026-01-02T03:04:04.000+00:00",
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: SENT_ID,
  phone: "+18665550001",
  text: null,
  status: "delivered",
  code: null,
  description: null,
  bounce: false,
};

function event(type: string, payload: unknown, more: object = {}): string {
  return JSON.stringify({
    data: {
      record_type: "event",
      id: "bf6307bd-884d-4c1f-b6ea-c62b8c495d3c",
      event_type: type,
      occurred_at: "2026-01-02T03:04:04.574Z",
      payload,
      ...more,
    },
    meta: { attempt: 1, delivered_to: "https://hub.example.com/in/token/inbound" },
  });
}

function request(name: string, body: string, expect: RequestCase["expect"]): RequestCase {
  return { name, door: "inbound", contentType: "application/json", body, expect };
}

function text(name: string, payload: object, expected: Partial<MessageArrival>): RequestCase {
  return request(name, event("message.received", { ...received, ...payload }), [{ ...message, ...expected }]);
}

/** What became of a text: the word of the recipient and the code of the error. */
function finalized(
  name: string,
  status: string,
  expected: Partial<ReceiptArrival> | null,
  errors: object[] = [],
): RequestCase {
  const payload = { ...sent, to: [{ ...sent.to[0], status }], errors };
  const arrivals: Arrival[] = expected
    ? [{ ...receipt, ...expected }]
    : [{ kind: "ignored", reason: `receipt with the status "${status}"` }];
  return request(name, event("message.finalized", payload), arrivals);
}

export function failure(code: string, title: string, detail?: string): object {
  return { code, title, ...(detail === undefined ? {} : { detail }) };
}

const media = {
  url: "https://media.telnyx.com/fa1b.png",
  content_type: "image/png",
  sha256: "ab12",
  size: 102_400,
};

export const requests: RequestCase[] = [
  text("a text", {}, {}),
  text("the same text a minute later", { id: "0a1b2c3d" }, { providerMessageId: "0a1b2c3d" }),
  text("an emoji", { id: "e-1", text: "Lift 3 zu 👋🏔️" }, { providerMessageId: "e-1", text: "Lift 3 zu 👋🏔️" }),
  text("an empty text", { id: "e-2", text: "" }, { providerMessageId: "e-2", text: "" }),
  text(
    "line breaks and blanks",
    { id: "e-3", text: "  a\nb " },
    { providerMessageId: "e-3", text: "  a\nb " },
  ),
  text(
    "3,000 characters",
    { id: "e-4", text: "x".repeat(3_000) },
    { providerMessageId: "e-4", text: "x".repeat(3_000) },
  ),
  text(
    "a number without +",
    { id: "e-5", from: { phone_number: "18665550001" } },
    { providerMessageId: "e-5" },
  ),
  text(
    "a short code",
    { id: "e-6", from: { phone_number: "64600" } },
    { providerMessageId: "e-6", from: "64600" },
  ),
  text(
    "letters",
    { id: "e-7", from: { phone_number: "RESORT" } },
    { providerMessageId: "e-7", from: "RESORT" },
  ),
  text(
    "a number of another country",
    { id: "e-8", from: { phone_number: "+447911123456" } },
    { providerMessageId: "e-8", from: "+447911123456" },
  ),
  text(
    "a picture",
    {
      id: "m-1",
      type: "MMS",
      text: "look",
      media: [media, { ...media, url: "ftp://x/y", size: 1 }, { size: 1 }],
    },
    {
      providerMessageId: "m-1",
      text: "look",
      media: [{ url: media.url, contentType: "image/png", bytes: 102_400 }],
    },
  ),
  text(
    "a picture without a text",
    { id: "m-2", type: "MMS", text: null, media: [{ url: media.url, content_type: null, size: null }] },
    { providerMessageId: "m-2", text: "", media: [{ url: media.url, contentType: null, bytes: null }] },
  ),
  text(
    "a text to a group",
    { id: "g-1", to: [{ phone_number: "+18665550009" }, { phone_number: "+18445550001" }] },
    { providerMessageId: "g-1" },
  ),
  text(
    "a text to another number of the profile",
    { id: "g-2", to: [{ phone_number: "+18445550002" }] },
    { providerMessageId: "g-2", to: "+18445550002" },
  ),
  text("no receiving number", { id: "g-3", to: [] }, { providerMessageId: "g-3" }),
  text(
    "no time of its own",
    { id: "t-1", received_at: undefined },
    { providerMessageId: "t-1", providerTime: "2026-01-02T03:04:04.574Z" },
  ),
  text(
    "unknown fields",
    { id: "u-1", autoresponse_type: null, tags: ["x"], cost: { amount: "0.0051" }, new_field: { a: [1] } },
    { providerMessageId: "u-1" },
  ),
  request(
    "given to the carrier",
    event("message.sent", { ...sent, to: [{ ...sent.to[0], status: "sent" }] }),
    [{ ...receipt, status: "sent" }],
  ),
  request(
    "sent, without a status",
    event("message.sent", { ...sent, to: [{ phone_number: "+18665550001" }] }),
    [{ ...receipt, status: "sent" }],
  ),
  finalized("queued", "queued", { status: "handed_over" }),
  finalized("sending", "sending", { status: "handed_over" }),
  finalized("delivered", "delivered", {}),
  finalized("expired", "expired", { status: "expired" }),
  {
    ...finalized("of a text the address names", "delivered", { messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3" }),
    query: "?text=msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  },
  finalized("delivery unconfirmed", "delivery_unconfirmed", { status: "sent", unconfirmed: true }),
  finalized("delivery failed", "delivery_failed", { status: "undelivered" }),
  finalized("sending failed", "sending_failed", { status: "failed" }),
  finalized("a status of tomorrow", "teleported", null),
  finalized(
    "a receipt that says opted out",
    "sending_failed",
    {
      status: "failed",
      code: "40300",
      description: "Blocked due to STOP message: The recipient has opted out.",
      optedOut: true,
      advice: "opted_out",
    },
    [
      failure("40002", "Blocked as spam"),
      failure("40300", "Blocked due to STOP message", "The recipient has opted out."),
    ],
  ),
  finalized(
    "a landline",
    "delivery_failed",
    { status: "undelivered", code: "40001", description: "Not routable", bounce: true, advice: "bad_number" },
    [failure("40001", "Not routable")],
  ),
  finalized(
    "a code that says expired",
    "delivery_failed",
    { status: "expired", code: "40005", description: "Message expired", advice: "later" },
    [failure("40005", "Message expired", "Message expired")],
  ),
  finalized(
    "a code that says undelivered",
    "sending_failed",
    { status: "undelivered", code: "40008", description: "Undeliverable", advice: "later" },
    [failure("40008", "Undeliverable")],
  ),
  finalized(
    "spam says nothing about the number",
    "delivery_failed",
    { status: "undelivered", code: "40003", description: "Blocked as spam", advice: "content" },
    [failure("40003", "Blocked as spam")],
  ),
  finalized(
    "a listed code without words",
    "delivery_failed",
    {
      status: "undelivered",
      code: "40015",
      description: "The carrier took the text for spam",
      advice: "content",
    },
    [{ code: "40015" }],
  ),
  finalized("an unknown code", "delivery_failed", { status: "undelivered", code: "49999" }, [
    { code: 49999 },
  ]),
  finalized(
    "delivered in spite of an error",
    "delivered",
    { code: "40005", description: "Message expired" },
    [failure("40005", "Message expired")],
  ),
  request(
    "two recipients",
    event("message.finalized", {
      ...sent,
      to: [sent.to[0], { phone_number: "+18665550002", status: "delivery_failed" }],
    }),
    [receipt, { ...receipt, phone: "+18665550002", status: "undelivered" }],
  ),
  request("an unknown event", event("10dlc.campaign.update", { id: "x" }, { id: "ev-1" }), [
    { kind: "ignored", reason: 'event "10dlc.campaign.update"' },
  ]),
  request("an unknown event without an id", event("message.link_click", {}, { id: undefined }), [
    { kind: "ignored", reason: 'event "message.link_click"' },
  ]),
  request("no payload", event("message.received", null), { unreadable: "data.payload is missing" }),
  request("no id", event("message.received", { ...received, id: null }), {
    unreadable: "payload.id is missing",
  }),
  request("no sender", event("message.received", { ...received, from: {} }), { unreadable: "payload.from" }),
  request("a text of a wrong type", event("message.received", { ...received, text: 7 }), {
    unreadable: "payload.text is not a text",
  }),
  request("a receipt without an id", event("message.finalized", { ...sent, id: "" }), {
    unreadable: "payload.id",
  }),
  request("a receipt without a recipient", event("message.finalized", { ...sent, to: [] }), {
    unreadable: "payload.to",
  }),
  request("a receipt without a status", event("message.finalized", { ...sent, to: [{}] }), {
    unreadable: "no status",
  }),
  request("no event type", JSON.stringify({ data: { payload: received } }), {
    unreadable: "data.event_type",
  }),
  request("a list", "[]", { unreadable: "not a JSON object" }),
];
