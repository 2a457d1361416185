import { describe, expect, test } from "vitest";
import type { AreaRow } from "../../src/domain/quiet-areas.ts";
import {
  AREA_ROWS,
  FEDERAL_ROW,
  QUIET_AREAS_CHECKED,
  QUIET_AREAS_VERSION,
  ZONES_OF,
} from "../../src/domain/quiet-areas.ts";
import type { Whereabouts } from "../../src/domain/quiet-hours.ts";
import { openWindow } from "../../src/domain/quiet-hours.ts";
import { isUsHoliday } from "../../src/domain/us-holidays.ts";

const EASTERN = "America/New_York";
const MOUNTAIN = "America/Denver";

const dayOf = (text: string) => {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return { year, month, day };
};

/** The window as a clock of that zone tells it: "9-20". */
function told(where: Whereabouts, date: string, zone: string): string | null {
  const window = openWindow(where, dayOf(date));
  const clock = new Intl.DateTimeFormat("en-US", { hour: "numeric", hourCycle: "h23", timeZone: zone });
  return window && `${Number(clock.format(window.from))}-${Number(clock.format(window.until))}`;
}

/** A week without holidays in winter, one in summer: Wednesday, Saturday, Sunday. */
const WINTER = ["2026-02-04", "2026-02-07", "2026-02-08"];
const SUMMER = ["2026-07-15", "2026-07-18", "2026-07-19"];

describe("worked examples", () => {
  const examples: [string, Whereabouts, string, string[], (string | null)[]][] = [
    ["Colorado on the contact", { areas: ["CO"] }, MOUNTAIN, WINTER, ["8-21", "8-21", "8-21"]],
    ["Mountain time, no state", { zones: [MOUNTAIN] }, MOUNTAIN, WINTER, ["9-21", "9-21", "12-21"]],
    [
      "the same zone by another name",
      { zones: ["US/Mountain"] },
      MOUNTAIN,
      WINTER,
      ["9-21", "9-21", "12-21"],
    ],
    ["a Florida area code in two zones", { areas: ["FL"] }, EASTERN, WINTER, ["9-20", "9-20", "9-20"]],
    [
      "Florida, and the zone is known",
      { areas: ["FL"], zones: [EASTERN] },
      EASTERN,
      WINTER,
      ["8-20", "8-20", "8-20"],
    ],
    ["nothing known, in winter", {}, EASTERN, WINTER, ["13-18", "13-17", null]],
    ["nothing known, in summer", {}, EASTERN, SUMMER, ["14-18", "14-17", null]],
    [
      "an area code of two states",
      { areas: ["KY", "TX"] },
      "America/Chicago",
      WINTER,
      ["10-20", "10-20", "13-20"],
    ],
    [
      "a state and a zone that disagree",
      { areas: ["NJ"], zones: ["Pacific/Honolulu"] },
      EASTERN,
      WINTER,
      ["13-20", "13-20", "13-20"],
    ],
    [
      "a zone outside of the country",
      { zones: ["Europe/Berlin"] },
      "Europe/Berlin",
      WINTER,
      ["8-21", "8-21", "8-21"],
    ],
    ["an area nobody knows is as good as none", { areas: ["ZZ"] }, EASTERN, WINTER, ["13-18", "13-17", null]],
  ];

  test.each(examples)("%s", (_, where, zone, days, expected) => {
    expect(days.map((day) => told(where, day, zone))).toEqual(expected);
  });
});

describe("each row by itself", () => {
  const rows: [string, string, string | null, string | null][] = [
    ["MA", "8-20", "8-20", "8-20"],
    ["WA", "8-20", "8-20", "8-20"],
    ["AL", "8-20", "8-20", null],
    ["MS", "8-20", "8-20", null],
    ["CT", "9-20", "9-20", "9-20"],
    ["NV", "9-20", "9-20", "9-20"],
    ["CA", "9-21", "9-21", "9-21"],
    ["RI", "9-18", "10-17", null],
    ["VA", "8-21", "8-21", "8-21"],
    ["HI", "8-21", "8-21", "8-21"],
  ];

  test.each(rows)("%s", (area, ...expected) => {
    const zone = ZONES_OF[area]?.[0] ?? "";
    expect(WINTER.map((day) => told({ areas: [area] }, day, zone))).toEqual(expected);
    expect(SUMMER.map((day) => told({ areas: [area] }, day, zone))).toEqual(expected);
  });

  test("none on holidays in Alabama and Louisiana, nor where nothing is known", () => {
    const thanksgiving = "2026-11-26";
    for (const areas of [["AL"], ["LA"], []]) expect(openWindow({ areas }, dayOf(thanksgiving))).toBeNull();
    expect(told({ areas: ["MS"] }, thanksgiving, "America/Chicago")).toBe("8-20");
  });

  test("an operator's narrower row holds", () => {
    const own: AreaRow[] = [{ ...FEDERAL_ROW, areas: ["CO"], weekdays: [10, 18] }, ...AREA_ROWS];
    const window = openWindow({ areas: ["CO"] }, dayOf("2026-02-04"), own);
    expect(window?.from.toISOString()).toBe("2026-02-04T17:00:00.000Z");
  });

  test("the hour is right on the days when clocks change", () => {
    const from = (day: string) => openWindow({ areas: ["CO"] }, dayOf(day))?.from.toISOString();
    expect(from("2026-03-07")).toBe("2026-03-07T15:00:00.000Z");
    expect(from("2026-03-08")).toBe("2026-03-08T14:00:00.000Z");
    expect(from("2026-11-01")).toBe("2026-11-01T15:00:00.000Z");
    const night = (day: string, hour: number) =>
      openWindow({ areas: ["CO"] }, dayOf(day), [
        { ...FEDERAL_ROW, areas: ["CO"], saturday: [hour, 21], sunday: [hour, 21] },
      ])?.from.toISOString();
    // Two o'clock is left out in spring; one o'clock comes twice in autumn.
    expect(night("2026-03-08", 2)).toBe("2026-03-08T09:00:00.000Z");
    expect(night("2026-11-01", 1)).toBe("2026-11-01T07:00:00.000Z");
  });
});

describe("the data", () => {
  test("says where it is from, of when, and names no area twice", () => {
    for (const date of [QUIET_AREAS_VERSION, QUIET_AREAS_CHECKED]) expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    const named = AREA_ROWS.flatMap(({ areas }) => areas);
    expect(new Set(named).size).toBe(named.length);
    for (const area of named) expect(ZONES_OF).toHaveProperty(area);
    for (const row of AREA_ROWS) expect(row.source).not.toBe("");
    expect(Object.keys(ZONES_OF)).toHaveLength(53);
  });

  test("no row is wider than the federal one", () => {
    for (const { weekdays, saturday, sunday } of AREA_ROWS) {
      for (const hours of [weekdays, saturday, sunday]) {
        if (!hours) continue;
        expect(hours[0]).toBeGreaterThanOrEqual(8);
        expect(hours[1]).toBeLessThanOrEqual(21);
      }
    }
  });

  test.each([
    ["2026-01-01", true],
    ["2026-01-19", true],
    ["2026-02-16", true],
    ["2026-05-25", true],
    ["2026-06-19", true],
    ["2026-07-03", true],
    ["2026-07-04", true],
    ["2026-09-07", true],
    ["2026-10-12", true],
    ["2026-11-11", true],
    ["2026-11-26", true],
    ["2026-12-25", true],
    ["2027-07-05", true],
    ["2026-11-27", false],
    ["2026-05-18", false],
    ["2026-07-15", false],
    ["2026-02-08", false],
  ])("holiday %s: %s", (date, expected) => {
    expect(isUsHoliday(dayOf(date))).toBe(expected);
  });
});
