import type { AreaRow, Hours } from "./quiet-areas.ts";
import { AREA_ROWS, FEDERAL_ROW, ZONES_OF } from "./quiet-areas.ts";
import type { CalendarDay } from "./us-holidays.ts";
import { isUsHoliday, weekdayOf } from "./us-holidays.ts";

/*
 * Quiet hours go by the clock and the law of the person who gets a text, and both may be known in part only: an
 * area code says where a number was bought. So the question is always asked of candidates, and the answer is what
 * all of them allow. Nothing known means all of the country at once, and never "send anyway".
 */

/** What is known of where somebody is. Empty = nothing. */
export interface Whereabouts {
  /** Two letters of states, districts and territories. */
  areas?: readonly string[];
  /** IANA zones. */
  zones?: readonly string[];
}

/** A stretch of time; `until` does not belong to it. */
export interface OpenWindow {
  from: Date;
  until: Date;
}

/**
 * When a text may leave on that day of the calendar, in every place where the person may be; null = not on that
 * day. `rows`: those of an operator who narrowed some.
 */
export function openWindow(
  where: Whereabouts,
  day: CalendarDay,
  rows: readonly AreaRow[] = AREA_ROWS,
): OpenWindow | null {
  let from = Number.NEGATIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  for (const { area, zone } of placesOf(where)) {
    const row = rows.find(({ areas }) => area !== null && areas.includes(area)) ?? FEDERAL_ROW;
    const hours = hoursOf(row, day);
    if (!hours) return null;
    from = Math.max(from, instantOf(day, hours[0], zone));
    until = Math.min(until, instantOf(day, hours[1], zone));
  }
  return from < until ? { from: new Date(from), until: new Date(until) } : null;
}

function hoursOf(row: AreaRow, day: CalendarDay): Hours {
  if (row.notOnHolidays && isUsHoliday(day)) return null;
  const weekday = weekdayOf(day);
  if (weekday === 0) return row.sunday;
  return weekday === 6 ? row.saturday : row.weekdays;
}

interface Place {
  /** Null outside of every area we know. */
  area: string | null;
  zone: string;
}

const PLACES: readonly Place[] = Object.entries(ZONES_OF).flatMap(([area, zones]) =>
  zones.map((zone) => ({ area, zone })),
);

function placesOf({ areas = [], zones = [] }: Whereabouts): readonly Place[] {
  const own = zones.map(canonicalZone);
  const inZone = (place: Place) => own.includes(canonicalZone(place.zone));
  const inArea = (place: Place) => place.area !== null && areas.includes(place.area);
  const agreed = PLACES.filter((place) => {
    return (own.length === 0 || inZone(place)) && (areas.length === 0 || inArea(place));
  });
  if (agreed.length > 0) return agreed;
  // They contradict each other, or lie elsewhere: whatever each of them says holds.
  const foreign = zones
    .filter((zone) => !PLACES.some((place) => canonicalZone(place.zone) === canonicalZone(zone)))
    .map((zone) => ({ area: null, zone }));
  const either = [...PLACES.filter((place) => inZone(place) || inArea(place)), ...foreign];
  return either.length > 0 ? either : PLACES;
}

const canonical = new Map<string, string>();

/** One name for one zone: "US/Mountain" is America/Denver. */
function canonicalZone(zone: string): string {
  let name = canonical.get(zone);
  if (name === undefined) {
    name = clockOf(zone).resolvedOptions().timeZone;
    canonical.set(zone, name);
  }
  return name;
}

/** Milliseconds at which the clock of a zone shows this full hour; 24 = the end of the day. */
function instantOf({ year, month, day }: CalendarDay, hour: number, zone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour);
  const before = wall - offsetAt(wall - DAY, zone);
  const after = wall - offsetAt(wall + DAY, zone);
  // Of an hour that comes twice the first; one that is left out is shown an hour later.
  const found = [Math.min(before, after), Math.max(before, after)].find(
    (at) => at + offsetAt(at, zone) === wall,
  );
  return found ?? before;
}

const DAY = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    const parts = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    } as const;
    clock = new Intl.DateTimeFormat("en-US", { ...parts, hourCycle: "h23", timeZone: zone });
    clocks.set(zone, clock);
  }
  return clock;
}

/** How far the clock of a zone is ahead of UTC at a moment, ms. */
function offsetAt(at: number, zone: string): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000;
}
