import type { Advice } from "../../domain/advice.ts";
import type { RefusalReason } from "../../domain/outcome.ts";

/**
 * Twilio's error codes. The same numbers come in the answer to a send and in receipts.
 * Source: twilio.com/docs/api/errors.
 */
export type CodeMeaning =
  | { kind: "refused"; reason: RefusalReason; words: string }
  | { kind: "throttled" | "broken-credential"; words: string }
  /** Says what became of the text and nothing about number or account. */
  | { kind: "carrier"; words: string };

const MEANINGS = new Map<string, CodeMeaning>([
  [
    "20003",
    { kind: "broken-credential", words: "Twilio does not accept the account SID with this auth token" },
  ],
  ["30002", { kind: "broken-credential", words: "The Twilio account is suspended" }],
  ["20429", { kind: "throttled", words: "Twilio takes no more requests at the moment" }],
  ["21611", { kind: "throttled", words: "Twilio's queue for this sender is full" }],
  ["30001", { kind: "throttled", words: "The text waited too long in Twilio's queue" }],
  ["63038", { kind: "throttled", words: "The Twilio account reached its limit of messages for the day" }],
  ["21610", refused("opted_out", "The person opted out of texts from this sender")],
  ["21211", refused("bad_number", "The number is not a phone number")],
  ["21614", refused("bad_number", "The number cannot receive texts")],
  ["30005", refused("bad_number", "The number is unknown or no longer in use")],
  ["30006", refused("bad_number", "The number is a landline or its carrier takes no texts")],
  ["21408", refused("region", "Texts to this region are not switched on in Twilio")],
  ["21606", refused("sender", "The sender is not a number of this account that may send texts")],
  ["21612", refused("sender", "This sender cannot reach this number")],
  ["30034", refused("sender", "The sender is not registered for texts to US numbers (A2P 10DLC)")],
  ["21617", refused("content", "The text is longer than 1,600 characters")],
  ["30004", refused("content", "The text was blocked")],
  ["30007", refused("content", "The carrier filtered the text out")],
  ["14107", { kind: "carrier", words: "Too many replies went between the two numbers within a short time" }],
  ["30003", { kind: "carrier", words: "The phone is switched off or out of reach" }],
  ["30008", { kind: "carrier", words: "The carrier gave no reason" }],
]);

function refused(reason: RefusalReason, words: string): CodeMeaning {
  return { kind: "refused", reason, words };
}

export function meaningOf(code: string | null): CodeMeaning | null {
  return code === null ? null : (MEANINGS.get(code) ?? null);
}

export function adviceOf(meaning: CodeMeaning): Advice {
  switch (meaning.kind) {
    case "refused":
      return meaning.reason;
    case "broken-credential":
      return "credential";
    case "throttled":
    case "carrier":
      return "later";
    default:
      return meaning satisfies never;
  }
}

export function hasReason(meaning: CodeMeaning | null, reason: RefusalReason): boolean {
  return meaning?.kind === "refused" && meaning.reason === reason;
}
