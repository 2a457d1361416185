import { isUtf8 } from "node:buffer";
import type { Arrival, Media, MessageArrival, ReceiptArrival } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { textNamedIn } from "../../tools/own-text-id.ts";
import { decodeBase64, digest } from "../../tools/signatures.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { adviceOf, hasReason, meaningOf } from "./codes.ts";
import { type Fields, readFields, textOf } from "./fields.ts";

/**
 * Texts and receipts, told apart by what they say and not by the door: addresses get swapped when they are
 * entered, and Twilio signs both alike.
 */
const MAX_ID_LENGTH = 100;
const MAX_MEDIA = 30;

const STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["accepted", "handed_over"],
  ["scheduled", "handed_over"],
  ["queued", "handed_over"],
  ["sending", "handed_over"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  // Opened on the phone: more than delivered, and there is no higher step for a receipt.
  ["read", "delivered"],
  ["undelivered", "undelivered"],
  ["failed", "failed"],
  ["canceled", "cancelled"],
]);

export function statusOfWord(word: string): ReceiptArrival["status"] | null {
  return STATUSES.get(word.toLowerCase()) ?? null;
}

export function parseTwilio(request: DoorRequest, context: ParseContext): Parsed {
  const fields = readFields(request);
  if (fields === null) return notUnderstood("the body is neither a form nor a JSON object");
  const id = textOf(fields, "MessageSid", "SmsMessageSid", "SmsSid");
  if (id !== null && id.length > MAX_ID_LENGTH) return notUnderstood("MessageSid is too long");
  const status = textOf(fields, "MessageStatus") ?? statusOf(fields);
  if (status !== null) {
    return id === null
      ? notUnderstood("MessageSid is missing")
      : { ok: true, arrivals: [receipt(fields, id, status, request.url, context)] };
  }
  if (id === null) {
    const isText = fields.has("Body") || fields.has("NumMedia");
    return isText ? notUnderstood("MessageSid is missing") : ignored(request, "not a text and not a receipt");
  }
  const from = textOf(fields, "From");
  if (from === null) return notUnderstood("From is missing");
  return { ok: true, arrivals: inbound(fields, id, from, context) };
}

function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid message format: ${detail}` };
}

function ignored(request: DoorRequest, reason: string): Parsed {
  const content = digest("sha256", request.url, "\n", request.rawBody).toString("hex");
  return { ok: true, arrivals: [{ dedupeKey: `ignored:${content}`, arrival: { kind: "ignored", reason } }] };
}

/** `SmsStatus` comes with texts too, where it only says that they were received. */
function statusOf(fields: Fields): string | null {
  const status = textOf(fields, "SmsStatus");
  return status === "received" || status === "receiving" ? null : status;
}

function inbound(fields: Fields, id: string, from: string, context: ParseContext): KeyedArrival[] {
  const sender = readNumber(from, context);
  const to = readNumber(textOf(fields, "To") ?? context.address, context);
  const arrival: MessageArrival = {
    kind: "message",
    providerMessageId: id,
    from: sender,
    to,
    text: plainText(fields.get("Body") ?? ""),
    media: readMedia(fields),
    providerTime: null,
    providerContactId: null,
  };
  const text: KeyedArrival = { dedupeKey: `inbound:${id}`, arrival };
  // With Advanced Opt-Out the account has stop words of its own, which only Twilio knows: they hold before the text
  // that says them is answered.
  const optOut = textOf(fields, "OptOutType")?.toUpperCase();
  if (optOut === "STOP") {
    const left: Arrival = { kind: "unsubscribe", phone: sender, to, at: null, providerContactId: null };
    return [{ dedupeKey: `opt-out:${id}`, arrival: left }, text];
  }
  if (optOut === "START") {
    return [{ dedupeKey: `opt-in:${id}`, arrival: { kind: "resubscribe", phone: sender, to } }, text];
  }
  return optOut === "HELP" ? [{ ...text, arrival: { ...arrival, answered: true } }] : [text];
}

/**
 * RCS comes on the same line as texts, with the number behind a prefix: one person, and one opt-out for both. Our side
 * of it is a name of Twilio's.
 */
function readNumber(text: string, context: ParseContext): string {
  const rcs = /^rcs:\s*(.*)$/i.exec(text)?.[1];
  if (rcs === undefined) return normalisePhone(text, context.country);
  return /^\+?\d+$/.test(rcs) ? normalisePhone(rcs, context.country) : context.address;
}

function readMedia(fields: Fields): Media[] {
  const media: Media[] = [];
  for (let index = 0; index < MAX_MEDIA; index++) {
    const url = textOf(fields, `MediaUrl${index}`);
    if (url === null) break;
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) continue;
    media.push({ url, contentType: textOf(fields, `MediaContentType${index}`), bytes: null });
  }
  return media;
}

/**
 * Some texts that were joined from parts arrive Base64-coded and nothing says so. Only what is long, has no blank
 * and decodes to readable text is taken for one.
 */
function plainText(body: string): string {
  if (body.length < 60) return body;
  const bytes = decodeBase64(body);
  if (bytes === null || !isUtf8(bytes)) return body;
  const text = bytes.toString("utf8");
  return /[^\P{Cc}\n\r\t]/u.test(text) ? body : cleanText(text);
}

function receipt(fields: Fields, id: string, word: string, url: string, context: ParseContext): KeyedArrival {
  const said = textOf(fields, "ErrorCode");
  const code = said === null || /^0+$/.test(said) ? null : said;
  const dedupeKey = `receipt:${id}:${word.slice(0, MAX_ID_LENGTH)}:${(code ?? "").slice(0, MAX_ID_LENGTH)}`;
  const status = statusOfWord(word);
  if (status === null) {
    return {
      dedupeKey,
      arrival: { kind: "ignored", reason: `unknown message status "${word.slice(0, 40)}"` },
    };
  }
  const meaning = meaningOf(code);
  const to = textOf(fields, "To");
  const failed = status === "undelivered" || status === "failed";
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: id,
    ...textNamedIn(url),
    phone: to === null ? null : readNumber(to, context),
    text: null,
    status,
    code,
    description: textOf(fields, "ErrorMessage") ?? meaning?.words ?? null,
    bounce: failed && hasReason(meaning, "bad_number"),
    ...(hasReason(meaning, "opted_out") ? { optedOut: true as const } : {}),
    ...(failed && meaning !== null ? { advice: adviceOf(meaning) } : {}),
  };
  return { dedupeKey, arrival };
}
