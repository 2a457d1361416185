import type { LaneState } from "../../domain/hook-lane.ts";
import type { Verdict } from "./verdict.ts";

/*
 * How one endpoint is doing, told as a lane that is open, or paused until a time.
 *
 * Every timed pause ends half open: one probe, nothing else. Its success closes the breaker, and the overlap
 * starts at one and doubles with each round of successes, so that a receiver that comes back is not run over. Its
 * failure pauses the lane again, for longer. Five counted failures in a row, of at least two deliveries, open the
 * breaker: one poisonous body alone does not.
 *
 * Beside it runs the clock of five days: how long there was nothing but failure that is theirs. It counts from try
 * to try, and a gap in which nothing was tried counts nothing: whether we were stopped, reached nobody or had nothing
 * to send, we do not know how the endpoint was. An open breaker is tried every half hour, so that what is dead is
 * found out all the same. Only after that long is an endpoint disabled, and 410 does it at once. Where each delivery
 * has an address of its own (the callbacks of one origin share a lane), neither says anything about the others:
 * that lane is never disabled, and what fails there ends by itself.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FAILURES_THAT_OPEN = 5;
const BREAKER_PAUSES = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE];
const LONGEST_THROTTLE = 15 * MINUTE;
/** However long an endpoint wants to be left alone, its lane is looked at again after this. */
const LONGEST_LANE_PAUSE = HOUR;
/** While the fault is ours: until the next try. */
const OURS_PAUSE = 10 * SECOND;

export const DISABLE_AFTER = 5 * DAY;
const DISABLE_ATTEMPTS = 10;
const DISABLE_DAYS = 3;
/** Longer than any pause of a lane, and what its try takes: tries further apart were not in a row. */
const LONGEST_GAP = 2 * HOUR;
/** Counted no further: the pauses do not grow any more, and the columns are small. */
const MOST_LEVELS = 100;

/** Nothing to write down about it but when it last worked. */
export function isWell(state: LaneState): boolean {
  return (
    state.failures === 0 &&
    !state.halfOpen &&
    state.pausedUntil === null &&
    state.ramp === null &&
    state.failingSince === null &&
    state.throttles === 0 &&
    state.breakerLevel === 0
  );
}

/** Attempts that may be under way at once. */
export function allowedOverlap(
  state: Pick<LaneState, "concurrency" | "halfOpen" | "failures" | "ramp">,
): number {
  if (state.halfOpen || state.failures >= 2) return 1;
  return state.ramp === null ? state.concurrency : Math.min(state.ramp, state.concurrency);
}

export interface Attempt {
  deliveryId: string;
  verdict: Verdict;
  ms: number;
  /** By hand, or a test: says nothing about the lane but when it works. */
  isManual: boolean;
  /** Claimed while the lane was half open: what a pause waits for. */
  isProbe: boolean;
  /** The lane serves many addresses, each of one delivery: what one of them says is not said of the others. */
  isShared: boolean;
  /** By the database's clock. */
  now: number;
  /** 0 to 1. */
  random: number;
}

/** The lane after an attempt. `disable`: nothing but failure for five days, or gone for good. */
export function afterAttempt(
  state: LaneState,
  attempt: Attempt,
): { state: LaneState; disable: "gone" | "failing_5_days" | null } {
  const { verdict, now } = attempt;
  if (verdict.code === "ok") {
    const isEcho = !attempt.isManual && isStraggler(state, attempt) && asksForPeace(state, now);
    return { state: isEcho ? afterEcho(state, attempt) : afterSuccess(state, attempt), disable: null };
  }
  if (verdict.rule.lane === "disable") {
    return { state: { ...state, lastError: errorOf(attempt) }, disable: attempt.isShared ? null : "gone" };
  }
  if (attempt.isManual || verdict.code === "interrupted") return { state, disable: null };
  const halfOpen = isStraggler(state, attempt);
  const failed: LaneState = { ...state, halfOpen, lastError: errorOf(attempt) };
  if (verdict.rule.clock) countForClock(failed, now);
  if (verdict.rule.breaker) countForBreaker(failed, attempt);
  const pause = pauseFor(state, failed, attempt);
  if (pause) {
    failed.pausedSince = state.pausedSince ?? now;
    failed.pausedUntil = Math.max(now + pause.ms, failed.pausedUntil ?? 0);
    failed.pauseReason = pause.reason;
    failed.halfOpen = true;
    failed.ramp = 1;
  }
  return { state: failed, disable: !attempt.isShared && isHopeless(failed) ? "failing_5_days" : null };
}

/** It was under way when the lane paused, or when somebody changed the endpoint: it is no probe. */
function isStraggler(state: LaneState, { isProbe }: Attempt): boolean {
  return state.halfOpen && !isProbe;
}

/** Told to wait, the lane waits, although others of the same round were taken. */
function asksForPeace({ pauseReason, pausedUntil }: LaneState, now: number): boolean {
  return pauseReason === "retry_after" && pausedUntil !== null && pausedUntil > now;
}

function afterEcho(state: LaneState, attempt: Attempt): LaneState {
  const { pausedUntil, pausedSince, pauseReason, halfOpen, throttles, ramp } = state;
  return {
    ...afterSuccess(state, attempt),
    pausedUntil,
    pausedSince,
    pauseReason,
    halfOpen,
    throttles,
    ramp,
  };
}

function afterSuccess(state: LaneState, { now, ms, isManual }: Attempt): LaneState {
  const ramp = state.halfOpen ? 1 : state.ramp;
  const next = ramp === null ? null : ramp + 1;
  return {
    ...state,
    // After a pause, what was typical before it says nothing.
    typicalMs: state.halfOpen ? ms : typicalAfter(state.typicalMs, ms),
    lastSuccessAt: now,
    failures: 0,
    failedDelivery: null,
    failedSeveral: false,
    breakerLevel: 0,
    throttles: 0,
    halfOpen: false,
    pausedUntil: null,
    pausedSince: null,
    pauseReason: null,
    // What a person tried by hand shows that it works, and opens the lane as a probe does.
    ramp:
      isManual && state.pausedUntil !== null ? 1 : next !== null && next >= state.concurrency ? null : next,
    failingSince: null,
    failingMs: 0,
    failedAttempts: 0,
    failedDays: 0,
    noticed: 0,
  };
}

/** Two slow answers in a row make a lane slow; it takes longer to believe that it is fast again. */
function typicalAfter(typicalMs: number, ms: number): number {
  if (typicalMs === 0) return ms;
  const weight = ms > typicalMs ? 0.5 : 0.1;
  return typicalMs * (1 - weight) + ms * weight;
}

function errorOf({ verdict, now }: Attempt): LaneState["lastError"] {
  return { code: verdict.code, status: verdict.status, text: verdict.text, at: new Date(now).toISOString() };
}

function countForClock(state: LaneState, now: number): void {
  const newDay = state.lastFailedAt === null || dayOf(state.lastFailedAt) !== dayOf(now);
  const gap = state.failingSince === null ? 0 : now - (state.lastFailedAt ?? now);
  if (gap > 0 && gap <= LONGEST_GAP) state.failingMs += gap;
  state.failingSince ??= now;
  state.failedAttempts += 1;
  state.failedDays += newDay || state.failedDays === 0 ? 1 : 0;
  state.lastFailedAt = now;
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY);
}

function countForBreaker(state: LaneState, { deliveryId }: Attempt): void {
  state.failedSeveral ||= state.failedDelivery !== null && state.failedDelivery !== deliveryId;
  state.failedDelivery ??= deliveryId;
  state.failures += 1;
}

function pauseFor(
  before: LaneState,
  state: LaneState,
  attempt: Attempt,
): { ms: number; reason: NonNullable<LaneState["pauseReason"]> } | null {
  const { verdict, random } = attempt;
  const spread = 1 + random * 0.1;
  // Requests that were under way when it paused end one after the other: they are one pause, which one of them
  // may want longer.
  if (isStraggler(before, attempt)) {
    if (verdict.rule.lane !== "pause" || verdict.retryAfterMs === null) return null;
    return { ms: Math.min(verdict.retryAfterMs, LONGEST_LANE_PAUSE), reason: "retry_after" };
  }
  if (verdict.rule.lane === "wait") return { ms: OURS_PAUSE, reason: "ours" };
  if (verdict.rule.lane === "pause") {
    const first = verdict.code === "gateway" && state.throttles === 0 ? 5 * SECOND : 30 * SECOND;
    const doubled = first * 2 ** Math.max(0, state.throttles - (verdict.code === "gateway" ? 1 : 0));
    const asked = verdict.retryAfterMs ?? Math.min(doubled, LONGEST_THROTTLE) * spread;
    state.throttles = Math.min(state.throttles + 1, MOST_LEVELS);
    return { ms: Math.min(asked, LONGEST_LANE_PAUSE), reason: "retry_after" };
  }
  const opens = state.failures >= FAILURES_THAT_OPEN && state.failedSeveral;
  const probeFailed = before.halfOpen && verdict.rule.breaker;
  if (!opens && !probeFailed) return null;
  const level = Math.min(state.breakerLevel, BREAKER_PAUSES.length - 1);
  state.breakerLevel = Math.min(state.breakerLevel + 1, MOST_LEVELS);
  return { ms: (BREAKER_PAUSES[level] as number) * spread, reason: "breaker" };
}

function isHopeless(state: LaneState): boolean {
  return (
    state.failingMs >= DISABLE_AFTER &&
    state.failedAttempts >= DISABLE_ATTEMPTS &&
    state.failedDays >= DISABLE_DAYS
  );
}
