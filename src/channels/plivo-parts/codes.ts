import type { Advice } from "../../domain/advice.ts";

/**
 * Plivo's error codes, which come in receipts.
 * Source: plivo.com/docs/messaging/troubleshooting/error-codes.
 */
const WORDS = new Map([
  ["10", "The carrier refused the text as invalid"],
  ["20", "The carrier's network had trouble"],
  ["30", "The carrier took the text for spam"],
  ["40", "The sender is not a number of this account that may send texts"],
  ["50", "The number is not valid or takes no texts"],
  ["60", "The carrier saw texts go in a loop"],
  ["70", "The number is out of use"],
  ["80", "The phone is switched off or out of reach"],
  ["90", "No carrier takes texts to this number"],
  ["100", "The carrier does not allow this text"],
  ["110", "The text is longer than 1,600 characters (737 with Unicode)"],
  ["200", "The person opted out of texts from this sender"],
  ["201", "US toll-free numbers cannot text Canada"],
  ["300", "Plivo could not hand the text over"],
  ["420", "The text was not delivered in time"],
  ["900", "The Plivo account has too little credit"],
  ["910", "The Plivo account is disabled"],
  ["1000", "The carrier gave no reason"],
]);

/** What can be done about it, where that is more than asking. */
const ADVICE = new Map<string, Advice>([
  ["20", "later"],
  ["30", "content"],
  ["40", "sender"],
  ["50", "bad_number"],
  ["60", "content"],
  ["70", "bad_number"],
  ["80", "later"],
  ["90", "bad_number"],
  ["100", "content"],
  ["110", "content"],
  ["201", "region"],
  ["300", "later"],
  ["420", "later"],
  ["900", "no_funds"],
  ["910", "credential"],
  ["1000", "later"],
]);

export function adviceOf(code: string | null): { advice?: Advice } {
  const advice = ADVICE.get(code ?? "");
  return advice ? { advice } : {};
}

const OPTED_OUT = "200";
/** These say that the number itself is no good; out of reach or filtered says nothing about it. */
const BAD_NUMBER = new Set(["50", "70"]);

export function wordsOf(code: string | null): string | null {
  return code === null ? null : (WORDS.get(code) ?? null);
}

export function isOptOut(code: string | null): boolean {
  return code === OPTED_OUT;
}

export function isBadNumber(code: string | null): boolean {
  return code !== null && BAD_NUMBER.has(code);
}
