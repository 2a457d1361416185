import type { BounceArrival, ContactStatusArrival } from "../../domain/arrival.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { cleanText, type Fields, keyOf, readPhone, readText, readTime, sha256 } from "./body.ts";

/** The five payloads that speak of one contact or of none. The delivery report has a file of its own. */
type Parse = (fields: Fields, request: DoorRequest, context: ParseContext) => Parsed;

const MAX_TEXT_LENGTH = 20_000;
const SOFT_WINDOW_MS = 4_000;

export function notUnderstood(detail: string): Parsed {
  return { ok: false, reason: `Invalid message format: ${detail}` };
}

function one(dedupeKey: string, arrival: KeyedArrival["arrival"]): Parsed {
  return { ok: true, arrivals: [{ dedupeKey, arrival }] };
}

/**
 * Stands in a key where the payload has no time of its own: requests within one window are the same, later ones
 * are new. Taken from the time of receipt, so reading a kept request again gives the same key.
 */
export function softWindow(request: DoorRequest): string {
  return `w${Math.floor(request.receivedAt.getTime() / SOFT_WINDOW_MS)}`;
}

/**
 * The `id` is the contact's and all texts of one person share it, so the key is id + received_at + hash of the
 * text. Without an id the number stands in for it. Without a time nothing tells a repeat from the same text sent
 * twice: then what comes again at once, before we have answered, is a repeat.
 */
export const parseInbound: Parse = (fields, request, context) => {
  const { message } = fields;
  if (typeof fields.phone_number !== "string") return notUnderstood("phone_number is missing or not a text");
  if (typeof message !== "string") return notUnderstood("message is missing or not a text");
  if (message.length > MAX_TEXT_LENGTH) {
    return notUnderstood(`message is longer than ${MAX_TEXT_LENGTH} characters`);
  }
  const from = readPhone(fields.phone_number, context.country);
  if (from === null) return notUnderstood("phone_number is missing or not a number");
  const to = readPhone(fields.short_code, context.country) ?? context.address;
  const contactId = readContactId(fields.id);
  const receivedAt = readText(fields.received_at);
  const who = contactId ?? from;
  const when = receivedAt ?? `${from}:${to}:t${request.receivedAt.getTime()}`;
  return one(keyOf("inbound", who, when, sha256(message)), {
    kind: "message",
    providerMessageId: null,
    from,
    to,
    text: cleanText(message),
    media: [],
    providerTime: readTime(fields.received_at),
    providerContactId: contactId,
    ...(receivedAt === null ? { mayRepeat: true as const } : {}),
  });
};

export const parseUnsubscribe: Parse = (fields, request, context) => {
  const contact = readContact(fields, context);
  if (contact === null) return notUnderstood("phone_number is missing or not a number");
  const at = readText(fields.unsubscribed_at) ?? readText(fields.updated_at) ?? softWindow(request);
  return one(keyOf("unsubscribe", contact.phone, at), {
    kind: "unsubscribe",
    ...contact,
    to: readPhone(fields.to, context.country),
    at: readTime(fields.unsubscribed_at),
  });
};

export const parseBounce: Parse = (fields, request, context) => {
  const contact = readContact(fields, context);
  if (contact === null) return notUnderstood("phone_number is missing or not a number");
  // A missing count still says that the number bounced.
  const bounces = Number(readText(fields.bounces) ?? 1);
  if (!Number.isInteger(bounces) || bounces < 0) return notUnderstood("bounces is not a count");
  const at = readText(fields.updated_at) ?? softWindow(request);
  const arrival: BounceArrival = { kind: "bounce", ...contact, bounces };
  return one(keyOf("bounce", contact.phone, String(bounces), at), arrival);
};

const CONTACT_STATUSES: readonly ContactStatusArrival["status"][] = [
  "suspended",
  "deactivated",
  "resumed",
  "transferred",
];

export const parseContactStatus: Parse = (fields, request, context) => {
  const contact = readContact(fields, context);
  if (contact === null) return notUnderstood("phone_number is missing or not a number");
  const word = readText(fields.status)?.toLowerCase();
  if (word === undefined) return notUnderstood("status is missing or not a text");
  const key = keyOf(
    "contact-status",
    contact.phone,
    word,
    readText(fields.updated_at) ?? softWindow(request),
  );
  const status = CONTACT_STATUSES.find((known) => known === word);
  if (!status) return one(key, { kind: "ignored", reason: `unknown contact status "${word.slice(0, 40)}"` });
  return one(key, { kind: "contact-status", ...contact, status });
};

/** Names no message and has no time: each request counts as a complaint of its own. */
export const parseRejected: Parse = (fields, request) => {
  const code = readText(fields.code) ?? "";
  const message = readText(fields.message) ?? "";
  const description = readText(fields.description) ?? "";
  const content = sha256(JSON.stringify([code, message, description]));
  return one(keyOf("rejected", String(request.receivedAt.getTime()), content), {
    kind: "rejection",
    code,
    message,
    description,
  });
};

function readContact(
  fields: Fields,
  context: ParseContext,
): { phone: string; providerContactId: string | null } | null {
  const phone = readPhone(fields.phone_number, context.country);
  return phone === null ? null : { phone, providerContactId: readContactId(fields.id) };
}

function readContactId(value: unknown): string | null {
  const id = readText(value);
  return id !== null && id.length <= 64 ? id : null;
}
