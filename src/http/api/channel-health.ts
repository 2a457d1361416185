import { z } from "zod";
import { BLOCKER_CAUSES } from "../../domain/blocker.ts";
import type { ChannelHealthRow } from "../../store/health.ts";
import { Time } from "./shapes.ts";

export const Health = z.object({
  summary: z.string().describe('In words: "throttled since 14:02, 31 waiting, oldest 4 min"'),
  lastInboundAt: Time.nullable(),
  lastReceiptAt: Time.nullable().describe("When the provider last told how a text ended"),
  lastAcceptedAt: Time.nullable().describe("When the provider last took a text"),
  waiting: z.number().describe("Texts that have not left yet"),
  oldestAt: Time.nullable(),
  paused: z
    .object({
      since: Time,
      until: Time.nullable().describe("Null: until somebody acts"),
      cause: z.enum(BLOCKER_CAUSES).nullable(),
      reason: z.string(),
    })
    .nullable(),
  refusedRequests: z
    .number()
    .describe("Requests to its address that were not believed, as far as samples are kept"),
});
export type Health = z.infer<typeof Health>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A pause that ends later than this waits for a person. */
const UNTIL_SOMEBODY_ACTS = 365 * DAY;

export function healthOf(row: ChannelHealthRow | undefined, now: Date, timeZone: string): Health {
  const paused = row?.pausedUntil ? pauseOf(row, row.pausedUntil, now) : null;
  return {
    summary: row ? words(row, paused, now, timeZone) : "no traffic yet",
    lastInboundAt: row?.lastInboundAt?.toISOString() ?? null,
    lastReceiptAt: row?.lastReceiptAt?.toISOString() ?? null,
    lastAcceptedAt: row?.lastAcceptedAt?.toISOString() ?? null,
    waiting: row?.waiting ?? 0,
    oldestAt: row?.oldestAt?.toISOString() ?? null,
    paused,
    refusedRequests: row?.refusedRequests ?? 0,
  };
}

function pauseOf(row: ChannelHealthRow, until: Date, now: Date): NonNullable<Health["paused"]> {
  const waitsForPerson = until.getTime() - now.getTime() > UNTIL_SOMEBODY_ACTS;
  return {
    since: (row.pausedSince ?? now).toISOString(),
    until: waitsForPerson ? null : until.toISOString(),
    cause: row.pauseCause,
    reason: row.pauseReason ?? "paused",
  };
}

function words(row: ChannelHealthRow, paused: Health["paused"], now: Date, timeZone: string): string {
  const parts: string[] = [];
  // The reason begins with a word for what happened; the provider's own text follows the colon.
  if (paused)
    parts.push(`${headOf(paused.reason)} since ${clockTime(new Date(paused.since), now, timeZone)}`);
  else if (row.refusedSince) parts.push(`sender refused since ${clockTime(row.refusedSince, now, timeZone)}`);
  else if (row.waiting > 0 && row.retrying === row.waiting) parts.push("no answer");
  if (row.waiting > 0) parts.push(`${row.waiting} waiting`);
  if (row.waiting > 0 && row.oldestAt) parts.push(`oldest ${ageOf(now.getTime() - row.oldestAt.getTime())}`);
  if (parts.length > 0) return parts.join(", ");
  return row.lastInboundAt || row.lastAcceptedAt ? "working, nothing waiting" : "no traffic yet";
}

export function headOf(reason: string): string {
  const head = reason.split(":")[0]?.trim() ?? "";
  return head === "credentials" ? "credentials refused" : head || "paused";
}

/** 14:02, with the date when it was not today. */
export function clockTime(at: Date, now: Date, timeZone: string): string {
  const part = (date: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(date);
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  const time = part(at, { hour: "2-digit", minute: "2-digit" });
  return part(at, day) === part(now, day) ? time : `${part(at, day)} ${time}`;
}

export function ageOf(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  if (ms < 60 * MINUTE) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / (60 * MINUTE))} h`;
  return `${Math.floor(ms / DAY)} d`;
}
