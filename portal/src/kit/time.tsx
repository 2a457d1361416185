import { Tooltip } from "@mantine/core";
import { shownZone } from "../api/zone.ts";

const STYLES = {
  short: { hour: "2-digit", minute: "2-digit" },
  exact: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  hour: { hour: "numeric" },
  day: { day: "numeric", month: "short" },
  whole: { day: "numeric", month: "short", year: "numeric" },
  year: { year: "numeric" },
  full: { dateStyle: "full", timeStyle: "long" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** In the zone of the pages. */
export function tellTime(style: keyof typeof STYLES, date: Date): string {
  const timeZone = shownZone();
  const key = `${style} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, { ...STYLES[style], timeZone });
    formats.set(key, format);
  }
  return format.format(date);
}

/** A point in time in the zone of the pages; that and UTC in full when pointed at. */
export function Time({ at, seconds = false }: { at: string; seconds?: boolean }) {
  const date = new Date(at);
  return (
    <Tooltip
      label={`${tellTime("full", date)} · ${at.replace("T", " ").replace("Z", " UTC")}`}
      multiline
      openDelay={250}
    >
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {shortTime(date, { seconds })}
      </time>
    </Tooltip>
  );
}

/** The time of day, with the date when that is not today's. */
export function shortTime(date: Date, { seconds = false, now = new Date() } = {}): string {
  const time = tellTime(seconds ? "exact" : "short", date);
  const whole = tellTime("whole", date);
  if (whole === tellTime("whole", now)) return time;
  const isThisYear = tellTime("year", date) === tellTime("year", now);
  return `${isThisYear ? tellTime("day", date) : whole}, ${time}`;
}

/** "1.4 s", "3 min": a length of time in words. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
