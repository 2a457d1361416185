import type { RateWindow } from "./state.ts";

const WINDOW = 10 * 60_000;

export interface RateVerdict {
  /** Over the limit: minutes until texts are read again. */
  waitMinutes: number | null;
  /** The one reply about it is due. */
  tell: boolean;
  window: RateWindow;
}

/**
 * Counts one text of a reporter: at most `limit` in ten minutes. Those beyond are not counted, so that the
 * silence ends when the oldest counted one is ten minutes old.
 */
export function countText(before: RateWindow | undefined, limit: number, now: number): RateVerdict {
  const times = (before?.at ?? [])
    .map((offset) => (before?.base ?? 0) + offset)
    .filter((at) => now - at < WINDOW && at <= now);
  const base = times[0] ?? now;
  if (times.length < limit) {
    const at = [...times, now].map((time) => time - base);
    return { waitMinutes: null, tell: false, window: { base, at, told: false } };
  }
  return {
    waitMinutes: Math.max(1, Math.ceil((base + WINDOW - now) / 60_000)),
    tell: before?.told !== true,
    window: { base, at: times.map((time) => time - base), told: true },
  };
}
