import { expect, test } from "vitest";
import { afterAttempt, allowedOverlap, isWell } from "../../src/delivery/hooks/lane-state.ts";
import { verdictOf } from "../../src/delivery/hooks/verdict.ts";
import type { LaneState } from "../../src/domain/hook-lane.ts";

const START = Date.parse("2026-11-20T00:00:00Z");
const HOUR = 3_600_000;

const fresh: LaneState = {
  concurrency: 8,
  halfOpen: false,
  pausedUntil: null,
  pausedSince: null,
  pauseReason: null,
  failures: 0,
  failedDelivery: null,
  failedSeveral: false,
  breakerLevel: 0,
  throttles: 0,
  ramp: null,
  failingSince: null,
  failingMs: 0,
  failedAttempts: 0,
  failedDays: 0,
  lastFailedAt: null,
  noticed: 0,
  lastSuccessAt: null,
  lastError: null,
  typicalMs: 0,
};

function attempt(status: number, now: number, deliveryId = "dlv_a", headers: Record<string, string> = {}) {
  const verdict = verdictOf({ ok: true, status, headers, body: "" }, now, false);
  const kind = { isManual: false, isProbe: true, isShared: false };
  return { deliveryId, verdict, ms: 20, ...kind, now, random: 0 };
}

test("a lane that works stays as it is", () => {
  const { state } = afterAttempt(fresh, attempt(200, START));
  expect(isWell(state)).toBe(true);
  expect(allowedOverlap(state)).toBe(8);
});

test("two failures in a row leave one slot", () => {
  let state = afterAttempt(fresh, attempt(500, START)).state;
  expect(allowedOverlap(state)).toBe(8);
  state = afterAttempt(state, attempt(500, START)).state;
  expect(allowedOverlap(state)).toBe(1);
});

test("pauses grow, and each ends with one probe", () => {
  let state = fresh;
  for (let i = 0; i < 5; i++) state = afterAttempt(state, attempt(500, START, `dlv_${i}`)).state;
  const pauses: number[] = [];
  let now = START;
  for (let i = 0; i < 9; i++) {
    pauses.push(((state.pausedUntil ?? 0) - now) / 1_000);
    expect(allowedOverlap(state)).toBe(1);
    now = state.pausedUntil ?? 0;
    state = afterAttempt(state, attempt(500, now, `dlv_p${i}`)).state;
  }
  expect(pauses).toEqual([30, 60, 120, 300, 600, 900, 1_800, 1_800, 1_800]);
});

test("after a pause the overlap grows with each round of successes", () => {
  let state: LaneState = {
    ...fresh,
    halfOpen: true,
    pausedUntil: START,
    pauseReason: "breaker",
    failures: 5,
  };
  const allowed: number[] = [];
  for (let i = 0; i < 8; i++) {
    state = afterAttempt(state, attempt(200, START + i)).state;
    allowed.push(allowedOverlap(state));
  }
  expect(allowed).toEqual([2, 3, 4, 5, 6, 7, 8, 8]);
  expect(isWell(state)).toBe(true);
});

test("an endpoint is given up after five days of nothing but failure, not before", () => {
  let state = fresh;
  let disabledAt: number | null = null;
  for (let hour = 0; hour <= 125 && disabledAt === null; hour++) {
    const now = START + hour * HOUR;
    const after = afterAttempt(state, attempt(500, now, `dlv_${hour}`));
    state = after.state;
    if (after.disable) disabledAt = hour;
  }
  expect(disabledAt).toBe(120);
});

test("one success in between starts the five days anew", () => {
  let state = fresh;
  for (let hour = 0; hour <= 100; hour++) {
    state = afterAttempt(state, attempt(500, START + hour * HOUR, `dlv_${hour}`)).state;
  }
  state = afterAttempt(state, attempt(200, START + 101 * HOUR)).state;
  expect(state.failingSince).toBeNull();
  expect(afterAttempt(state, attempt(500, START + 130 * HOUR)).disable).toBeNull();
});

/** Fails every `everyHours` at the times for which `isUp` says that we were there; answers when it was disabled. */
function failFor(hours: number, everyHours: number, isUp: (hour: number) => boolean, isShared = false) {
  let state = fresh;
  for (let hour = 0; hour <= hours; hour += everyHours) {
    if (!isUp(hour)) continue;
    const after = afterAttempt(state, { ...attempt(500, START + hour * HOUR, `dlv_${hour}`), isShared });
    state = after.state;
    if (after.disable) return hour;
  }
  return null;
}

test("time in which we were away, or reached nobody, is taken off the five days", () => {
  expect(failFor(121, 0.5, () => true)).toBe(120);
  const away = (hour: number) => hour < 40 || hour >= 88;
  expect(failFor(121, 0.5, away)).toBeNull();
  // The two days, and the half hour from the last try before them to the first after them.
  expect(failFor(200, 0.5, away)).toBe(168.5);
});

test("tries that lie far apart tell little: an endpoint nobody had anything for is not given up", () => {
  expect(failFor(400, 5, () => true)).toBeNull();
});

test("attempts whose fault is ours neither count nor keep the clock running", () => {
  const ours = verdictOf({ ok: false, reached: false, code: "connect_timeout", text: "" }, START, true);
  let state = fresh;
  for (let hour = 0; hour <= 60; hour++) state = afterAttempt(state, attempt(500, START + hour * HOUR)).state;
  for (let hour = 61; hour <= 130; hour++) {
    const after = afterAttempt(state, { ...attempt(500, START + hour * HOUR), verdict: ours });
    expect(after.disable).toBeNull();
    state = after.state;
  }
  state = afterAttempt(state, attempt(500, START + 131 * HOUR)).state;
  expect(state.failingMs).toBe(60 * HOUR);
});

test("callbacks of one origin are never disabled together, neither by 410 nor by five days", () => {
  expect(failFor(400, 0.5, () => true, true)).toBeNull();
  const gone = { ...attempt(410, START), isShared: true };
  const { state, disable } = afterAttempt(fresh, gone);
  expect(disable).toBeNull();
  expect(isWell(state)).toBe(true);
});

test("what is put off for ever is counted no further than the columns hold", () => {
  let state = fresh;
  for (let i = 0; i < 40_000; i++) {
    state = afterAttempt({ ...state, pausedUntil: null }, attempt(429, START + i)).state;
  }
  expect(state.throttles).toBeLessThan(1_000);
  expect((state.pausedUntil ?? 0) - START).toBeLessThan(16 * 60_000);
});

test("two slow answers in a row make a lane slow", () => {
  let state: LaneState = { ...fresh, typicalMs: 5 };
  for (let i = 0; i < 2; i++) state = afterAttempt(state, { ...attempt(200, START + i), ms: 3_000 }).state;
  expect(state.typicalMs).toBeGreaterThan(2_000);
  const back = afterAttempt(
    { ...fresh, typicalMs: 5, halfOpen: true },
    { ...attempt(200, START), ms: 3_000 },
  );
  expect(back.state.typicalMs).toBe(3_000);
});

test("429 pauses as asked, at most an hour, and is no failure", () => {
  const asked = afterAttempt(fresh, attempt(429, START, "dlv_a", { "retry-after": "86400" })).state;
  expect((asked.pausedUntil ?? 0) - START).toBe(HOUR);
  expect(asked.failures).toBe(0);
  const waits: number[] = [];
  let state = fresh;
  for (let i = 0; i < 7; i++) {
    state = afterAttempt({ ...state, pausedUntil: null }, attempt(429, START)).state;
    waits.push(((state.pausedUntil ?? 0) - START) / 1_000);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
});

test("a try by hand neither opens nor counts", () => {
  const manual = { ...attempt(500, START), isManual: true };
  expect(afterAttempt(fresh, manual).state).toEqual(fresh);
});

/** One of those that were under way when the lane paused. */
function straggler(status: number, now: number, deliveryId: string, headers: Record<string, string> = {}) {
  return { ...attempt(status, now, deliveryId, headers), isProbe: false };
}

test("failures under way when the breaker opens are one opening, the latest too", () => {
  let state = fresh;
  for (let i = 0; i < 8; i++) state = afterAttempt(state, straggler(500, START + i, `dlv_${i}`)).state;
  expect(state).toMatchObject({ breakerLevel: 1, pausedUntil: START + 4 + 30_000, halfOpen: true });
  state = afterAttempt(state, straggler(500, START + 31_000, "dlv_8")).state;
  expect(state).toMatchObject({ breakerLevel: 1, pausedUntil: START + 4 + 30_000, halfOpen: true });
});

test("several 429 at once are one pause, as long as the longest of them asks", () => {
  let state = afterAttempt(fresh, straggler(429, START, "dlv_a")).state;
  state = afterAttempt(state, straggler(429, START, "dlv_b")).state;
  expect(state).toMatchObject({ throttles: 1, pausedUntil: START + 30_000 });
  state = afterAttempt(state, straggler(429, START, "dlv_c", { "retry-after": "120" })).state;
  expect(state).toMatchObject({ throttles: 1, pausedUntil: START + 120_000 });
});

test("a lane that was told to wait waits, although others of its round were taken", () => {
  const asked = afterAttempt(fresh, straggler(429, START, "dlv_a", { "retry-after": "120" })).state;
  const after = afterAttempt(asked, straggler(200, START + 50, "dlv_b")).state;
  expect(after).toMatchObject({ pausedUntil: START + 120_000, pauseReason: "retry_after", halfOpen: true });
  const probed = afterAttempt(after, attempt(200, START + 121_000, "dlv_a")).state;
  expect(probed).toMatchObject({ pausedUntil: null, halfOpen: false });
});
