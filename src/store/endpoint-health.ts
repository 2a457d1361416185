import type { Reader } from "./database.ts";
import type { LaneRow } from "./hook-lanes.ts";
import { LANE_COLUMNS, MS } from "./hook-lanes.ts";

/** How an endpoint is doing, and how much waits for it, counted up to 10,000. */
export interface EndpointHealthRow extends LaneRow {
  waiting: number;
  sending: number;
  held: number;
  exhausted: number;
  expired: number;
  /** Since when the oldest of those that wait has been waiting, and when the first of them is due: ms since 1970. */
  oldestAt: number | null;
  nextAt: number | null;
  /** In order: a delivery that was given up blocks others behind it. */
  blocked: boolean;
  /** The database's clock. */
  now: number;
}

const MOST = 10_000;

/** One state at a time: each has an index of its own. */
const COUNTED = (endpoint: string, state: string) =>
  `(select count(*)::int from (select 1 from hook_queue q where q.endpoint_id = ${endpoint}
    and q.state = '${state}' limit ${MOST}) c)`;

export async function endpointHealth(
  reader: Reader,
  tenantId: string,
  endpointId: string,
): Promise<EndpointHealthRow | null> {
  const counted = (state: string) => `${COUNTED("l.endpoint_id", state)} as ${state}`;
  const rows = await reader.run<EndpointHealthRow>(
    "endpoint-health",
    `select ${LANE_COLUMNS}, ${["sending", "held", "exhausted", "expired"].map(counted).join(", ")},
       coalesce(w.waiting, 0) as waiting, ${MS("w.oldest")} as "oldestAt", ${MS("w.next")} as "nextAt",
       (p.ordering <> 'none' and p.on_exhausted = 'hold' and exists (select 1 from hook_queue b
         where b.endpoint_id = l.endpoint_id and b.order_key is not null
           and b.state in ('exhausted', 'expired'))) as blocked, ${MS("now()")} as now
     from hook_lanes l join endpoints p on p.id = l.endpoint_id
     left join lateral (
       select count(*)::int as waiting, min(created_at) as oldest, min(next_at) as next
       from (select q.created_at, q.next_at from hook_queue q where q.endpoint_id = l.endpoint_id
         and q.state = 'waiting' limit ${MOST}) c
     ) w on true
     where l.tenant_id = $1 and l.endpoint_id = $2`,
    [tenantId, endpointId],
  );
  return rows[0] ?? null;
}

/** An endpoint that takes nothing right now, and not because a person said so. */
export interface StuckEndpoint {
  id: string;
  url: string;
  isDisabled: boolean;
  pauseReason: string | null;
  since: Date | null;
  nextTryAt: Date | null;
  waiting: number;
  error: string | null;
}

const MOST_STUCK = 20;

export function stuckEndpoints(reader: Reader, tenantId: string): Promise<StuckEndpoint[]> {
  return reader.run(
    "endpoint-health-stuck",
    `select p.id, p.url, not p.enabled as "isDisabled", l.pause_reason as "pauseReason",
       coalesce(l.paused_since, l.failing_since) as since, case when p.enabled then l.paused_until end as "nextTryAt",
       ${COUNTED("l.endpoint_id", "waiting")} + ${COUNTED("l.endpoint_id", "held")} as waiting, l.last_error->>'text' as error
     from hook_lanes l join endpoints p on p.id = l.endpoint_id
     where l.tenant_id = $1 and p.deleted_at is null
       and (case when p.enabled then l.paused_until > now() else p.disabled_reason <> 'by_user' end)
     order by since limit ${MOST_STUCK}`,
    [tenantId],
  );
}
