import type { Arrival, MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { RequestCase } from "../conformance/fixture.ts";

/** What Vonage posts, of the Messages API as JSON and of the older SMS API mostly as forms. */
export const JSON_TYPE = "application/json";
export const FORM_TYPE = "application/x-www-form-urlencoded";
export const UUID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
export const API_KEY = "abcd1234";
const OTHER_UUID = "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab";

const inbound = {
  channel: "sms",
  message_uuid: UUID,
  to: "14155550000",
  from: "14155551234",
  timestamp: "2026-01-02T03:04:04Z",
  message_type: "text",
  text: "open gate 5",
  sms: { num_messages: "1", keyword: "OPEN" },
  usage: { currency: "EUR", price: "0.0333" },
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: UUID,
  from: "+14155551234",
  to: "+14155550000",
  text: "open gate 5",
  media: [],
  providerTime: "2026-01-02T03:04:04.000Z",
  providerContactId: null,
};

const status = {
  message_uuid: UUID,
  to: "14155551234",
  from: "14155550000",
  timestamp: "2026-01-02T03:04:04Z",
  status: "delivered",
  channel: "sms",
  client_ref: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: UUID,
  messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  phone: "+14155551234",
  text: null,
  status: "delivered",
  code: null,
  description: null,
  bounce: false,
};

const smsInbound = {
  msisdn: "14155551234",
  to: "14155550000",
  messageId: "0A0000000123ABCD1",
  text: "open gate 5",
  type: "text",
  keyword: "OPEN",
  "api-key": API_KEY,
  "message-timestamp": "2026-01-02 03:04:04",
};

const smsReceipt = {
  msisdn: "14155551234",
  to: "14155550000",
  "network-code": "310090",
  messageId: "0C000000217B7F02",
  price: "0.03330000",
  status: "delivered",
  scts: "2601020304",
  "err-code": "0",
  "client-ref": "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  "api-key": API_KEY,
  "message-timestamp": "2026-01-02 03:04:04",
};

type Expected = RequestCase["expect"];

function post(name: string, door: string, body: object, expect: Expected): RequestCase {
  return { name, door, contentType: JSON_TYPE, body: JSON.stringify(body), expect };
}

function form(name: string, door: string, fields: Record<string, string>, expect: Expected): RequestCase {
  return { name, door, contentType: FORM_TYPE, body: new URLSearchParams(fields).toString(), expect };
}

function text(name: string, fields: object, expected: Partial<MessageArrival>): RequestCase {
  return post(name, "inbound", { ...inbound, ...fields }, [{ ...message, ...expected }]);
}

function sms(name: string, fields: Record<string, string>, expected: Partial<MessageArrival>): RequestCase {
  const read = { ...message, providerMessageId: smsInbound.messageId };
  return form(name, "inbound", { ...smsInbound, ...fields }, [{ ...read, ...expected }]);
}

function told(word: string, fields: object, expected: Partial<ReceiptArrival>): RequestCase {
  return post(`receipt ${word}`, "status", { ...status, status: word, ...fields }, [
    { ...receipt, ...expected },
  ]);
}

function smsTold(word: string, code: string, expected: Partial<ReceiptArrival>): RequestCase {
  const read = { ...receipt, providerMessageId: smsReceipt.messageId, code };
  return form(
    `SMS API receipt ${word} ${code}`,
    "status",
    { ...smsReceipt, status: word, "err-code": code },
    [{ ...read, ...expected }],
  );
}

function ignored(reason: string): Arrival[] {
  return [{ kind: "ignored", reason }];
}

const optedOut = "The person has asked for no more texts from this number.";

export const requests: RequestCase[] = [
  text("a text", {}, {}),
  text("the same words again", { message_uuid: OTHER_UUID }, { providerMessageId: OTHER_UUID }),
  text("an emoji", { message_uuid: "u-1", text: "🏔️ auf" }, { providerMessageId: "u-1", text: "🏔️ auf" }),
  text("an empty text", { message_uuid: "u-2", text: "" }, { providerMessageId: "u-2", text: "" }),
  text("a short code", { message_uuid: "u-3", from: "64600" }, { providerMessageId: "u-3", from: "64600" }),
  text("letters", { message_uuid: "u-4", from: "RESORT" }, { providerMessageId: "u-4", from: "RESORT" }),
  text(
    "with a plus",
    { message_uuid: "u-5", from: "+447911123456" },
    { providerMessageId: "u-5", from: "+447911123456" },
  ),
  text(
    "a long text",
    { message_uuid: "u-6", text: "ab ".repeat(900) },
    { providerMessageId: "u-6", text: "ab ".repeat(900) },
  ),
  text(
    "a picture",
    {
      message_uuid: "u-7",
      channel: "mms",
      message_type: "image",
      text: undefined,
      image: { url: "https://api-us.nexmo.com/v3/media/1" },
    },
    {
      providerMessageId: "u-7",
      text: "",
      media: [{ url: "https://api-us.nexmo.com/v3/media/1", contentType: null, bytes: null }],
    },
  ),
  post(
    "another channel",
    "inbound",
    { ...inbound, message_uuid: "u-8", channel: "whatsapp" },
    ignored("a message by whatsapp"),
  ),
  post(
    "an unknown type",
    "inbound",
    { ...inbound, message_uuid: "u-9", text: undefined, message_type: "unsupported" },
    ignored('a message of type "unsupported"'),
  ),
  post("no text", "inbound", { ...inbound, text: undefined }, { unreadable: "text is missing" }),
  post("no sender", "inbound", { ...inbound, from: undefined }, { unreadable: "sender is missing" }),
  post("no id", "inbound", { from: "14155551234", text: "hi" }, { unreadable: "neither message_uuid" }),
  told("submitted", {}, { status: "sent" }),
  told("delivered", {}, {}),
  told("read", {}, {}),
  told(
    "rejected",
    {
      error: {
        type: "https://developer.vonage.com/api-errors/messages#1210",
        title: 1210,
        detail: "Anti-Spam Rejection",
      },
    },
    { status: "undelivered", code: "1210", description: "Anti-Spam Rejection", advice: "content" },
  ),
  told(
    "undeliverable",
    {
      error: {
        error: { type: "https://developer.vonage.com/api-errors/messages#1260", title: "Unreachable" },
      },
    },
    { status: "undelivered", code: "1260", description: "The number could not be reached.", advice: "later" },
  ),
  post(
    "receipt of an opted-out person",
    "status",
    {
      ...status,
      status: "rejected",
      error: { type: "https://developer.vonage.com/api-errors/messages#1240", title: "1240" },
    },
    [{ ...receipt, status: "undelivered", code: "1240", description: optedOut, optedOut: true }],
  ),
  post("receipt clicked", "status", { ...status, status: "clicked" }, ignored('unknown status "clicked"')),
  sms("SMS API text", {}, { providerTime: "2026-01-02T03:04:04.000Z" }),
  sms(
    "SMS API unicode",
    { messageId: "S2", type: "unicode", text: "a&b=c ☃️" },
    { providerMessageId: "S2", text: "a&b=c ☃️" },
  ),
  sms(
    "SMS API part of a long text",
    { messageId: "S6", concat: "true", "concat-ref": "173", "concat-total": "3", "concat-part": "2" },
    { providerMessageId: "S6", part: { reference: "173", index: 2, total: 3 } },
  ),
  sms(
    "SMS API text that is called its own only part",
    { messageId: "S7", concat: "true", "concat-ref": "174", "concat-total": "1", "concat-part": "1" },
    { providerMessageId: "S7" },
  ),
  post("SMS API text as JSON", "inbound", { ...smsInbound, messageId: "S3" }, [
    { ...message, providerMessageId: "S3" },
  ]),
  form(
    "SMS API binary",
    "inbound",
    {
      msisdn: "14155551234",
      to: "14155550000",
      messageId: "S4",
      type: "binary",
      data: "0011",
      udh: "06050415811581",
    },
    ignored('a message of type "binary"'),
  ),
  smsTold("accepted", "0", { status: "sent" }),
  smsTold("buffered", "0", { status: "sent" }),
  smsTold("delivered", "0", {}),
  smsTold("expired", "2", {
    status: "expired",
    description: "The phone could not be reached for now.",
    advice: "later",
  }),
  smsTold("failed", "6", {
    status: "undelivered",
    description: "The carrier took it for spam.",
    advice: "content",
  }),
  smsTold("rejected", "1234", { status: "undelivered" }),
  smsTold("failed", "9", { status: "undelivered", description: optedOut, optedOut: true }),
  smsTold("rejected", "9", { status: "undelivered", description: optedOut, optedOut: true }),
  form(
    "SMS API receipt unknown",
    "status",
    { ...smsReceipt, status: "unknown" },
    ignored('unknown status "unknown"'),
  ),
  post("SMS API receipt as JSON", "status", { ...smsReceipt, messageId: "S5" }, [
    { ...receipt, providerMessageId: "S5", code: "0" },
  ]),
];
