/**
 * The guards against loops and floods whose trips are logged: L1 replies that lead nowhere, L2 replies in all,
 * L3 the same text in, L4 the same text out, L5 a machine answers, L9 the budget, L10 a flood.
 */
export const GUARD_RULES = ["L1", "L2", "L3", "L4", "L5", "L9", "L10"] as const;
export type GuardRule = (typeof GUARD_RULES)[number];

/** A guard held something back. One trip lasts until it ends by itself or is released, however often it holds. */
export interface GuardTrip {
  id: string;
  rule: GuardRule;
  /** How far the counter had come, and how far it may. */
  counter: number;
  limit: number;
  /** Fingerprint of the text that was held back or not processed; null = it has none. */
  textHash: number | null;
  /** `reply`: the text was processed and its reply held back. `text`: it was only recorded. */
  withheld: "reply" | "text";
  /** When it ends by itself, ms since 1970. */
  endsAt: number;
  /** The first of this trip; the others only count. */
  isNew: boolean;
  /** The owner gets a note of it. */
  told: boolean;
}
