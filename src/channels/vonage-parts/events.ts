import type { Media, ReceiptArrival, TextPart } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { type Fields, isFields, readText, readTime } from "../../tools/json-body.ts";
import { ownTextId } from "../../tools/own-text-id.ts";
import type { KeyedArrival, ParseContext, Parsed } from "../types.ts";
import {
  adviceOf,
  describeCode,
  describeReceiptCode,
  OPTED_OUT_CODE,
  OPTED_OUT_RECEIPT_CODE,
} from "./codes.ts";

/**
 * What Vonage posts. The Messages API names a text `message_uuid`, the older SMS API `messageId`; a `status` makes
 * either a receipt. The shape decides and not the door, so that two addresses mixed up at Vonage do no harm.
 */
const MAX_ID_LENGTH = 200;
/** As many as one octet can count. */
const MOST_PARTS = 255;

export function parseEvent(fields: Fields, context: ParseContext): Parsed {
  const uuid = shortId(fields.message_uuid);
  if (uuid !== null) {
    return fields.status === undefined
      ? messagesText(uuid, fields, context)
      : messagesReceipt(uuid, fields, context);
  }
  const id = shortId(fields.messageId);
  if (id === null) return { ok: false, reason: "neither message_uuid nor messageId is there" };
  return fields.status === undefined ? smsText(id, fields, context) : smsReceipt(id, fields, context);
}

function messagesText(id: string, fields: Fields, context: ParseContext): Parsed {
  const way = readText(fields.channel) ?? "sms";
  if (way !== "sms" && way !== "mms") return ignored(`inbound:${id}`, `a message by ${way.slice(0, 40)}`);
  const media = readMedia(fields);
  const { text } = fields;
  if (text !== undefined && text !== null && typeof text !== "string") {
    return { ok: false, reason: "text is not a text" };
  }
  if (typeof text !== "string" && media.length === 0) {
    const type = readText(fields.message_type);
    if (type === "text" || type === null) return { ok: false, reason: "text is missing" };
    return ignored(`inbound:${id}`, `a message of type "${type.slice(0, 40)}"`);
  }
  return inbound(id, fields.from, fields.to, text ?? "", media, fields.timestamp, context);
}

const MEDIA_TYPES = ["image", "audio", "video", "file", "vcard"];

function readMedia(fields: Fields): Media[] {
  const media: Media[] = [];
  for (const type of MEDIA_TYPES) {
    const one = fields[type];
    const url = isFields(one) ? readText(one.url) : null;
    if (url !== null) media.push({ url, contentType: null, bytes: null });
  }
  return media;
}

function smsText(id: string, fields: Fields, context: ParseContext): Parsed {
  const { text } = fields;
  if (typeof text !== "string") {
    const type = readText(fields.type);
    if (type === null || type === "text" || type === "unicode")
      return { ok: false, reason: "text is missing" };
    return ignored(`inbound:${id}`, `a message of type "${type.slice(0, 40)}"`);
  }
  return inbound(
    id,
    fields.msisdn,
    fields.to,
    text,
    [],
    fields["message-timestamp"],
    context,
    partOf(fields),
  );
}

/** The SMS API hands over each part of a long text as it comes, under an id of its own. */
function partOf(fields: Fields): { part?: TextPart } {
  const reference = shortId(fields["concat-ref"]);
  const index = Number(readText(fields["concat-part"]) ?? Number.NaN);
  const total = Number(readText(fields["concat-total"]) ?? Number.NaN);
  const fits = Number.isInteger(index) && Number.isInteger(total) && index >= 1 && index <= total;
  if (reference === null || !fits || total < 2 || total > MOST_PARTS) return {};
  return { part: { reference, index, total } };
}

function inbound(
  id: string,
  sender: unknown,
  receiver: unknown,
  text: string,
  media: Media[],
  time: unknown,
  context: ParseContext,
  part: { part?: TextPart } = {},
): Parsed {
  const from = readPhone(sender, context);
  if (from === null) return { ok: false, reason: "the sender is missing or not a number" };
  return one(`inbound:${id}`, {
    kind: "message",
    providerMessageId: id,
    from,
    to: readPhone(receiver, context) ?? context.address,
    text: cleanText(text),
    media,
    providerTime: readTime(time),
    providerContactId: null,
    ...part,
  });
}

const MESSAGES_STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["submitted", "sent"],
  ["delivered", "delivered"],
  ["read", "delivered"],
  ["rejected", "undelivered"],
  ["undeliverable", "undelivered"],
]);

function messagesReceipt(id: string, fields: Fields, context: ParseContext): Parsed {
  const word = readText(fields.status)?.toLowerCase().slice(0, 40) ?? "";
  const status = MESSAGES_STATUSES.get(word);
  if (status === undefined) return ignored(`receipt:${id}:${word}`, `unknown status "${word}"`);
  // Some versions wrap the error once more.
  const wrapped = isFields(fields.error) ? fields.error : {};
  const error = isFields(wrapped.error) ? wrapped.error : wrapped;
  const code = errorCode(error)?.slice(0, 100) ?? null;
  return receipt(id, `${word}:${code?.slice(0, 64) ?? ""}`, fields.client_ref, {
    phone: readPhone(fields.to, context),
    status,
    code,
    description: readText(error.detail) ?? (code === null ? null : describeCode(code)),
    optedOut: status === "undelivered" && code === OPTED_OUT_CODE,
  });
}

/** The number stands in the title or behind the `#` of the type. */
export function errorCode(error: Fields): string | null {
  const title = readText(error.title);
  const anchor = /#([\w-]+)$/.exec(readText(error.type) ?? "")?.[1] ?? null;
  return title !== null && /^\d+$/.test(title) ? title : (anchor ?? title);
}

const SMS_STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["accepted", "sent"],
  ["buffered", "sent"],
  ["delivered", "delivered"],
  ["expired", "expired"],
  ["failed", "undelivered"],
  ["rejected", "undelivered"],
]);

/** `unknown` says nothing, like any word that is not in the list. */
function smsReceipt(id: string, fields: Fields, context: ParseContext): Parsed {
  const word = readText(fields.status)?.toLowerCase().slice(0, 40) ?? "";
  const code = readText(fields["err-code"]);
  const status = SMS_STATUSES.get(word);
  const about = `${word}:${code?.slice(0, 64) ?? ""}`;
  if (status === undefined) return ignored(`receipt:${id}:${about}`, `unknown status "${word}"`);
  return receipt(id, about, fields["client-ref"], {
    phone: readPhone(fields.msisdn, context),
    status,
    code,
    description: code === null ? null : describeReceiptCode(code),
    optedOut: status === "undelivered" && code === OPTED_OUT_RECEIPT_CODE,
  });
}

function receipt(
  id: string,
  about: string,
  reference: unknown,
  told: Pick<ReceiptArrival, "phone" | "status" | "code" | "description"> & { optedOut: boolean },
): Parsed {
  const { optedOut, ...rest } = told;
  return one(`receipt:${id}:${about}`, {
    kind: "receipt",
    providerMessageId: id,
    ...ownTextId(reference),
    text: null,
    ...rest,
    bounce: false,
    ...(optedOut ? { optedOut: true as const } : {}),
    ...(told.status === "undelivered" || told.status === "expired" ? adviceOf(told.code) : {}),
  });
}

/** Full international digits without a plus; short codes and names stay as they are. */
function readPhone(value: unknown, context: ParseContext): string | null {
  const text = readText(value);
  if (text === null || text.length > 64) return null;
  return normalisePhone(/^[1-9]\d{8,14}$/.test(text) ? `+${text}` : text, context.country);
}

function shortId(value: unknown): string | null {
  const id = readText(value);
  return id !== null && id.length <= MAX_ID_LENGTH ? id : null;
}

function one(dedupeKey: string, arrival: KeyedArrival["arrival"]): Parsed {
  return { ok: true, arrivals: [{ dedupeKey, arrival }] };
}

function ignored(dedupeKey: string, reason: string): Parsed {
  return one(dedupeKey, { kind: "ignored", reason });
}
