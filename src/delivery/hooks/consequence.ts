import { waitAfter } from "./schedule.ts";
import type { Verdict } from "./verdict.ts";

/** What becomes of a delivery after a try. */
export interface Consequence {
  state: "delivered" | "waiting" | "held" | "exhausted";
  /** Until it is due again, ms. */
  waitMs: number;
  step: number;
  /** For the attempt log and for people. */
  decision: string;
}

export interface Circumstances {
  /** Tries that counted before this one. */
  step: number;
  schedule: readonly number[];
  manual: boolean;
  probe: boolean;
  /** The endpoint is enabled. */
  isOpen: boolean;
  /** The address is this delivery's own: its end is the end of nothing else. */
  isShared: boolean;
  /** Repeats are not told apart at the other end. */
  isCautious: boolean;
  random: number;
}

export function consequenceOf(verdict: Verdict, at: Circumstances): Consequence {
  const { rule } = verdict;
  const same = { waitMs: verdict.retryAfterMs ?? 0, step: at.step };
  if (rule.delivery === "end") return { ...same, state: "delivered", decision: rule.words };
  if (rule.delivery === "hold" && at.isShared) {
    return { ...same, state: "exhausted", decision: "this address is gone for good; given up" };
  }
  if (rule.delivery === "hold") return { ...same, state: "held", decision: "endpoint disabled; kept for it" };
  if (at.isCautious && verdict.mayBeProcessed) {
    return { ...same, state: "exhausted", decision: "not sent again by itself: it may have been processed" };
  }
  if (!at.isOpen) return { ...same, state: "held", decision: "kept until the endpoint is enabled" };
  if (rule.delivery === "back") return { ...same, state: "waiting", decision: "put back, no try counted" };
  // A probe asks about the lane, not about this delivery; a manual try is beside the schedule.
  const step = at.probe || at.manual ? at.step : at.step + 1;
  if (at.probe && !at.manual) return { ...same, state: "waiting", decision: "probe failed; no try counted" };
  // Its first try by itself is still to come, when it was due.
  const wait = at.manual && step === 0 ? 0 : waitAfter(at.schedule, step, at.random);
  if (wait === null || step > at.schedule.length) {
    return { waitMs: 0, step, state: "exhausted", decision: "the last try; given up" };
  }
  const waitMs = Math.max(wait, verdict.retryAfterMs ?? 0);
  return { state: "waiting", waitMs, step, decision: `next try in ${inWords(waitMs)}` };
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
