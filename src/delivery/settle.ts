import { withStep } from "../domain/advice.ts";
import type { BlockerCause } from "../domain/blocker.ts";
import type { MessageFault } from "../domain/events.ts";
import type { MessageStatus } from "../domain/message.ts";
import type { Outcome, RefusalReason } from "../domain/outcome.ts";
import { OUTCOME_RULES } from "../domain/outcome.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Waits before the next try of a text whose provider could not be reached; the last one repeats. */
const RETRY_WAITS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE];
/** Failures in a row after which a lane pauses by itself. */
const FAILURES_BEFORE_PAUSE = 5;
const LONGEST_BACKOFF = MINUTE;
/** No provider's word stops a lane for longer: the texts in it would not live to see the end. */
const LONGEST_PAUSE = 24 * 60 * MINUTE;
/** Until a person acts: a new credential, more funds. */
const UNTIL_SOMEBODY_ACTS = 10 * 365 * 24 * 60 * MINUTE;
/** A shorter pause is a hiccup; for a longer one another channel takes over. The store knows the same figure. */
const HICCUP = MINUTE;
/** Tries without a clear answer after which another channel may have a text, where repeating it is safe. */
const TRIES_BEFORE_MOVING = 3;

/** What follows from an attempt: for the message, and for its lane. */
export interface Consequence {
  status: MessageStatus | null;
  flag: "uncertain" | null;
  error: MessageFault | null;
  /** Set: try again after this many ms, with this many counted tries behind it. */
  again: { afterMs: number; attempts: number } | null;
  lane: LaneConsequence;
  /** The fault lies with the channel and the text surely never left: another channel may take it over. */
  mayMove: boolean;
  /** What the log line says was decided. */
  decision: string;
}

export type LaneConsequence =
  | { kind: "clear" }
  | { kind: "none" }
  /** `down`: nothing will leave until somebody acts. */
  | { kind: "pause"; ms: number; cause: BlockerCause; reason: string; down: boolean }
  /** The lane is in order, but this sender was refused: somebody should know. */
  | { kind: "note"; reason: string }
  | { kind: "count" };

export interface AttemptCircumstances {
  /** Tries that counted before this one. */
  attempts: number;
  /** Failures of the lane in a row before this one. */
  laneFailures: number;
  /** The provider takes an idempotency key, so an uncertain send may be repeated. */
  idempotent: boolean;
  /** 0 to 1; spreads retries. */
  random: number;
}

/** The one place where an Outcome becomes action. Follows `OUTCOME_RULES`. */
export function consequenceOf(outcome: Outcome, at: AttemptCircumstances): Consequence {
  const rule = OUTCOME_RULES[outcome.kind];
  const nothing = { status: null, flag: null, error: null, again: null, mayMove: false } as const;
  switch (outcome.kind) {
    case "accepted":
      return { ...nothing, status: outcome.status, lane: { kind: "clear" }, decision: rule.words };
    case "parked":
      return { ...nothing, lane: { kind: "none" }, decision: rule.words };
    case "refused":
      return {
        ...nothing,
        status: "failed",
        error: refusal(outcome.reason, outcome.code, outcome.text),
        lane: laneAfterRefusal(outcome.reason, outcome.text),
        mayMove: isTheChannels(outcome.reason),
        decision: `${rule.words}: ${outcome.text}`,
      };
    case "throttled": {
      // "In 0 seconds" is no answer: who is asked again at once says it again.
      const ms = Math.min(outcome.retryAfterMs || backoff(at.laneFailures, at.random), LONGEST_PAUSE);
      return {
        ...nothing,
        again: { afterMs: 0, attempts: at.attempts },
        lane: { kind: "pause", ms, cause: "rate_limited", reason: `throttled: ${outcome.text}`, down: false },
        mayMove: ms > HICCUP,
        decision: `${rule.words}; lane paused for ${Math.ceil(ms / SECOND)} s`,
      };
    }
    case "unreachable":
      return { ...retry(at, `${rule.words}: ${outcome.text}`), mayMove: true };
    case "uncertain":
      if (at.idempotent) {
        const mayMove = at.attempts + 1 >= TRIES_BEFORE_MOVING;
        return { ...retry(at, `${rule.words}: ${outcome.text}`), mayMove };
      }
      return {
        ...nothing,
        status: "handed_over",
        flag: "uncertain",
        error: fault("uncertain", null, `${rule.words}: ${outcome.text}`, "provider"),
        // Texts that come after it would end like this one: they wait instead.
        lane: laneAfterFailure(at, `no clear answers: ${outcome.text}`),
        decision: "not sent again by itself; a receipt may settle it",
      };
    case "broken-credential":
      return {
        ...nothing,
        again: { afterMs: 0, attempts: at.attempts },
        lane: untilSomebodyActs("credentials", `credentials: ${outcome.text}`),
        mayMove: true,
        decision: `${rule.words}; nothing leaves until it is changed`,
      };
    default:
      return outcome satisfies never;
  }
}

function untilSomebodyActs(cause: BlockerCause, reason: string): LaneConsequence {
  return { kind: "pause", ms: UNTIL_SOMEBODY_ACTS, cause, reason, down: true };
}

/** Empty accounts are counted to the credentials: the account takes nothing until somebody sees to it. */
function laneAfterRefusal(reason: RefusalReason, text: string): LaneConsequence {
  if (reason === "no_funds") return untilSomebodyActs("credentials", `no funds: ${text}`);
  return isTheChannels(reason) ? { kind: "note", reason: text } : { kind: "clear" };
}

/** Whether the channel is to blame, so that the same text may pass another one. */
function isTheChannels(reason: RefusalReason): boolean {
  return reason === "sender" || reason === "region" || reason === "no_funds";
}

function retry(at: AttemptCircumstances, words: string): Omit<Consequence, "mayMove"> {
  const wait = RETRY_WAITS[Math.min(at.attempts, RETRY_WAITS.length - 1)] as number;
  const afterMs = Math.round(wait * (1 + at.random * 0.1));
  return {
    status: null,
    flag: null,
    error: null,
    again: { afterMs, attempts: at.attempts + 1 },
    lane: laneAfterFailure(at, words),
    decision: `${words}; next try in ${Math.ceil(afterMs / SECOND)} s`,
  };
}

/** Counts a failure; from the fifth in a row on each one pauses the lane, a little longer each time. */
function laneAfterFailure({ laneFailures, random }: AttemptCircumstances, reason: string): LaneConsequence {
  const more = laneFailures + 1 - FAILURES_BEFORE_PAUSE;
  if (more < 0) return { kind: "count" };
  return { kind: "pause", ms: backoff(more, random), cause: "unreachable", reason, down: false };
}

/** 1, 2, 4 ... 60 s, plus up to 10 %. */
function backoff(failures: number, random: number): number {
  const base = Math.min(LONGEST_BACKOFF, SECOND * 2 ** Math.max(0, Math.min(failures, 10)));
  return Math.round(base * (1 + random * 0.1));
}

function refusal(reason: RefusalReason, code: string | null, text: string): MessageFault {
  const faults: Record<RefusalReason, [string, MessageFault["fault"]]> = {
    bad_number: ["invalid_number", "recipient"],
    opted_out: ["opted_out", "recipient"],
    content: ["rejected_by_channel", "sender"],
    sender: ["rejected_by_channel", "channel"],
    region: ["rejected_by_channel", "channel"],
    no_funds: ["no_credit", "channel"],
    other: ["rejected_by_channel", "provider"],
  };
  const [stable, whose] = faults[reason];
  return fault(stable, code, withStep(text, reason), whose);
}

export function fault(
  code: string,
  providerCode: string | null,
  text: string,
  whose: MessageFault["fault"],
): MessageFault {
  return { code, providerCode, text, fault: whose };
}
