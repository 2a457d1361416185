import type { Advice } from "../../domain/advice.ts";

/** Bandwidth's codes of failed messages in plain words: its own are keywords. Source: its list of error codes. */
const CODES = new Map<string, [string, Advice]>([
  ["4303", ["The number is not a phone number", "bad_number"]],
  ["4350", ["The number is not one that takes texts", "bad_number"]],
  ["4360", ["It expired before it could be sent", "later"]],
  ["4404", ["Texts to this number are not allowed", "bad_number"]],
  ["4406", ["The number belongs to nobody", "bad_number"]],
  ["4432", ["Texts to this country are not allowed", "region"]],
  ["4470", ["The text was taken for spam", "content"]],
  ["4482", ["The number is on a list of numbers that get no texts", "other"]],
  ["4720", ["The carrier does not know the number", "bad_number"]],
  ["4721", ["The number is out of use", "bad_number"]],
  ["4750", ["The carrier refused the text", "other"]],
  ["4775", ["The person opted out of texts from this sender", "opted_out"]],
  ["5600", ["The carrier's queue is full", "later"]],
  ["9902", ["No report came from the carrier in time; it may well have arrived", "later"]],
]);

export function wordsOf(code: string | null): string | null {
  return CODES.get(code ?? "")?.[0] ?? null;
}

export function adviceOf(code: string | null): { advice?: Advice } {
  const advice = CODES.get(code ?? "")?.[1];
  return advice ? { advice } : {};
}
