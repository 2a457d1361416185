/** How one endpoint is doing. Times are ms since 1970, by the database's clock. */
export interface LaneState {
  concurrency: number;
  halfOpen: boolean;
  pausedUntil: number | null;
  pausedSince: number | null;
  pauseReason: "breaker" | "retry_after" | "ours" | null;
  /** Counted failures in a row, the delivery of the first, and whether they are of several. */
  failures: number;
  failedDelivery: string | null;
  failedSeveral: boolean;
  breakerLevel: number;
  throttles: number;
  /** Overlap allowed after a pause; null = all of it. */
  ramp: number | null;
  /** The clock of five days: when the failing began, and for how much of the time since we tried, ms. */
  failingSince: number | null;
  failingMs: number;
  failedAttempts: number;
  failedDays: number;
  lastFailedAt: number | null;
  noticed: number;
  lastSuccessAt: number | null;
  lastError: { code: string; status: number | null; text: string; at: string } | null;
  /** Moving average of how long answers take. */
  typicalMs: number;
}
