import { expect, test } from "vitest";
import { dayIn, endOfDay } from "../../src/domain/day.ts";

const at = (time: string) => Date.parse(time);

test.each([
  ["UTC", "2026-01-15T12:00:00Z", "2026-01-15", "2026-01-16T00:00:00.000Z"],
  ["America/Denver", "2026-01-15T06:59:59Z", "2026-01-14", "2026-01-15T07:00:00.000Z"],
  ["America/Denver", "2026-01-15T07:00:00Z", "2026-01-15", "2026-01-16T07:00:00.000Z"],
  ["a day of 23 hours: America/Denver", "2026-03-08T08:00:00Z", "2026-03-08", "2026-03-09T06:00:00.000Z"],
  ["a day of 25 hours: America/Denver", "2026-11-01T07:00:00Z", "2026-11-01", "2026-11-02T07:00:00.000Z"],
])("%s, %s is %s until %s", (zone, time, day, end) => {
  const name = zone.split(": ").at(-1) ?? "";
  expect(dayIn(name, at(time))).toBe(day);
  const ends = endOfDay(name, at(time));
  expect(dayIn(name, ends)).not.toBe(day);
  expect(dayIn(name, ends - 1_000)).toBe(day);
  expect(new Date(ends).toISOString()).toBe(end);
});
