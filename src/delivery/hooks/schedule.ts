const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Waits before the second and later tries, seconds: ten tries over 75 h 35 min, as Standard Webhooks advises. */
export const USUAL_SCHEDULE: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** For receivers that do not tell repeats apart: only what surely was not processed is sent again. */
export const CAUTIOUS_SCHEDULE: readonly number[] = [5, MINUTE, 5 * MINUTE, 30 * MINUTE];

/** Until the try after `step` counted ones, ms, a little later each time; null = there is none. */
export function waitAfter(schedule: readonly number[], step: number, random: number): number | null {
  const seconds = schedule[step - 1];
  return seconds === undefined ? null : Math.round(seconds * 1_000 * (1 + random * 0.1));
}

const LONGEST_SECONDS = 24 * HOUR;

/**
 * `Retry-After` in ms: whole or fractional seconds, or an HTTP date. null when it is missing, past or unreadable;
 * at most 24 h.
 */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  let seconds: number;
  if (/^\d+(\.\d+)?$/.test(text)) seconds = Math.ceil(Number(text));
  else if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) {
    seconds = (Date.parse(text) - now) / 1_000;
  } else return null;
  return seconds > 0 ? Math.min(seconds, LONGEST_SECONDS) * 1_000 : null;
}
