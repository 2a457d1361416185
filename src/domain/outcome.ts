/** How an attempt to send ended. Retry, log level, breaker and words follow from `OUTCOME_RULES` alone. */
export type Outcome =
  | {
      kind: "accepted";
      providerMessageId: string | null;
      status: "handed_over" | "sent" | "delivered";
      /** As the provider counted them, where its answer says so. */
      segments?: number;
    }
  | { kind: "parked" }
  | { kind: "refused"; reason: RefusalReason; code: string | null; text: string }
  | { kind: "throttled"; retryAfterMs: number | null; text: string }
  | { kind: "unreachable"; text: string }
  | { kind: "uncertain"; text: string }
  | { kind: "broken-credential"; text: string };

export type OutcomeKind = Outcome["kind"];

export type RefusalReason =
  | "bad_number"
  | "opted_out"
  | "content"
  | "sender"
  | "region"
  | "no_funds"
  | "other";

export interface OutcomeRule {
  /** What happens to the effect. `hold` keeps it for the next try without using an attempt. */
  effect: "settle" | "retry" | "hold" | "fail" | "show";
  /** What happens to the lane it came from. */
  lane: "clear" | "none" | "pause" | "count";
  log: "info" | "warn" | "error";
  words: string;
}

export const OUTCOME_RULES: Record<OutcomeKind, OutcomeRule> = {
  accepted: { effect: "settle", lane: "clear", log: "info", words: "taken by the provider" },
  parked: { effect: "settle", lane: "none", log: "info", words: "waits for the phone to fetch it" },
  refused: { effect: "fail", lane: "clear", log: "warn", words: "refused by the provider" },
  throttled: { effect: "hold", lane: "pause", log: "warn", words: "the provider asked us to slow down" },
  unreachable: { effect: "retry", lane: "count", log: "warn", words: "the provider could not be reached" },
  uncertain: { effect: "show", lane: "count", log: "error", words: "sent, but no clear answer came" },
  "broken-credential": { effect: "hold", lane: "pause", log: "error", words: "the credential was refused" },
};
