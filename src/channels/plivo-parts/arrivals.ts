import type { Media, ReceiptArrival } from "../../domain/arrival.ts";
import { textNamedIn } from "../../tools/own-text-id.ts";
import { digest } from "../../tools/signatures.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { adviceOf, isBadNumber, isOptOut, wordsOf } from "./codes.ts";
import { type Fields, readFields, readPhone, textOf } from "./fields.ts";

/** Texts and receipts, told apart by the field `Status`, which only receipts have. */
const MAX_ID_LENGTH = 100;
const MAX_MEDIA = 30;

const STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["queued", "handed_over"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  // Opened on the phone: more than delivered, and there is no higher step for a receipt.
  ["read", "delivered"],
  ["undelivered", "undelivered"],
  ["failed", "failed"],
  ["rejected", "failed"],
]);

export function parsePlivo(request: DoorRequest, context: ParseContext): Parsed {
  const fields = readFields(request);
  if (fields === null) return notUnderstood("the body is not a form");
  const id = textOf(fields, "MessageUUID");
  const status = textOf(fields, "Status");
  if (id === null) {
    // A call, for example, when the address was entered in the wrong place.
    if (status === null && !fields.has("Text")) return ignored(request, "not a text and not a receipt");
    return notUnderstood("MessageUUID is missing");
  }
  if (id.length > MAX_ID_LENGTH) return notUnderstood("MessageUUID is too long");
  if (status !== null) return { ok: true, arrivals: [receipt(fields, id, status, request.url, context)] };
  const from = textOf(fields, "From");
  if (from === null) return notUnderstood("From is missing");
  return { ok: true, arrivals: [inbound(fields, id, from, context)] };
}

function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid message format: ${detail}` };
}

function ignored(request: DoorRequest, reason: string): Parsed {
  const content = digest("sha256", request.url, "\n", request.rawBody).toString("hex");
  return { ok: true, arrivals: [{ dedupeKey: `ignored:${content}`, arrival: { kind: "ignored", reason } }] };
}

function inbound(fields: Fields, id: string, from: string, context: ParseContext): KeyedArrival {
  return {
    dedupeKey: `inbound:${id}`,
    arrival: {
      kind: "message",
      providerMessageId: id,
      from: readPhone(from, context.country),
      to: readPhone(textOf(fields, "To") ?? context.address, context.country),
      text: fields.get("Text") ?? "",
      media: readMedia(fields),
      providerTime: null,
      providerContactId: null,
    },
  };
}

function readMedia(fields: Fields): Media[] {
  const media: Media[] = [];
  for (let index = 0; index < MAX_MEDIA; index++) {
    const url = textOf(fields, `Media${index}`);
    if (url === null) break;
    if (/^https?:$/.test(URL.parse(url)?.protocol ?? "")) media.push({ url, contentType: null, bytes: null });
  }
  return media;
}

/** "1 of 3"; one part of one is no part. */
function partOf(info: string): Pick<ReceiptArrival, "part"> {
  const [, index, total] = (/^(\d{1,2})\s*(?:of|\/)\s*(\d{1,2})$/i.exec(info.trim()) ?? []).map(Number);
  if (index === undefined || total === undefined || total < 2 || index < 1 || index > total) return {};
  return { part: { index, total } };
}

/** Each part of a long text may bring a receipt of its own; the text we sent is known by the parent's id. */
function receipt(fields: Fields, id: string, word: string, url: string, context: ParseContext): KeyedArrival {
  const said = textOf(fields, "ErrorCode");
  // "000" is how Plivo writes that there was no error.
  const code = said === null || /^0+$/.test(said) ? null : said;
  const part = textOf(fields, "PartInfo") ?? "";
  const parent = textOf(fields, "ParentMessageUUID");
  const dedupeKey = ["receipt", id, word, code ?? "", part]
    .map((item) => item.slice(0, MAX_ID_LENGTH))
    .join(":");
  const status = STATUSES.get(word.toLowerCase());
  if (status === undefined) {
    return {
      dedupeKey,
      arrival: { kind: "ignored", reason: `unknown message status "${word.slice(0, 40)}"` },
    };
  }
  const to = textOf(fields, "To");
  const failed = status === "undelivered" || status === "failed";
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: parent !== null && parent.length <= MAX_ID_LENGTH ? parent : id,
    ...textNamedIn(url),
    phone: to === null ? null : readPhone(to, context.country),
    text: null,
    status,
    code,
    description: wordsOf(code),
    bounce: failed && isBadNumber(code),
    ...(failed && isOptOut(code) ? { optedOut: true as const } : {}),
    ...(failed ? adviceOf(code) : {}),
    ...partOf(part),
  };
  return { dedupeKey, arrival };
}
