import { expect, test } from "vitest";
import { createEgressWatch } from "../../src/delivery/hooks/egress.ts";

const SECOND = 1_000;

test("three hosts that nobody reaches are our own network, until one is reached or time has passed", () => {
  const watch = createEgressWatch();
  watch.note("a", false, "connect_timeout", 0);
  watch.note("b", false, "ESERVFAIL", 0);
  watch.note("b", false, "ESERVFAIL", 0);
  expect(watch.isDown(0)).toBe(false);
  watch.note("c", false, "ECONNREFUSED", 0);
  expect(watch.isDown(0)).toBe(true);
  expect(watch.isDown(29 * SECOND)).toBe(true);
  expect(watch.isDown(31 * SECOND)).toBe(false);
  for (const host of ["a", "b", "c"]) watch.note(host, false, "connect_timeout", 40 * SECOND);
  watch.note("d", true, null, 41 * SECOND);
  expect(watch.isDown(41 * SECOND)).toBe(false);
});

test("no route at all tells by one host, unless it never had one while others do", () => {
  const watch = createEgressWatch();
  watch.note("a", false, "ENETUNREACH", 0);
  expect(watch.isDown(0)).toBe(true);
  watch.note("b", true, null, SECOND);
  watch.note("a", false, "ENETUNREACH", 2 * SECOND);
  expect(watch.isDown(2 * SECOND)).toBe(false);
  watch.note("b", true, null, 3 * SECOND);
  watch.note("b", false, "ENETUNREACH", 4 * SECOND);
  expect(watch.isDown(4 * SECOND)).toBe(true);
});
