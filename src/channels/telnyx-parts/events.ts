import type { Media, ReceiptArrival } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { type Fields, isFields, readFields, readText, readTime } from "../../tools/json-body.ts";
import { textNamedIn } from "../../tools/own-text-id.ts";
import { digest } from "../../tools/signatures.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { adviceOf, readErrors } from "./codes.ts";

/** Telnyx's events: `data.event_type` tells the kind, `data.payload` is the message it is about. */
type ReceiptStatus = ReceiptArrival["status"];

const MAX_NUMBER_LENGTH = 64;

const UNCONFIRMED = "delivery_unconfirmed";

const LADDER = new Map<string, ReceiptStatus>([
  ["queued", "handed_over"],
  ["sending", "handed_over"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["expired", "expired"],
  ["delivery_failed", "undelivered"],
  ["sending_failed", "failed"],
  // No report came from the carrier: on the network, and nothing more is known.
  [UNCONFIRMED, "sent"],
]);

const FAILED: readonly ReceiptStatus[] = ["undelivered", "failed", "expired"];
const FAILURES: readonly ReceiptStatus[] = ["undelivered", "failed"];

export function readStatus(value: unknown): ReceiptStatus | null {
  return LADDER.get(readText(value) ?? "") ?? null;
}

export function parseEvent(request: DoorRequest, context: ParseContext): Parsed {
  const data = readFields(request.rawBody)?.data;
  if (!isFields(data)) return notUnderstood("the body is not a JSON object with data");
  const type = readText(data.event_type);
  if (type === null) return notUnderstood("data.event_type is missing or not a text");
  if (type === "message.received") return parseMessage(data, context);
  if (type === "message.sent" || type === "message.finalized")
    return parseReceipts(type, data, request.url, context);
  const id = readText(data.id) ?? digest("sha256", request.rawBody).toString("hex");
  return { ok: true, arrivals: [ignored(`event:${id}`, `event "${type.slice(0, 60)}"`)] };
}

function parseMessage(data: Fields, context: ParseContext): Parsed {
  const { payload } = data;
  if (!isFields(payload)) return notUnderstood("data.payload is missing");
  const id = readText(payload.id);
  if (id === null) return notUnderstood("payload.id is missing or not a text");
  const from = readNumber(payload.from, context);
  if (from === null) return notUnderstood("payload.from.phone_number is missing or not a number");
  // A message of pictures only has no text.
  const text = payload.text ?? "";
  if (typeof text !== "string") return notUnderstood("payload.text is not a text");
  const arrival: KeyedArrival["arrival"] = {
    kind: "message",
    providerMessageId: id,
    from,
    to: receivingNumber(payload.to, context),
    text: cleanText(text),
    media: readMedia(payload.media),
    providerTime: readTime(payload.received_at) ?? readTime(data.occurred_at),
    providerContactId: null,
  };
  return { ok: true, arrivals: [{ dedupeKey: `message:${id}`, arrival }] };
}

/** A group text goes to many: ours is the channel's own number when it is among them. */
function receivingNumber(to: unknown, context: ParseContext): string {
  const numbers = entries(to).flatMap((entry) => readNumber(entry, context) ?? []);
  const own = normalisePhone(context.address, context.country);
  return numbers.find((number) => number === own) ?? numbers[0] ?? context.address;
}

/** One receipt for each number the text went to; texts of ours go to one. */
function parseReceipts(type: string, data: Fields, url: string, context: ParseContext): Parsed {
  const { payload } = data;
  if (!isFields(payload)) return notUnderstood("data.payload is missing");
  const id = readText(payload.id);
  if (id === null) return notUnderstood("payload.id is missing or not a text");
  const recipients = entries(payload.to).filter(isFields);
  if (recipients.length === 0) return notUnderstood("payload.to is missing or empty");
  if (type === "message.finalized" && recipients.every((entry) => readText(entry.status) === null)) {
    return notUnderstood("payload.to has no status");
  }
  const arrivals = recipients.map((entry) => receipt(type, id, entry, payload, context));
  // A text of ours has one recipient, and the address names it.
  const [only] = arrivals;
  if (arrivals.length === 1 && only?.arrival.kind === "receipt") {
    only.arrival = { ...only.arrival, ...textNamedIn(url) };
  }
  return { ok: true, arrivals };
}

function receipt(
  type: string,
  id: string,
  entry: Fields,
  payload: Fields,
  context: ParseContext,
): KeyedArrival {
  const word = readText(entry.status) ?? (type === "message.sent" ? "sent" : "");
  const phone = readNumber(entry, context);
  const error = readErrors(payload.errors);
  const known = LADDER.get(word) ?? null;
  const dedupeKey = ["receipt", id, type, phone ?? "", word, error?.code ?? ""].join(":");
  if (known === null) return ignored(dedupeKey, `receipt with the status "${word.slice(0, 40)}"`);
  // The code says more precisely than the word why a text did not arrive; it never outdoes an arrival.
  const status = FAILURES.includes(known) ? (error?.status ?? known) : known;
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: id,
    phone,
    text: null,
    status,
    code: error?.code ?? null,
    description: error?.text ?? null,
    bounce: FAILURES.includes(status) && error?.meaning === "bad_number",
    ...(error?.meaning === "opted_out" ? { optedOut: true } : {}),
    ...(FAILED.includes(status) && error ? adviceOf(error) : {}),
    ...(word === UNCONFIRMED ? { unconfirmed: true } : {}),
  };
  return { dedupeKey, arrival };
}

/** `to` is a list of numbers with their state; one alone is taken as well. */
function entries(value: unknown): unknown[] {
  return Array.isArray(value) ? value : isFields(value) ? [value] : [];
}

function readNumber(value: unknown, context: ParseContext): string | null {
  const text = readText(isFields(value) ? value.phone_number : value);
  return text === null || text.length > MAX_NUMBER_LENGTH ? null : normalisePhone(text, context.country);
}

function readMedia(value: unknown): Media[] {
  return entries(value).flatMap((entry) => {
    if (!isFields(entry)) return [];
    const url = readText(entry.url);
    if (url === null || !/^https?:\/\//i.test(url)) return [];
    const bytes = Number(readText(entry.size) ?? Number.NaN);
    return [
      {
        url,
        contentType: readText(entry.content_type),
        bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
      },
    ];
  });
}

function ignored(dedupeKey: string, reason: string): KeyedArrival {
  return { dedupeKey, arrival: { kind: "ignored", reason } };
}

function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid Telnyx event: ${detail}` };
}
