/** What may keep texts from moving: a closed list, worst first. Pages and alarms know these words and no other. */
export const BLOCKER_CAUSES = [
  "database",
  "disk",
  "worker_stopped",
  "no_channel",
  "credentials",
  "unreachable",
  "registration",
  "rate_limited",
  "budget",
  "loop_guard",
  "paused_by_user",
  "quiet_hours",
] as const;
export type BlockerCause = (typeof BLOCKER_CAUSES)[number];
