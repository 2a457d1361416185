import type { BlockerCause } from "../domain/blocker.ts";
import type { Reader, Tx } from "./database.ts";

/** Each channel has a lane: how fast its texts may leave, and whether they may at all. */

/** Lane of a channel: made when the channel is saved, brought up to date when its rate changes. */
export async function saveLane(
  tx: Tx,
  lane: { id: string; tenantId: string; concurrency: number; rate: number | null },
): Promise<void> {
  const burst = Math.max(1, Math.ceil(lane.rate ?? 1));
  await tx.run(
    "outbox-save-lane",
    `insert into lanes (id, tenant_id, concurrency, rate, burst, tokens) values ($1, $2, $3, $4, $5, $5)
     on conflict (id) do update set concurrency = $3, rate = $4, burst = $5, tokens = least(lanes.tokens, $5)`,
    [lane.id, lane.tenantId, lane.concurrency, lane.rate, burst],
  );
}

/**
 * Pauses a lane; `since` stays at the first pause of a row of them. What a person said stands above what befell a
 * text that was still on its way, and so does the pause that lasts longer.
 */
export async function pauseLane(
  reader: Reader,
  lane: string,
  pause: { milliseconds: number; cause: BlockerCause; reason: string },
): Promise<void> {
  await reader.run(
    "outbox-pause",
    `update lanes set paused_until = greatest(paused_until, clock_timestamp() + $2 * interval '1 millisecond'),
       paused_since = case when paused_until > now() - ${IN_A_ROW} then coalesce(paused_since, now()) else now() end,
       failures = failures + 1,
       pause_cause = case when ${BY_A_PERSON} or ${LASTS_LONGER} then pause_cause else $3 end,
       pause_reason = case when ${BY_A_PERSON} or ${LASTS_LONGER} then pause_reason else $4 end
     where id = $1`,
    [lane, pause.milliseconds, pause.cause, pause.reason],
  );
}

/** A text that could not be sent is tried again within this time: a later pause has nothing to do with the one before. */
const IN_A_ROW = "interval '20 minutes'";
const LASTS_LONGER = "coalesce(paused_until > clock_timestamp() + $2 * interval '1 millisecond', false)";
const BY_A_PERSON = "coalesce(pause_cause = 'paused_by_user' and paused_until > now(), false)";

/**
 * Opens a paused lane: a new credential was saved, or a person said so. Answers whether it was paused. What a
 * person has paused only a person opens: `byPerson`.
 */
export async function openLane(reader: Reader, lane: string, byPerson = false): Promise<boolean> {
  const rows = await reader.run<{ id: string }>(
    "outbox-open",
    `update lanes set paused_until = null, paused_since = null, pause_reason = null, pause_cause = null,
       failures = 0
     where id = $1 and paused_until > now() and ($2 or not ${BY_A_PERSON}) returning id`,
    [lane, byPerson],
  );
  return rows.length > 0;
}

/** The provider works, but refuses this sender: kept until it takes a text from it again. */
export async function noteRefusedSender(reader: Reader, lane: string, reason: string): Promise<void> {
  await reader.run(
    "outbox-refused-sender",
    "update lanes set refused_since = coalesce(refused_since, now()), refused_reason = $2 where id = $1",
    [lane, reason],
  );
}

/**
 * Milliseconds to wait before a call of this route may start. Reserves the place: calls of one route keep
 * their distance over all processes.
 */
export async function reserveRoute(
  reader: Reader,
  channelId: string,
  route: string,
  paceMs: number,
): Promise<number> {
  const rows = await reader.run<{ wait: number }>(
    "outbox-reserve-route",
    `insert into route_paces as r (channel_id, route, next_at)
     values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (channel_id, route) do update
       set next_at = greatest(r.next_at, clock_timestamp()) + $3 * interval '1 millisecond'
     returning greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000 - $3)::float8 as wait`,
    [channelId, route, paceMs],
  );
  return rows[0]?.wait ?? 0;
}

/** Of these lanes the ones that take nothing until a person acts: paused by hand, or their credential is refused. */
export async function unableLanes(reader: Reader, lanes: string[]): Promise<Set<string>> {
  const rows = await reader.run<{ id: string }>(
    "outbox-unable",
    `select id from lanes where id = any($1) and paused_until > now()
       and pause_cause in ('credentials', 'paused_by_user')`,
    [lanes],
  );
  return new Set(rows.map(({ id }) => id));
}
