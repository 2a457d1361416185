import type { ReceiptArrival } from "../../domain/arrival.ts";
import type { DoorRequest, KeyedArrival, ParseContext, Parsed } from "../types.ts";
import { cleanText, type Fields, isFields, keyOf, readPhone, readText, sha256 } from "./body.ts";
import { notUnderstood, softWindow } from "./inbound.ts";

/**
 * A report holds statuses with the numbers they are about, and messages with the number each went to; only the
 * number joins them. Status codes other than "100" are not documented, so the two flags decide and code and text
 * are kept as they are.
 */
interface Status {
  status: "delivered" | "undelivered";
  bounce: boolean;
  code: string | null;
  description: string | null;
  phones: string[];
}

export function parseDeliveryReport(fields: Fields, request: DoorRequest, context: ParseContext): Parsed {
  const { statuses, messages } = fields;
  if (!Array.isArray(statuses)) return notUnderstood("statuses is missing or not a list");
  if (messages !== undefined && messages !== null && !Array.isArray(messages)) {
    return notUnderstood("messages is not a list");
  }
  const known = statuses.filter(isFields).map((entry) => readStatus(entry, context.country));
  const sent = (messages ?? []).filter(isFields);
  const arrivals = sent.map((message) => {
    const phone = readPhone(message.phone_number, context.country);
    return receipt(message, phone, statusFor(phone, known), request);
  });
  if (sent.length === 0) {
    // Statuses without messages: the text is found by the number alone.
    const phones = new Set(known.flatMap((status) => status.phones));
    for (const phone of phones) arrivals.push(receipt({}, phone, statusFor(phone, known), request));
  }
  if (arrivals.length > 0) return { ok: true, arrivals };
  const dedupeKey = keyOf("receipt", sha256(JSON.stringify(fields)));
  return {
    ok: true,
    arrivals: [{ dedupeKey, arrival: { kind: "ignored", reason: "empty delivery report" } }],
  };
}

function readStatus(entry: Fields, country: string): Status {
  const success = isTrue(entry.success);
  const recipients: unknown[] = Array.isArray(entry.recipients) ? entry.recipients : [];
  return {
    status: success ? "delivered" : "undelivered",
    bounce: !success && isTrue(entry.bounce),
    code: readText(entry.code),
    description: readText(entry.status),
    phones: recipients.flatMap((recipient) => readPhone(recipient, country) ?? []),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}

/** Several statuses for one number: delivered proves arrival, a bounce says more than a plain failure. */
function statusFor(phone: string | null, statuses: Status[]): Status | null {
  const about = statuses.filter((status) => phone !== null && status.phones.includes(phone));
  // One status and a number that cannot be joined: the report is about nothing else.
  if (about.length === 0) return statuses.length === 1 ? (statuses[0] as Status) : null;
  return (
    about.find((status) => status.status === "delivered") ??
    about.find((status) => status.bounce) ??
    (about[0] as Status)
  );
}

function receipt(
  message: Fields,
  phone: string | null,
  status: Status | null,
  request: DoorRequest,
): KeyedArrival {
  const id = readText(message.id);
  const text = typeof message.message === "string" ? cleanText(message.message) : null;
  // Without an id the same text to the same number may be a later one.
  const about = id ?? keyOf(phone ?? "", sha256(text ?? ""), softWindow(request));
  if (status === null) {
    const reason = `no status for ${phone ?? "a message without a number"}`;
    return { dedupeKey: keyOf("receipt", about, "none"), arrival: { kind: "ignored", reason } };
  }
  const arrival: ReceiptArrival = {
    kind: "receipt",
    providerMessageId: id,
    phone,
    text,
    status: status.status,
    code: status.code,
    description: status.description,
    bounce: status.bounce,
  };
  const verdict = status.bounce ? "bounced" : status.status;
  return { dedupeKey: keyOf("receipt", about, verdict, status.code ?? ""), arrival };
}
