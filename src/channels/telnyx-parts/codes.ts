import type { RefusalReason } from "../../domain/outcome.ts";
import { type Fields, isFields, readText } from "../../tools/json-body.ts";

/** Telnyx's error codes, in answers to a send and in receipts. Codes that are not listed say nothing more. */
export type Meaning = RefusalReason | "credential" | "throttled";

/** The person texted STOP: the only code that speaks of consent. */
const MEANINGS = new Map<string, Meaning>([
  ["40300", "opted_out"],
  ["10002", "bad_number"],
  ["10016", "bad_number"],
  ["40001", "bad_number"],
  ["40012", "bad_number"],
  ["40002", "content"],
  ["40003", "content"],
  ["40009", "content"],
  ["40015", "content"],
  ["10001", "sender"],
  ["40013", "sender"],
  ["10009", "credential"],
  ["10010", "credential"],
  ["10011", "throttled"],
  ["40011", "throttled"],
  ["40318", "throttled"],
]);

const EXPIRED = ["40005", "40014"];
const UNDELIVERED = ["40004", "40006", "40008"];

export interface TelnyxError {
  code: string | null;
  text: string | null;
  meaning: Meaning | null;
  /** Where the text got stuck, as far as the code tells. */
  status: "expired" | "undelivered" | null;
}

/** Of a list of errors the one that tells most: consent, then any known code, then the first. */
export function readErrors(value: unknown): TelnyxError | null {
  const errors = (Array.isArray(value) ? value : []).filter(isFields).map(readError);
  return (
    errors.find((error) => error.meaning === "opted_out") ??
    errors.find((error) => error.meaning !== null || error.status !== null) ??
    errors[0] ??
    null
  );
}

function readError(error: Fields): TelnyxError {
  const code = readText(error.code);
  const title = readText(error.title);
  const detail = readText(error.detail);
  const text =
    title !== null && detail !== null && title !== detail ? `${title}: ${detail}` : (title ?? detail);
  return {
    code,
    text,
    meaning: MEANINGS.get(code ?? "") ?? null,
    status: EXPIRED.includes(code ?? "")
      ? "expired"
      : UNDELIVERED.includes(code ?? "")
        ? "undelivered"
        : null,
  };
}
