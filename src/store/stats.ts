import { idAt } from "../domain/ids.ts";
import type { Reader } from "./database.ts";

/** Figures of the last hours for people to look at. Every statement looks at a bounded number of rows. */

/** The newest messages that are looked at: more than this in a day, and the figures begin later. */
export const MOST_MESSAGES = 100_000;
const MOST_REPLIES = 2_000;

export interface HourRow {
  /** The beginning of the hour. */
  at: Date;
  received: number;
  sent: number;
  delivered: number;
  failed: number;
  /** The first message of the hour that was looked at. */
  firstAt: Date;
}

/** Texts by hour since a time, the oldest hour first; hours without texts are missing. */
export function trafficByHour(reader: Reader, tenantId: string, since: Date): Promise<HourRow[]> {
  return reader.run<HourRow>(
    "stats-traffic",
    `select date_trunc('hour', created_at) as at, min(created_at) as "firstAt",
       (count(*) filter (where direction = 'in'))::int as received,
       (count(*) filter (where direction = 'out'))::int as sent,
       (count(*) filter (where direction = 'out' and status in ('delivered', 'read')))::int as delivered,
       (count(*) filter (where direction = 'out' and status in ('undelivered', 'failed', 'expired')))::int as failed
     from (
       select created_at, direction, status from messages
       where tenant_id = $1 and id >= $2 order by id desc limit ${MOST_MESSAGES}
     ) m where created_at >= $3 group by 1 order by 1`,
    [tenantId, idAt("msg", since.getTime()), since],
  );
}

export interface ReplyTimes {
  count: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** From a text's arrival to the provider's acceptance of the reply, over the newest replies. */
export async function replyTimes(reader: Reader, tenantId: string, since: Date): Promise<ReplyTimes> {
  const rows = await reader.run<ReplyTimes>(
    "stats-replies",
    `select count(*)::int as count,
       round(percentile_cont(0.5) within group (order by ms))::float8 as "p50Ms",
       round(percentile_cont(0.95) within group (order by ms))::float8 as "p95Ms"
     from (
       select extract(epoch from (step.at - c.received_at)) * 1000 as ms
       from (
         select received_at, reply_message_id from commands
         where tenant_id = $1 and id >= $2 and reply_message_id is not null
         order by id desc limit ${MOST_REPLIES}
       ) c
       join messages m on m.tenant_id = $1 and m.id = c.reply_message_id
       cross join lateral (
         select min((h ->> 'at')::timestamptz) as at from jsonb_array_elements(m.history) h
         where h ->> 'status' in ('handed_over', 'sent', 'delivered')
       ) step
       where step.at is not null
     ) t`,
    [tenantId, idAt("cmd", since.getTime())],
  );
  return rows[0] ?? { count: 0, p50Ms: null, p95Ms: null };
}
