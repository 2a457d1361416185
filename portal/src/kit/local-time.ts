import { shownZone } from "../api/zone.ts";

/** Times between the API, which speaks UTC, and fields in which people type days and hours, in the zone of the pages. */

const DAY_MS = 86_400_000;

/** For fields of `type="datetime-local"`. */
export function toLocalField(iso: string | undefined): string {
  const date = new Date(iso ?? "");
  return Number.isNaN(date.getTime()) ? "" : wallClock(date.getTime());
}

/** Empty while nobody has filled it in. */
export function fromLocalField(value: string): string {
  const wall = Date.parse(`${value}Z`);
  return value === "" || Number.isNaN(wall) ? "" : new Date(instantOf(wall)).toISOString();
}

/** The first moment of a day, as fields of `type="date"` have it; `after` days later. */
export function startOfDay(day: string | undefined, after = 0): string | undefined {
  const wall = Date.parse(`${day}T00:00Z`) + after * DAY_MS;
  return Number.isNaN(wall) ? undefined : new Date(instantOf(wall)).toISOString();
}

/** When a clock on the wall shows this. An hour that is left out in spring is shown by the clock an hour later. */
function instantOf(wall: number): number {
  const offsetAt = (at: number) => Date.parse(`${wallClock(at)}Z`) - Math.floor(at / 60_000) * 60_000;
  const before = wall - offsetAt(wall - DAY_MS);
  const after = wall - offsetAt(wall + DAY_MS);
  const fits = [before, after].find((at) => at + offsetAt(at) === wall);
  return fits ?? before;
}

/** `2026-11-20T14:05`: the Swedes write dates this way. */
function wallClock(at: number): string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short",
    timeStyle: "short",
    timeZone: shownZone(),
  });
  return format.format(at).replace(" ", "T");
}
