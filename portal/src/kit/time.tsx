import { Tooltip } from "@mantine/core";

const SHORT = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** A point in time as the reader's clock shows it; both that and UTC when pointed at. */
export function Time({ at, seconds = false }: { at: string; seconds?: boolean }) {
  const date = new Date(at);
  return (
    <Tooltip
      label={`${FULL.format(date)} · ${at.replace("T", " ").replace("Z", " UTC")}`}
      multiline
      openDelay={250}
    >
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {seconds ? withSeconds(date) : shortTime(date)}
      </time>
    </Tooltip>
  );
}

export function shortTime(date: Date, now = new Date()): string {
  if (date.toDateString() === now.toDateString()) return SHORT.format(date);
  const day = date.getFullYear() === now.getFullYear() ? DAY : YEAR;
  return `${day.format(date)}, ${SHORT.format(date)}`;
}

function withSeconds(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "1.4 s", "3 min": a length of time in words. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
