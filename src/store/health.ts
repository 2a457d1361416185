import type { BlockerCause } from "../domain/blocker.ts";
import { idAt } from "../domain/ids.ts";
import type { Reader } from "./database.ts";
import { OLDEST_IN } from "./outbox.ts";

/** What the health of the program and its channels is told from. Every statement here looks at a bounded number of rows. */

export interface Activity {
  channelId: string;
  /** Null: nothing of the kind since the last note. */
  inboundAt: Date | null;
  receiptAt: Date | null;
}

/** Notes when something came in last; never goes back in time. */
export async function noteActivity(reader: Reader, activity: Activity[]): Promise<void> {
  if (activity.length === 0) return;
  await reader.run(
    "health-note-activity",
    `insert into channel_activity as a (channel_id, last_inbound_at, last_receipt_at)
     select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
     on conflict (channel_id) do update
       set last_inbound_at = greatest(a.last_inbound_at, excluded.last_inbound_at),
         last_receipt_at = greatest(a.last_receipt_at, excluded.last_receipt_at)`,
    [
      activity.map((row) => row.channelId),
      activity.map((row) => row.inboundAt?.toISOString() ?? null),
      activity.map((row) => row.receiptAt?.toISOString() ?? null),
    ],
  );
}

export interface ChannelHealthRow {
  channelId: string;
  lastInboundAt: Date | null;
  lastReceiptAt: Date | null;
  lastAcceptedAt: Date | null;
  waiting: number;
  oldestAt: Date | null;
  /** Since when the first of them could have left, or when it may. */
  dueAt: Date | null;
  /** Texts that failed and are tried again. */
  retrying: number;
  pausedUntil: Date | null;
  pausedSince: Date | null;
  pauseReason: string | null;
  pauseCause: BlockerCause | null;
  /** The provider takes texts, but not from this sender. */
  refusedSince: Date | null;
  refusedReason: string | null;
  /** Texts a second; null = no limit. */
  rate: number | null;
  lastServedAt: Date | null;
  refusedRequests: number;
  refusedLately: number;
}

/** Requests refused within this time are called lately. */
const LATELY = "interval '5 minutes'";

export function channelHealth(reader: Reader, channelIds: string[]): Promise<ChannelHealthRow[]> {
  return reader.run(
    "channels-health",
    `select c.id as "channelId", a.last_inbound_at as "lastInboundAt", a.last_receipt_at as "lastReceiptAt",
       l.last_accepted_at as "lastAcceptedAt", coalesce(w.waiting, 0) as waiting,
       ${OLDEST_IN("c.id")} as "oldestAt", w.due as "dueAt", coalesce(w.retrying, 0) as retrying,
       case when l.paused_until > now() then l.paused_until end as "pausedUntil",
       case when l.paused_until > now() then l.paused_since end as "pausedSince",
       case when l.paused_until > now() then l.pause_reason end as "pauseReason",
       case when l.paused_until > now() then l.pause_cause end as "pauseCause",
       l.refused_since as "refusedSince", l.refused_reason as "refusedReason", l.rate,
       l.last_served as "lastServedAt", coalesce(d.count, 0) as "refusedRequests",
       coalesce(d.lately, 0) as "refusedLately"
     from unnest($1::text[]) as c(id)
     left join lanes l on l.id = c.id
     left join channel_activity a on a.channel_id = c.id
     left join lateral (
       select count(*)::int as waiting, min(o.due_at) as due,
         (count(*) filter (where o.attempts > 0))::int as retrying
       from (select due_at, attempts from outbox o where o.lane = c.id limit 10000) o
     ) w on true
     left join lateral (
       select count(*)::int as count, (count(*) filter (where d.at > now() - ${LATELY}))::int as lately
       from door_refusals d where d.channel_id = c.id
     ) d on true`,
    [channelIds],
  );
}

export interface Unreported {
  channelId: string;
  count: number;
  oldestAt: Date;
}

/** Rows of one look at the newest texts. */
const MOST_LOOKED_AT = 20_000;
const DAY_MS = 86_400_000;

/**
 * Texts of the last day that left before `before`, and since which no receipt has come at all, by channel. A single
 * text without a receipt says nothing: only that a channel has fallen silent.
 */
export function unreportedTexts(reader: Reader, tenantId: string, before: Date): Promise<Unreported[]> {
  return reader.run(
    "health-unreported",
    `select m.channel_id as "channelId", count(*)::int as count, min(m.created_at) as "oldestAt"
     from (
       select channel_id, direction, status, created_at from messages
       where tenant_id = $1 and id >= $2 and id < $3 order by id desc limit ${MOST_LOOKED_AT}
     ) m left join channel_activity a on a.channel_id = m.channel_id
     where m.direction = 'out' and m.status in ('handed_over', 'sent')
       and m.created_at > coalesce(a.last_receipt_at, 'epoch')
     group by m.channel_id`,
    [tenantId, idAt("msg", before.getTime() - DAY_MS), idAt("msg", before.getTime())],
  );
}

export interface OpenGuards {
  /** The address whose budget is used up, or that is guarded. */
  address: string;
  isBudget: boolean;
  count: number;
  since: Date;
  endsAt: Date;
}

/** Guards and budgets that hold something back at this moment, by address. */
export function openGuards(reader: Reader, tenantId: string, now: Date): Promise<OpenGuards[]> {
  return reader.run(
    "health-guards",
    `select address, rule = 'L9' as "isBudget", count(*)::int as count, min(at) as since, max(ends_at) as "endsAt"
     from (
       select address, rule, at, ends_at from guard_trips
       where tenant_id = $1 and id >= $2 and ends_at > $3 and released_at is null
       order by id desc limit 10000
     ) t group by address, rule = 'L9'`,
    [tenantId, idAt("gtr", now.getTime() - 2 * DAY_MS), now],
  );
}
