/**
 * When texts that sell something may leave, by area of the person who gets them. Facts about law, and not advice:
 * whoever runs Signalbox confirms them with counsel. Where published lists differ, the narrower row stands here.
 */
export const QUIET_AREAS_VERSION = "2026-11-20";
/** When somebody last held the rows against their sources. */
export const QUIET_AREAS_CHECKED = "2026-11-20";

/** Hours of the local clock, from the first up to the second; null = not at all. */
export type Hours = readonly [from: number, until: number] | null;

export interface AreaRow {
  areas: readonly string[];
  weekdays: Hours;
  saturday: Hours;
  sunday: Hours;
  /** Not at all on public holidays. */
  notOnHolidays?: true;
  source: string;
  remark?: string;
}

const LISTS =
  "dropcowboy.com/state-compliance, usestello.com/compliance, support.referrizer.com (TCPA quiet hours), each narrower row of the three";

/** Holds where no row names the area. */
export const FEDERAL_ROW: AreaRow = {
  areas: [],
  weekdays: [8, 21],
  saturday: [8, 21],
  sunday: [8, 21],
  source: "47 CFR 64.1200(c)(1)",
  remark: "solicitations, local time of the called party",
};

export const AREA_ROWS: readonly AreaRow[] = [
  {
    areas: ["FL", "MA", "MD", "NJ", "OK", "WA"],
    weekdays: [8, 20],
    saturday: [8, 20],
    sunday: [8, 20],
    source: `${LISTS}; WA: RCW 19.158.040`,
    remark: "WA is worded for calls",
  },
  {
    areas: ["AL", "LA"],
    weekdays: [8, 20],
    saturday: [8, 20],
    sunday: null,
    notOnHolidays: true,
    source: LISTS,
  },
  {
    areas: ["MS"],
    weekdays: [8, 20],
    saturday: [8, 20],
    sunday: null,
    source: LISTS,
    remark: "lists differ",
  },
  { areas: ["CT", "NV"], weekdays: [9, 20], saturday: [9, 20], sunday: [9, 20], source: LISTS },
  {
    areas: ["CA", "IL", "MI", "MN", "NM"],
    weekdays: [9, 21],
    saturday: [9, 21],
    sunday: [9, 21],
    source: LISTS,
    remark: "lists differ on CA and IL",
  },
  { areas: ["KY"], weekdays: [10, 21], saturday: [10, 21], sunday: [10, 21], source: LISTS },
  {
    areas: ["RI"],
    weekdays: [9, 18],
    saturday: [10, 17],
    sunday: null,
    source: LISTS,
    remark: "lists differ on Sunday",
  },
  { areas: ["TX"], weekdays: [9, 21], saturday: [9, 21], sunday: [12, 21], source: LISTS },
];

/** The time zones of each state, district and territory, most people first (IANA database 2026a). */
export const ZONES_OF: Readonly<Record<string, readonly string[]>> = {
  AK: ["America/Anchorage", "America/Adak"],
  AL: ["America/Chicago"],
  AR: ["America/Chicago"],
  AZ: ["America/Phoenix", "America/Denver"],
  CA: ["America/Los_Angeles"],
  CO: ["America/Denver"],
  CT: ["America/New_York"],
  DC: ["America/New_York"],
  DE: ["America/New_York"],
  FL: ["America/New_York", "America/Chicago"],
  GA: ["America/New_York"],
  HI: ["Pacific/Honolulu"],
  IA: ["America/Chicago"],
  ID: ["America/Boise", "America/Los_Angeles"],
  IL: ["America/Chicago"],
  IN: ["America/Indiana/Indianapolis", "America/Chicago"],
  KS: ["America/Chicago", "America/Denver"],
  KY: ["America/New_York", "America/Chicago"],
  LA: ["America/Chicago"],
  MA: ["America/New_York"],
  MD: ["America/New_York"],
  ME: ["America/New_York"],
  MI: ["America/Detroit", "America/Chicago"],
  MN: ["America/Chicago"],
  MO: ["America/Chicago"],
  MS: ["America/Chicago"],
  MT: ["America/Denver"],
  NC: ["America/New_York"],
  ND: ["America/Chicago", "America/Denver"],
  NE: ["America/Chicago", "America/Denver"],
  NH: ["America/New_York"],
  NJ: ["America/New_York"],
  NM: ["America/Denver"],
  NV: ["America/Los_Angeles"],
  NY: ["America/New_York"],
  OH: ["America/New_York"],
  OK: ["America/Chicago"],
  OR: ["America/Los_Angeles", "America/Boise"],
  PA: ["America/New_York"],
  PR: ["America/Puerto_Rico"],
  RI: ["America/New_York"],
  SC: ["America/New_York"],
  SD: ["America/Chicago", "America/Denver"],
  TN: ["America/Chicago", "America/New_York"],
  TX: ["America/Chicago", "America/Denver"],
  UT: ["America/Denver"],
  VA: ["America/New_York"],
  VI: ["America/St_Thomas"],
  VT: ["America/New_York"],
  WA: ["America/Los_Angeles"],
  WI: ["America/Chicago"],
  WV: ["America/New_York"],
  WY: ["America/Denver"],
};
