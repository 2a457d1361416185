import { setTimeout as wait } from "node:timers/promises";
import { SignalboxError } from "./errors.js";

/*
 * When a call is made again. Only what cannot be done twice is: reads, PUT and DELETE, and writes with an
 * Idempotency-Key. A conflict that says when to come back is the first call with that key, still running.
 */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** @param {unknown} error */
export function isWorthRepeating(error) {
  if (!(error instanceof SignalboxError)) return false;
  const { status, retryAfter } = error;
  if ((retryAfter ?? 0) * 1000 > LONGEST_MS) return false;
  return [0, 429, 502, 503, 504].includes(status) || (status === 409 && retryAfter !== null);
}

/**
 * @param {number} tried how often so far
 * @param {unknown} error
 */
export function delayBefore(tried, error) {
  const asked = error instanceof SignalboxError ? error.retryAfter : null;
  if (asked !== null) return asked * 1000;
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tried - 1));
  return longest * (0.5 + Math.random() / 2);
}

/**
 * Throws what the signal says, when it does.
 *
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 */
export async function pause(ms, signal) {
  await wait(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
