import type { Media, ReceiptArrival } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { bodyText, type Fields, isFields, readJson, readText, readTime } from "../../tools/json-body.ts";
import { ownTextId } from "../../tools/own-text-id.ts";
import { digest } from "../../tools/signatures.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { adviceOf, wordsOf } from "./codes.ts";

/** Bandwidth's events come as a list; each names its kind in `type` and the message it is about. */
const MAX_NUMBER_LENGTH = 64;

const LADDER = new Map<string, ReceiptArrival["status"]>([
  ["message-sending", "sent"],
  // For MMS it may only mean that the carrier has it.
  ["message-delivered", "delivered"],
  ["message-failed", "undelivered"],
]);

const NO_REPORT = "9902";

/** What a failed message's code says more precisely than "undelivered". */
const CODES = new Map<string, ReceiptArrival["status"]>([
  ["4360", "expired"],
  // No report from the carrier in time; Bandwidth says that the text may well have arrived.
  [NO_REPORT, "sent"],
]);

/** The carrier refused it because the person opted out: the only code that speaks of consent. */
const OPTED_OUT = "4775";

/** The number cannot be reached by anybody: malformed, not assigned, not in the plan, switched off for good. */
const BAD_NUMBER = ["4303", "4350", "4404", "4406", "4720", "4721"];

type Read = { keyed: KeyedArrival } | { broken: string };

/**
 * An element that cannot be understood does not hold up the others: it is noted as ignored, and the kept body can be
 * read again. Only when none is understood, the request is set aside.
 */
export function parseEvents(request: DoorRequest, context: ParseContext): Parsed {
  const body = readJson(bodyText(request.rawBody));
  if (!Array.isArray(body)) return notUnderstood("the body is not a JSON list");
  const events = body.map((event: unknown) => readEvent(event, context));
  const broken = events.flatMap((event) => ("broken" in event ? [event.broken] : []));
  if (events.length > 0 && broken.length === events.length) return notUnderstood(broken[0] ?? "");
  if (events.length === 0) {
    return { ok: true, arrivals: [ignored("empty", "empty list of events")] };
  }
  const bodyHash = digest("sha256", request.rawBody).toString("hex");
  const arrivals = events.map((event, index) =>
    "keyed" in event
      ? event.keyed
      : ignored(`broken:${bodyHash}:${index}`, `not understood: ${event.broken}`),
  );
  return { ok: true, arrivals };
}

function readEvent(event: unknown, context: ParseContext): Read {
  if (!isFields(event)) return { broken: "an event is not a JSON object" };
  const type = readText(event.type);
  if (type === null) return { broken: "type is missing or not a text" };
  if (type === "message-received") return readMessage(event, context);
  const status = LADDER.get(type);
  if (status) return readReceipt(type, status, event, context);
  const key = digest("sha256", JSON.stringify(event)).toString("hex");
  return { keyed: ignored(`event:${key}`, `event "${type.slice(0, 60)}"`) };
}

function readMessage(event: Fields, context: ParseContext): Read {
  const { message } = event;
  if (!isFields(message)) return { broken: "message is missing" };
  const id = readText(message.id);
  if (id === null) return { broken: "message.id is missing or not a text" };
  const from = readNumber(message.from, context);
  if (from === null) return { broken: "message.from is missing or not a number" };
  const text = message.text ?? "";
  if (typeof text !== "string") return { broken: "message.text is not a text" };
  // A group text goes to many; `owner` is the number of ours that this copy belongs to.
  const to =
    readNumber(message.owner, context) ?? readNumber(event.to, context) ?? firstNumber(message.to, context);
  const arrival: KeyedArrival["arrival"] = {
    kind: "message",
    providerMessageId: id,
    from,
    to: to ?? context.address,
    text: cleanText(text),
    media: readMedia(message.media),
    providerTime: readTime(message.time) ?? readTime(event.time),
    providerContactId: null,
  };
  return { keyed: { dedupeKey: `message-received:${id}`, arrival } };
}

function readReceipt(
  type: string,
  byType: ReceiptArrival["status"],
  event: Fields,
  context: ParseContext,
): Read {
  const { message } = event;
  if (!isFields(message)) return { broken: "message is missing" };
  const id = readText(message.id);
  if (id === null) return { broken: "message.id is missing or not a text" };
  const phone = readNumber(event.to, context) ?? firstNumber(message.to, context);
  const failed = type === "message-failed";
  const code = failed ? readText(event.errorCode) : null;
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: id,
    ...ownTextId(message.tag),
    phone,
    text: null,
    status: CODES.get(code ?? "") ?? byType,
    code,
    description: wordsOf(code) ?? readText(event.description),
    bounce: BAD_NUMBER.includes(code ?? ""),
    ...(code === OPTED_OUT ? { optedOut: true } : {}),
    ...(code === NO_REPORT ? { unconfirmed: true } : adviceOf(code)),
  };
  return { keyed: { dedupeKey: [type, id, phone ?? "", code ?? ""].join(":"), arrival } };
}

/** Always E.164, or a short code as it is. */
function readNumber(value: unknown, context: ParseContext): string | null {
  const text = readText(value);
  return text === null || text.length > MAX_NUMBER_LENGTH ? null : normalisePhone(text, context.country);
}

function firstNumber(value: unknown, context: ParseContext): string | null {
  return readNumber(Array.isArray(value) ? value[0] : value, context);
}

/** Addresses only; fetching them needs the API's credentials. */
function readMedia(value: unknown): Media[] {
  return (Array.isArray(value) ? value : []).flatMap((entry: unknown) => {
    const url = readText(entry);
    return url !== null && /^https?:\/\//i.test(url) ? [{ url, contentType: null, bytes: null }] : [];
  });
}

function ignored(dedupeKey: string, reason: string): KeyedArrival {
  return { dedupeKey, arrival: { kind: "ignored", reason } };
}

function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid Bandwidth webhook: ${detail}` };
}
