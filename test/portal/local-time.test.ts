import { afterEach, expect, test } from "vitest";
import { tellTimesIn } from "../../portal/src/api/zone.ts";
import { fromLocalField, startOfDay, toLocalField } from "../../portal/src/kit/local-time.ts";

afterEach(() => tellTimesIn(null));

test.each([
  ["UTC", "2026-07-01T12:30", "2026-07-01T12:30:00.000Z"],
  ["America/Denver", "2026-07-01T12:30", "2026-07-01T18:30:00.000Z"],
  ["America/Denver", "2026-12-31T23:59", "2027-01-01T06:59:00.000Z"],
  ["Asia/Kathmandu", "2026-01-01T00:00", "2025-12-31T18:15:00.000Z"],
  ["Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00.000Z"],
  // The days on which the clock is put forward and back.
  ["Europe/Vienna", "2026-03-29T01:59", "2026-03-29T00:59:00.000Z"],
  ["Europe/Vienna", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
  ["Europe/Vienna", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
])("in %s the field %s is %s, there and back", (zone, field, iso) => {
  tellTimesIn(zone);
  expect(fromLocalField(field)).toBe(iso);
  expect(toLocalField(iso)).toBe(field);
});

test("an hour that comes twice is the first, one that is left out is an hour later", () => {
  tellTimesIn("Europe/Vienna");
  expect(fromLocalField("2026-10-25T02:30")).toBe("2026-10-25T00:30:00.000Z");
  expect(toLocalField(fromLocalField("2026-03-29T02:30"))).toBe("2026-03-29T03:30");
});

test("a day begins where the account is, and ends a day later, of 23 hours too", () => {
  tellTimesIn("Europe/Vienna");
  expect(startOfDay("2026-03-29")).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-03-29", 1)).toBe("2026-03-29T22:00:00.000Z");
});

test("what is no time is none, and a zone the browser does not know is the browser's", () => {
  expect([toLocalField(undefined), toLocalField("x"), fromLocalField(""), fromLocalField("x")]).toEqual([
    "",
    "",
    "",
    "",
  ]);
  expect([startOfDay(undefined), startOfDay(""), startOfDay("x")]).toEqual([undefined, undefined, undefined]);
  tellTimesIn("Mars/Olympus");
  expect(toLocalField("2026-07-01T12:30:00.000Z")).toMatch(/^2026-07-0[12]T/);
});
