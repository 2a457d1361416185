import type { Advice } from "../../domain/advice.ts";
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

/** In plain words, for errors that come with a number only. */
const WORDS = new Map([
  ["10001", "The sender is not a number that may send texts"],
  ["10002", "The number is not a phone number"],
  ["10009", "Telnyx does not accept the API key"],
  ["10010", "The API key may not do this"],
  ["10011", "Telnyx takes no more requests at the moment"],
  ["10016", "The number is not a phone number"],
  ["40001", "The number is a landline or takes no texts"],
  ["40002", "The text was blocked as spam"],
  ["40003", "The text was blocked as spam by the carrier"],
  ["40004", "The carrier refused the text"],
  ["40005", "The text expired before it could be delivered"],
  ["40006", "The carrier could not be reached"],
  ["40008", "The carrier could not deliver it"],
  ["40009", "The text is not valid"],
  ["40011", "Texts were sent faster than the number may"],
  ["40012", "The number is not valid for texts"],
  ["40013", "The sender is not valid for this number"],
  ["40014", "The text waited too long in Telnyx's queue"],
  ["40015", "The carrier took the text for spam"],
  ["40300", "The person opted out of texts from this sender"],
  ["40318", "Telnyx's queue is full"],
]);

const LATER = ["40004", "40006", "40008"];

export function adviceOf({ code, meaning, status }: TelnyxError): { advice?: Advice } {
  if (meaning === "throttled" || status === "expired" || LATER.includes(code ?? "")) {
    return { advice: "later" };
  }
  return meaning === null ? {} : { advice: meaning };
}

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
  const said =
    title !== null && detail !== null && title !== detail ? `${title}: ${detail}` : (title ?? detail);
  const text = said ?? WORDS.get(code ?? "") ?? null;
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
