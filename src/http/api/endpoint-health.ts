import { z } from "zod";
import type { EndpointHealthRow } from "../../store/endpoint-health.ts";
import type { StoredEndpoint } from "../../store/endpoints.ts";
import { ageOf, clockTime } from "./channel-health.ts";
import { Time } from "./shapes.ts";

export const EndpointHealth = z.object({
  endpointId: z.string(),
  state: z.enum(["disabled", "paused", "blocked", "failing", "working", "idle"]),
  summary: z
    .string()
    .describe(
      'In words: "paused since 14:02: 5 failures in a row (connection refused), 31 waiting, next try 14:07"',
    ),
  waiting: z.number().describe("Not sent yet, counted up to 10,000; the same for the next four"),
  sending: z.number(),
  held: z.number().describe("Kept until the endpoint is enabled"),
  exhausted: z.number().describe("Given up after all tries; to be retried or replayed"),
  expired: z.number(),
  oldestAt: Time.nullable(),
  nextTryAt: Time.nullable(),
  paused: z.object({ since: Time, until: Time, reason: z.string() }).nullable(),
  failures: z.number().describe("In a row"),
  failingSince: Time.nullable().describe("Nothing but failure since"),
  lastSuccessAt: Time.nullable(),
  lastFailedAt: Time.nullable(),
  lastError: z
    .object({ code: z.string(), status: z.number().nullable(), text: z.string(), at: Time })
    .nullable(),
  typicalMs: z.number().nullable().describe("How long its answers usually take"),
});
export type EndpointHealth = z.infer<typeof EndpointHealth>;

const DISABLED: Record<string, string> = {
  by_user: "disabled by hand",
  gone: "disabled: it said that it is gone for good (410)",
  failing_5_days: "disabled: five days of nothing but failure",
};

/** `health` by the database's clock, which is the lanes' own. */
export function endpointHealthOf(
  endpoint: StoredEndpoint,
  health: EndpointHealthRow,
  timeZone: string,
): EndpointHealth {
  const isPaused = health.pausedUntil !== null && health.pausedUntil > health.now;
  const nextTry = health.waiting === 0 ? null : Math.max(health.nextAt ?? 0, health.pausedUntil ?? 0);
  const state = stateOf(endpoint, health, isPaused);
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    endpointId: endpoint.id,
    state,
    summary: words(endpoint, health, { state, nextTry, timeZone }),
    waiting: health.waiting,
    sending: health.sending,
    held: health.held,
    exhausted: health.exhausted,
    expired: health.expired,
    oldestAt: time(health.oldestAt),
    nextTryAt: endpoint.enabled ? time(nextTry) : null,
    paused: isPaused
      ? {
          since: time(health.pausedSince ?? health.now) as string,
          until: time(health.pausedUntil) as string,
          reason: health.pauseReason ?? "paused",
        }
      : null,
    failures: health.failures,
    failingSince: time(health.failingSince),
    lastSuccessAt: time(health.lastSuccessAt),
    lastFailedAt: time(health.lastFailedAt),
    lastError: health.lastError,
    typicalMs: health.typicalMs === 0 ? null : Math.round(health.typicalMs),
  };
}

function stateOf(
  endpoint: StoredEndpoint,
  health: EndpointHealthRow,
  isPaused: boolean,
): EndpointHealth["state"] {
  if (!endpoint.enabled) return "disabled";
  if (isPaused) return "paused";
  if (health.blocked) return "blocked";
  if (health.failures > 0) return "failing";
  return health.lastSuccessAt === null && health.waiting + health.sending === 0 ? "idle" : "working";
}

interface Told {
  state: EndpointHealth["state"];
  nextTry: number | null;
  timeZone: string;
}

function words(endpoint: StoredEndpoint, health: EndpointHealthRow, told: Told): string {
  const now = new Date(health.now);
  const clock = (ms: number) => clockTime(new Date(ms), now, told.timeZone);
  const parts = [blocker(endpoint, health, told.state, clock)];
  if (health.waiting > 0) parts.push(`${health.waiting} waiting`);
  if (health.held > 0) parts.push(`${health.held} held until it is enabled`);
  if (health.exhausted + health.expired > 0) parts.push(`${health.exhausted + health.expired} given up`);
  if (endpoint.enabled && told.nextTry !== null && told.nextTry > health.now)
    parts.push(`next try ${clock(told.nextTry)}`);
  else if (endpoint.enabled && health.waiting > 0 && health.oldestAt !== null)
    parts.push(`oldest ${ageOf(health.now - health.oldestAt)}`);
  return parts.join(", ");
}

function blocker(
  endpoint: StoredEndpoint,
  health: EndpointHealthRow,
  state: EndpointHealth["state"],
  clock: (ms: number) => string,
): string {
  const why = health.lastError ? ` (${health.lastError.text})` : "";
  switch (state) {
    case "disabled":
      return `${DISABLED[endpoint.disabled_reason ?? ""] ?? "disabled"}${
        endpoint.disabled_reason === "by_user" ? "" : why
      }`;
    case "paused":
      return `paused since ${clock(health.pausedSince ?? health.now)}: ${causeOf(health)}${why}`;
    case "blocked":
      return "blocked: a delivery was given up, and those behind it keep their order";
    case "failing":
      return `${failuresOf(health)}${why}`;
    case "working":
      return health.waiting > 0 ? "working" : "working, nothing waiting";
    case "idle":
      return "nothing sent yet";
    default:
      return state satisfies never;
  }
}

function causeOf(health: EndpointHealthRow): string {
  if (health.pauseReason === "ours") return "the fault is on our side";
  if (health.pauseReason === "retry_after") return "it asked for a pause";
  return failuresOf(health);
}

function failuresOf({ failures }: EndpointHealthRow): string {
  return failures === 1 ? "the last try failed" : `${failures} failures in a row`;
}
