const formats = new Map<string, Intl.DateTimeFormat>();

/** The date in a zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string, ms: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format.format(ms);
}

const HOUR = 3_600_000;

/** When the day of a moment ends in a zone: the first moment of the next date, to the second. */
export function endOfDay(timeZone: string, ms: number): number {
  const day = dayIn(timeZone, ms);
  let before = Math.floor(ms / 1_000);
  // A day is never longer than 25 hours; where a zone skips a date the next one begins earlier.
  let after = before + (26 * HOUR) / 1_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(timeZone, middle * 1_000) === day) before = middle;
    else after = middle;
  }
  return after * 1_000;
}
