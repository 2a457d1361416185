import type { ReceiptArrival } from "../../domain/arrival.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { type Fields, readText, readTime } from "../../tools/json-body.ts";
import { ownTextId } from "../../tools/own-text-id.ts";
import { digest } from "../../tools/signatures.ts";
import type { DoorRequest, ParseContext, Parsed } from "../types.ts";

/** What Mobile API Connect posts: texts with an event name, and states of texts whose shape is not published. */
const MAX_ID_LENGTH = 200;

/**
 * There is no message id, and one text may come by several routes that differ in `matchedRuleId` alone. So the key
 * is made of what is the same on all of them.
 */
export function parseText(fields: Fields, request: DoorRequest, context: ParseContext): Parsed {
  const from = readPhone(fields.from, context);
  if (from === null) return { ok: false, reason: "from is missing or not a number" };
  const { text } = fields;
  if (typeof text !== "string") return { ok: false, reason: "text is missing or not a text" };
  const told = readText(fields.receivedAt);
  const when = told ?? `t${request.receivedAt.getTime()}`;
  const parts = [fields.deviceId, fields.from, fields.to].map((part) => readText(part) ?? "");
  const dedupeKey = `inbound:${digest("sha256", JSON.stringify([...parts, when, text])).toString("hex")}`;
  return {
    ok: true,
    arrivals: [
      {
        dedupeKey,
        arrival: {
          kind: "message",
          providerMessageId: null,
          from,
          to: readPhone(fields.to, context) ?? context.address,
          text: cleanText(text),
          media: [],
          providerTime: readTime(fields.receivedAt),
          providerContactId: null,
          ...(told === null ? { mayRepeat: true as const } : {}),
        },
      },
    ],
  };
}

const STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["queued", "handed_over"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["failed", "failed"],
]);

/** `id`, `ref` and `status` are read where they are; the state may also stand in the event's name. */
export function parseState(fields: Fields, event: string | null, context: ParseContext): Parsed {
  const word = (readText(fields.status) ?? event?.replace(/^message\./, "") ?? "").toLowerCase();
  if (word === "") return { ok: false, reason: "status is missing or not a text" };
  const id = shortId(fields.id);
  const ref = shortId(fields.ref);
  const phone = readPhone(fields.to, context);
  const about = id ?? ref ?? phone;
  const code = readText(fields.errorCode);
  const status = STATUSES.get(word);
  if (status === undefined || about === null) {
    const reason = status === undefined ? `unknown status "${word.slice(0, 40)}"` : "names no message";
    return ignored(`receipt:${about ?? ""}:${word.slice(0, 40)}`, reason);
  }
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: id,
    ...ownTextId(ref),
    phone,
    text: null,
    status,
    code,
    description:
      readText(fields.errorMessage) ?? readText(fields.message) ?? (code && WORDS.get(code)) ?? null,
    bounce: false,
    ...(code === "opted_out" ? { optedOut: true as const } : {}),
  };
  const key = ["receipt", about, status, code?.slice(0, 64) ?? ""];
  // Without an id the same state may be told of a later text.
  if (id === null && ref === null) key.push(readText(fields.at)?.slice(0, 64) ?? "");
  return { ok: true, arrivals: [{ dedupeKey: key.join(":"), arrival }] };
}

const WORDS = new Map([
  ["no_channel", "No phone could take it."],
  ["expired", "It waited too long."],
  ["rejected_by_channel", "The network refused it."],
  ["invalid_number", "The number cannot be reached."],
  ["opted_out", "The person has opted out."],
  ["no_credit", "The SIM has no credit left."],
  ["send_error", "The phone could not send it."],
  ["unknown", "It failed for an unknown reason."],
]);

export function ignored(dedupeKey: string, reason: string): Parsed {
  return { ok: true, arrivals: [{ dedupeKey, arrival: { kind: "ignored", reason } }] };
}

/** Numbers come as full international digits without a plus; short codes and names stay as they are. */
function readPhone(value: unknown, context: ParseContext): string | null {
  const text = readText(value);
  if (text === null || text.length > 64) return null;
  return normalisePhone(/^[1-9]\d{8,14}$/.test(text) ? `+${text}` : text, context.country);
}

function shortId(value: unknown): string | null {
  const id = readText(value);
  return id !== null && id.length <= MAX_ID_LENGTH ? id : null;
}
