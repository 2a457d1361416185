import type { LaneState } from "../domain/hook-lane.ts";
import type { Reader, Tx } from "./database.ts";

/** A lane with whose it is. */
export interface LaneRow extends LaneState {
  endpointId: string;
  tenantId: string;
  /** False: the endpoint is disabled. */
  isOpen: boolean;
}

export const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** What a lane's rate allows now: what has come together since the last look, however the clock was set. `l` is the lane. */
export const TOKENS = `case when l.rate is null then null
  else least(l.burst, l.tokens + l.rate * abs(extract(epoch from clock_timestamp() - l.refilled_at))) end`;

export const LANE_COLUMNS = `l.endpoint_id as "endpointId", l.tenant_id as "tenantId", l.is_open as "isOpen", l.concurrency,
  l.half_open as "halfOpen", ${MS("l.paused_until")} as "pausedUntil", ${MS("l.paused_since")} as "pausedSince",
  l.pause_reason as "pauseReason", l.failures, l.failed_delivery as "failedDelivery",
  l.failed_several as "failedSeveral", l.breaker_level as "breakerLevel", l.throttles, l.ramp,
  ${MS("l.failing_since")} as "failingSince", l.failing_ms as "failingMs", l.failed_attempts as "failedAttempts",
  l.failed_days as "failedDays", ${MS("l.last_failed_at")} as "lastFailedAt", l.noticed,
  ${MS("l.last_success_at")} as "lastSuccessAt", l.last_error as "lastError", l.typical_ms as "typicalMs"`;

/** The lanes as they are, locked until the transaction ends, always in the same order. */
export async function lockLanes(tx: Tx, endpointIds: string[]): Promise<LaneRow[]> {
  return tx.run(
    "hooks-lock-lanes",
    `select ${LANE_COLUMNS} from hook_lanes l where l.endpoint_id = any ($1) order by l.endpoint_id for update`,
    [endpointIds],
  );
}

export async function saveLanes(tx: Tx, lanes: LaneRow[]): Promise<void> {
  if (lanes.length === 0) return;
  const at = (column: string) => `to_timestamp(x."${column}" / 1000)`;
  await tx.run(
    "hooks-save-lanes",
    `update hook_lanes l set half_open = x."halfOpen", paused_until = ${at("pausedUntil")},
       paused_since = ${at("pausedSince")}, pause_reason = x."pauseReason", failures = x.failures,
       failed_delivery = x."failedDelivery", failed_several = x."failedSeveral",
       breaker_level = x."breakerLevel", throttles = x.throttles, ramp = x.ramp,
       failing_since = ${at("failingSince")}, failing_ms = x."failingMs", failed_attempts = x."failedAttempts",
       failed_days = x."failedDays", last_failed_at = ${at("lastFailedAt")}, noticed = x.noticed,
       last_success_at = ${at("lastSuccessAt")}, last_error = x."lastError", typical_ms = x."typicalMs"
     from json_to_recordset($1::json) as x ("endpointId" text, "halfOpen" boolean, "pausedUntil" float8,
       "pausedSince" float8, "pauseReason" text, failures int, "failedDelivery" text, "failedSeveral" boolean,
       "breakerLevel" smallint, throttles smallint, ramp smallint, "failingSince" float8,
       "failingMs" float8, "failedAttempts" int, "failedDays" smallint, "lastFailedAt" float8, noticed smallint,
       "lastSuccessAt" float8, "lastError" jsonb, "typicalMs" real)
     where l.endpoint_id = x."endpointId"`,
    [JSON.stringify(lanes)],
  );
}

/**
 * Disables an endpoint: what waits for it is held until somebody enables it again. Of a long backlog only the first,
 * since others wait for this commit; nobody claims the rest meanwhile, and it is held a page at a time.
 */
export async function disableEndpoint(tx: Tx, endpointId: string, reason: string): Promise<boolean> {
  const rows = await tx.run<{ id: string }>(
    "hooks-disable",
    `with gone as (
       update endpoints set enabled = false, disabled_reason = $2, updated_at = now()
       where id = $1 and enabled returning id
     ), shut as (
       update hook_lanes set is_open = false where endpoint_id = $1
     ), kept as (
       update hook_queue set state = 'held' where id = any (array(
         select id from hook_queue where endpoint_id = $1 and state = 'waiting' limit 1000)) and state = 'waiting'
     )
     select id from gone`,
    [endpointId, reason],
  );
  return rows.length > 0;
}

/** Notes that lanes that are well still are; one that a claim holds is noted another time. */
export async function noteSuccesses(tx: Tx, lanes: { endpointId: string; ms: number }[]): Promise<void> {
  if (lanes.length === 0) return;
  await tx.run(
    "hooks-note-successes",
    `with free as (
       select endpoint_id from hook_lanes where endpoint_id = any ($1) and failures = 0 for update skip locked
     )
     update hook_lanes l set last_success_at = now(),
       typical_ms = case when l.typical_ms = 0 then x.ms when x.ms > l.typical_ms then (l.typical_ms + x.ms) / 2
         else l.typical_ms * 0.9 + x.ms * 0.1 end
     from unnest($1::text[], $2::float8[]) as x (id, ms), free f
     where l.endpoint_id = x.id and f.endpoint_id = x.id`,
    [lanes.map((lane) => lane.endpointId), lanes.map((lane) => lane.ms)],
  );
}

/** What is told of an endpoint that fails. */
export async function standingOf(
  tx: Tx,
  endpointId: string,
): Promise<{ url: string; waiting: number; held: number } | null> {
  const [row] = await tx.run<{ url: string; waiting: number; held: number }>(
    "hooks-standing",
    `select p.url,
       (select count(*)::int from hook_queue q where q.endpoint_id = p.id and q.state in ('waiting', 'sending'))
         as waiting,
       (select count(*)::int from hook_queue q where q.endpoint_id = p.id and q.state = 'held') as held
     from endpoints p where p.id = $1`,
    [endpointId],
  );
  if (!row) return null;
  const url = URL.parse(row.url);
  return { ...row, url: url ? url.origin + url.pathname : "" };
}

/** Lanes that have been failing for long and that nobody was told of so far. */
export function lanesToNotice(tx: Tx, ages: readonly number[]): Promise<LaneRow[]> {
  return tx.run(
    "hooks-to-notice",
    `select ${LANE_COLUMNS} from hook_lanes l
     where l.failing_since is not null and l.is_open
       and l.noticed < (select count(*) from unnest($1::float8[]) as a (ms) where l.failing_ms >= a.ms)
     limit 100 for update skip locked`,
    [ages],
  );
}

export async function anyLane(reader: Reader): Promise<boolean> {
  const rows = await reader.run("hooks-any-lane", "select 1 from hook_lanes limit 1");
  return rows.length > 0;
}
