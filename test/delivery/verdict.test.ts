import { describe, expect, test } from "vitest";
import { consequenceOf } from "../../src/delivery/hooks/consequence.ts";
import { readRetryAfter, USUAL_SCHEDULE, waitAfter } from "../../src/delivery/hooks/schedule.ts";
import { verdictOf } from "../../src/delivery/hooks/verdict.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const answer = (status: number, headers: Record<string, string> = {}) =>
  ({ ok: true, status, headers, body: "" }) as const;
const failed = (code: string, reached = false) => ({ ok: false, reached, code, text: "" }) as const;
const usual = {
  step: 0,
  schedule: USUAL_SCHEDULE,
  manual: false,
  probe: false,
  isOpen: true,
  isShared: false,
  isCautious: false,
  random: 0,
};

describe("what an answer means", () => {
  test.each([
    [200, {}, "ok"],
    [204, {}, "ok"],
    [301, { location: "http://10.0.0.1/" }, "redirect"],
    [307, {}, "redirect"],
    [400, {}, "body_refused"],
    [413, {}, "body_refused"],
    [401, {}, "client_error"],
    [404, {}, "client_error"],
    [410, {}, "gone"],
    [429, {}, "throttled"],
    [500, {}, "server_error"],
    [502, {}, "gateway"],
    [503, {}, "server_error"],
    [503, { "retry-after": "10" }, "gateway"],
    [504, {}, "gateway"],
  ])("HTTP %i %o: %s", (status, headers, code) => {
    expect(verdictOf(answer(status, headers as Record<string, string>), NOW, false).code).toBe(code);
  });

  test.each([
    [failed("connect_timeout"), "timeout_connect"],
    [failed("timeout"), "timeout_connect"],
    [failed("timeout", true), "timeout_total"],
    [failed("ECONNREFUSED"), "connection"],
    [failed("ECONNRESET", true), "connection"],
    [failed("CERT_HAS_EXPIRED"), "tls"],
    [failed("ENOTFOUND"), "dns_missing"],
    [failed("ESERVFAIL"), "dns_failed"],
    [failed("target_refused"), "address_refused"],
  ])("%o: %s", (given, code) => {
    expect(verdictOf(given, NOW, false).code).toBe(code);
  });

  test("while nothing can be reached from here, the fault is ours", () => {
    expect(verdictOf(failed("ECONNREFUSED"), NOW, true).rule.fault).toBe("ours");
    expect(verdictOf(answer(500), NOW, true).rule.fault).toBe("theirs");
  });

  test("a receiver whose clock is wrong is told so", () => {
    const date = new Date(NOW - 9 * 60_000).toUTCString();
    expect(verdictOf(answer(401, { date }), NOW, false).text).toContain("clock is 9 min behind");
  });
});

test.each([
  ["120", 120_000],
  ["0.5", 1_000],
  ["Fri, 20 Nov 2026 12:01:00 GMT", 60_000],
  ["Fri, 20 Nov 2026 11:59:00 GMT", null],
  ["315360000", 86_400_000],
  ["soon", null],
  ["-5", null],
  [undefined, null],
])("Retry-After %s", (value, ms) => {
  expect(readRetryAfter(value, NOW)).toBe(ms);
});

test("ten tries over 75 h 35 min 5 s, each wait only ever longer", () => {
  const waits = Array.from({ length: 9 }, (_, i) => waitAfter(USUAL_SCHEDULE, i + 1, 0) ?? 0);
  expect(waits.reduce((sum, one) => sum + one, 0)).toBe((75 * 3_600 + 35 * 60 + 5) * 1_000);
  expect(waitAfter(USUAL_SCHEDULE, 10, 0)).toBeNull();
  expect(waitAfter(USUAL_SCHEDULE, 1, 1)).toBe(5_500);
});

describe("what becomes of the delivery", () => {
  const outcome = (given: Parameters<typeof verdictOf>[0], over: Partial<typeof usual> = {}) =>
    consequenceOf(verdictOf(given, NOW, false), { ...usual, ...over });

  test("a failure uses a step and the last one ends it", () => {
    expect(outcome(answer(500))).toMatchObject({ state: "waiting", step: 1, waitMs: 5_000 });
    expect(outcome(answer(500), { step: 9 })).toMatchObject({ state: "exhausted", step: 10 });
    expect(outcome(answer(500), { schedule: [] })).toMatchObject({ state: "exhausted" });
  });

  test("what is not their fault, or polite, uses none", () => {
    expect(outcome(answer(429, { "retry-after": "60" }))).toMatchObject({
      state: "waiting",
      step: 0,
      waitMs: 60_000,
    });
    expect(outcome(answer(410))).toMatchObject({ state: "held", step: 0 });
    expect(outcome(answer(500), { probe: true })).toMatchObject({ state: "waiting", step: 0, waitMs: 0 });
  });

  test("the later of schedule and Retry-After counts", () => {
    expect(outcome(answer(503, { "retry-after": "60" })).waitMs).toBe(60_000);
    expect(outcome(answer(503, { "retry-after": "60" }), { step: 1 }).waitMs).toBe(300_000);
  });

  test("by hand: what was given up stays so, what waits keeps its place", () => {
    expect(outcome(answer(500), { manual: true, step: 10 })).toMatchObject({ state: "exhausted", step: 10 });
    expect(outcome(answer(500), { manual: true, step: 2 })).toMatchObject({ state: "waiting", step: 2 });
    expect(outcome(answer(500), { manual: true, isOpen: false })).toMatchObject({ state: "held" });
    const untried = { manual: true, step: 0, schedule: [] };
    expect(outcome(answer(500), untried)).toMatchObject({ state: "waiting", step: 0, waitMs: 0 });
  });

  test("an address of its own that is gone ends the delivery, with the reason", () => {
    const gone = outcome(answer(410), { isShared: true });
    expect(gone).toMatchObject({ state: "exhausted", step: 0 });
    expect(gone.decision).toContain("gone for good");
  });

  test("where repeats are not told apart, only what surely was not processed is sent again", () => {
    const cautious = { isCautious: true, schedule: [5] };
    expect(outcome(failed("ECONNREFUSED"), cautious).state).toBe("waiting");
    expect(outcome(answer(429), cautious).state).toBe("waiting");
    expect(outcome(answer(503), cautious).state).toBe("waiting");
    expect(outcome(failed("timeout", true), cautious).state).toBe("exhausted");
    expect(outcome(answer(500), cautious).state).toBe("exhausted");
  });
});
