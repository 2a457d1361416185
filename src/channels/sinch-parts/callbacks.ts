import type { Advice } from "../../domain/advice.ts";
import type { Media, ReceiptArrival } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { type Fields, isFields, readFields, readText, readTime } from "../../tools/json-body.ts";
import { ownTextId } from "../../tools/own-text-id.ts";
import { digest } from "../../tools/signatures.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";

/** Sinch's callbacks: `type` tells the kind. */
const MAX_NUMBER_LENGTH = 64;

const UNCONFIRMED = "Unknown";

const LADDER = new Map<string, ReceiptArrival["status"]>([
  ["Queued", "handed_over"],
  ["Dispatched", "sent"],
  ["Delivered", "delivered"],
  ["Expired", "expired"],
  ["Cancelled", "cancelled"],
  ["Aborted", "failed"],
  ["Rejected", "undelivered"],
  ["Failed", "undelivered"],
  ["Deleted", "undelivered"],
  // On the network, and nothing more is known.
  [UNCONFIRMED, "sent"],
]);

/** Receipts carry the bare code. None of them speaks of consent; 0, 400 and 401 say no more than the status. */
const DESCRIPTIONS = new Map<string, string>([
  ["402", "The network rejected the message as unroutable"],
  ["403", "An unexpected error at Sinch"],
  ["404", "A temporary failure while delivering"],
  ["405", "A parameter of the text has no value for this recipient"],
  ["406", "It expired before it reached the network"],
  ["407", "It was cancelled before it reached the network"],
  ["408", "The network rejected the message"],
  ["410", "No default sender fits this recipient"],
  ["411", "It has more parts than allowed"],
  ["412", "This region is not open for the account"],
  ["413", "The account is blocked"],
  ["414", "The address of the media is bad"],
  ["415", "The MMS was rejected by the network"],
  ["416", "The network does not support this MMS"],
  ["417", "The network or the subscriber cannot be reached"],
  ["418", "The handset does not understand the content"],
]);

/** What can be done about it, where that is more than asking. */
const ADVICE = new Map<string, Advice>([
  ["402", "bad_number"],
  ["403", "later"],
  ["404", "later"],
  ["405", "content"],
  ["406", "later"],
  ["410", "sender"],
  ["411", "content"],
  ["412", "region"],
  ["413", "credential"],
  ["414", "content"],
  ["417", "later"],
  ["418", "content"],
]);

export function parseCallback(request: DoorRequest, context: ParseContext): Parsed {
  const fields = readFields(request.rawBody);
  if (fields === null) return notUnderstood("the body is not a JSON object");
  const type = readText(fields.type);
  if (type === null) return notUnderstood("type is missing or not a text");
  if (type === "mo_text" || type === "mo_media") return parseMessage(type, fields, context);
  if (type === "recipient_delivery_report_sms") return parseReceipt(fields, context);
  const what = readText(fields.id) ?? digest("sha256", request.rawBody).toString("hex");
  const reason = type === "delivery_report_sms" ? "summary of a batch" : `callback "${type.slice(0, 60)}"`;
  return one(`callback:${type}:${what}`, { kind: "ignored", reason });
}

function parseMessage(type: string, fields: Fields, context: ParseContext): Parsed {
  const id = readText(fields.id);
  if (id === null) return notUnderstood("id is missing or not a text");
  const from = readNumber(fields.from, context);
  if (from === null) return notUnderstood("from is missing or not a number");
  const content = type === "mo_text" ? { text: fields.body, media: [] } : readMmsBody(fields.body);
  if (typeof content?.text !== "string") return notUnderstood("body is missing or not a text");
  return one(`message:${id}`, {
    kind: "message",
    providerMessageId: id,
    from,
    to: readNumber(fields.to, context) ?? context.address,
    text: cleanText(content.text),
    media: content.media,
    providerTime: readTime(fields.received_at),
    providerContactId: null,
  });
}

/** An MMS has a message, a subject and media, each of them or none. */
function readMmsBody(body: unknown): { text: unknown; media: Media[] } | null {
  if (!isFields(body)) return null;
  const media = (Array.isArray(body.media) ? body.media : []).filter(isFields).flatMap((entry) => {
    const url = readText(entry.url);
    if (url === null || !/^https?:\/\//i.test(url)) return [];
    return [{ url, contentType: readText(entry.content_type) ?? readText(entry.contentType), bytes: null }];
  });
  return { text: body.message ?? body.subject ?? "", media };
}

function parseReceipt(fields: Fields, context: ParseContext): Parsed {
  const batchId = readText(fields.batch_id);
  if (batchId === null) return notUnderstood("batch_id is missing or not a text");
  const word = readText(fields.status);
  if (word === null) return notUnderstood("status is missing or not a text");
  const phone = readNumber(fields.recipient, context);
  const code = readText(fields.code);
  const key = ["receipt", batchId, phone ?? "", word, code ?? ""].join(":");
  const status = LADDER.get(word);
  if (!status) return one(key, { kind: "ignored", reason: `receipt with the status "${word.slice(0, 40)}"` });
  const advice = ADVICE.get(code ?? "");
  return one(key, {
    kind: "receipt",
    providerMessageId: batchId,
    ...ownTextId(fields.client_reference),
    phone,
    text: null,
    status,
    code,
    description: DESCRIPTIONS.get(code ?? "") ?? null,
    bounce: false,
    ...(word === UNCONFIRMED ? { unconfirmed: true as const } : {}),
    ...(advice === undefined ? {} : { advice }),
  });
}

/** Sinch always writes full international digits and leaves the + out; up to eight digits are a short code. */
function readNumber(value: unknown, context: ParseContext): string | null {
  const text = readText(value);
  if (text === null || text.length > MAX_NUMBER_LENGTH) return null;
  return /^[1-9]\d{8,14}$/.test(text) ? `+${text}` : normalisePhone(text, context.country);
}

function one(dedupeKey: string, arrival: KeyedArrival["arrival"]): Parsed {
  return { ok: true, arrivals: [{ dedupeKey, arrival }] };
}

function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid Sinch callback: ${detail}` };
}
