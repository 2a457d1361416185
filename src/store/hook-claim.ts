import type { Database, Tx } from "./database.ts";
import type { LaneRow } from "./hook-lanes.ts";
import { LANE_COLUMNS, MS } from "./hook-lanes.ts";

/*
 * What has to reach endpoints, lane by lane. A claim is one short transaction: it locks lanes, the one served
 * longest ago first, and takes a few deliveries of each, so that a backlog of a million weighs as much as a
 * backlog of one. Everything is timed by the database's clock.
 */

/** A delivery claimed for one try. */
export interface HookFlight {
  id: string;
  claim: string;
  tenantId: string;
  tenantName: string;
  endpointId: string;
  source: string;
  url: string;
  format: string;
  formatOptions: Record<string, unknown>;
  timeoutMs: number;
  schedule: number[] | null;
  signing: "v1" | "v1a" | "both";
  /** Sealed. */
  headers: string | null;
  /** Sealed, newest first; only those that sign now. */
  secrets: { id: string; kind: "symmetric" | "ed25519"; sealed: string }[];
  messageId: string | null;
  origin: string;
  /** Kept from the first try, where the format is not the event itself. */
  body: string | null;
  sequence: number | null;
  /** Tries that counted so far, and all there were. */
  step: number;
  tries: number;
  manual: boolean;
  probe: boolean;
  createdAt: number;
  /** Null: it is no longer kept. */
  event: { id: string; type: string; timestamp: string; data: string } | null;
  contact: {
    id: string;
    createdAt: string;
    updatedAt: string;
    bounces: number;
    unsubscribedAt: string | null;
  } | null;
  /** The database's clock at the claim, ms since 1970. */
  claimedAt: number;
  /** The lane as it was at the claim. */
  lane: LaneRow;
}

const LANES_PER_CLAIM = 64;
const PER_LANE = 4;

/** By the same measure as the lanes' rate: what has come together since the last look. */
const TOKENS = `case when l.rate is null then null
  else least(l.burst, l.tokens + l.rate * extract(epoch from clock_timestamp() - l.refilled_at)) end`;

/**
 * Lanes with something due, the one visited longest ago first. $1: lanes full with what this process is doing.
 * $2, $3: whether failing and slow ones may have another socket.
 */
const LOCK_LANES = `
  with visited as (
    select l.endpoint_id from hook_lanes l
    where not l.endpoint_id = any ($1::text[])
      and ($2 or l.failures < 2) and ($3 or (l.failures < 2 and l.typical_ms <= $4))
      and (case when l.is_open and (l.paused_until is null or l.paused_until <= now())
          and (l.rate is null or ${TOKENS} >= 1)
        then exists (select 1 from hook_queue q
          where q.endpoint_id = l.endpoint_id and q.state = 'waiting' and q.next_at <= now())
        else exists (select 1 from hook_queue q
          where q.endpoint_id = l.endpoint_id and q.state = 'waiting' and q.next_at <= now() and q.manual) end)
    order by l.last_served limit ${LANES_PER_CLAIM}
    for update of l skip locked
  )
  update hook_lanes l set last_served = clock_timestamp()
  from visited v where l.endpoint_id = v.endpoint_id
  returning ${LANE_COLUMNS}, ${TOKENS} as tokens,
    not l.is_open or coalesce(l.paused_until > now(), false) as "manualOnly"`;

type LockedLane = LaneRow & { tokens: number | null; manualOnly: boolean };

/**
 * Takes what is due in the slots. One row after the other is looked up by its whole key: a plan made while the
 * tables were small must not read all of a tenant's deliveries later.
 */
const PICK = `
  with slots as (
    select * from unnest($1::text[], $2::int[], $3::boolean[], $4::boolean[])
      as x (lane, free, manual_only, probe)
  ), picked as (
    select q.id, s.probe, p.timeout_ms from slots s join endpoints p on p.id = s.lane cross join lateral (
      select * from hook_queue q
      where q.endpoint_id = s.lane and q.state = 'waiting' and q.next_at <= now()
        and (not s.manual_only or q.manual)
        and (q.order_key is null or not exists (
          select 1 from hook_queue b where b.endpoint_id = s.lane and b.order_key = q.order_key and b.id < q.id
            and (b.state in ('waiting', 'sending', 'held')
              or (b.state in ('exhausted', 'expired') and p.on_exhausted = 'hold'))))
      order by q.priority, q.next_at limit s.free
      for update skip locked
    ) q
  ), claimed as (
    update hook_queue q set state = 'sending', claim = $5, node = $6, tried_at = now(),
      lease_until = now() + (x.timeout_ms + 30000) * interval '1 millisecond'
    from picked x where q.id = x.id
    returning q.id, q.tenant_id, q.endpoint_id, q.step, q.manual, x.probe, q.order_key
  ), spent as (
    update hook_lanes l set refilled_at = clock_timestamp(),
      tokens = ${TOKENS} - (select count(*) from claimed c where c.endpoint_id = l.endpoint_id)
    where l.rate is not null and l.endpoint_id in (select endpoint_id from claimed)
  )
  select c.id, c.tenant_id as "tenantId", t.name as "tenantName", c.endpoint_id as "endpointId", p.source,
    coalesce(d.url, p.url) as url, p.format, p.format_options as "formatOptions", p.timeout_ms as "timeoutMs",
    p.schedule, p.signing, p.headers, d.message_id as "messageId", d.origin, d.body, d.sequence, c.step,
    coalesce(jsonb_array_length(d.attempts), 0) as tries, c.manual, c.probe, c.order_key is not null as ordered,
    ${MS("d.created_at")} as "createdAt", e.id as "eventId", e.type as "eventType", e.at as "eventAt",
    e.data::text as "eventData",
    coalesce((select json_agg(json_build_object('id', s.id, 'kind', s.kind, 'sealed', s.sealed)
        order by s.expires_at nulls first, s.created_at desc)
      from endpoint_secrets s where s.endpoint_id = p.id and (s.expires_at is null or s.expires_at > now())),
      '[]') as secrets,
    case when p.format = 'mobiniti' then (
      select json_build_object('id', k.id, 'createdAt', k.created_at, 'updatedAt', k.updated_at,
        'bounces', k.bounces, 'unsubscribedAt', (select max(u.since) from suppressions u
          where u.tenant_id = k.tenant_id and u.phone = k.phone))
      from contacts k
      where k.id = coalesce(e.data->'message'->>'contactId', e.data->>'contactId', e.data->'contact'->>'id'))
    end as contact,
    ${MS("clock_timestamp()")} as "claimedAt"
  from claimed c
    left join lateral (
      select * from deliveries d where d.tenant_id = c.tenant_id and d.id = c.id limit 1) d on true
    left join lateral (
      select * from events e where e.tenant_id = c.tenant_id and e.id = d.event_id limit 1) e on true
    join endpoints p on p.id = c.endpoint_id join tenants t on t.id = c.tenant_id`;

type PickRow = Omit<HookFlight, "claim" | "event" | "lane" | "contact"> & {
  ordered: boolean;
  eventId: string | null;
  eventType: string;
  eventAt: Date;
  eventData: string;
  contact: HookFlight["contact"];
};

/** What a claim may take, as far as this process is concerned. */
export interface ClaimLimits {
  /** Deliveries at most. */
  most: number;
  /** Lanes that have all they may have under way. */
  fullLanes: string[];
  /** Sockets left for lanes that fail, and for those and slow ones together. */
  mostFailing: number;
  mostWeak: number;
}

/** Answers slower than this, typically, make a lane slow, ms. */
export const SLOW_MS = 2_000;

/**
 * Claims what is due. `overlapOf` says how many attempts a lane may have under way; those counted are rows, of
 * all processes.
 */
export async function claimHooks(
  database: Database,
  node: string,
  claim: string,
  limits: ClaimLimits,
  overlapOf: (lane: LaneRow) => number,
): Promise<HookFlight[]> {
  return database.transact(async (tx) => {
    const lanes = await tx.run<LockedLane>("hooks-lanes", LOCK_LANES, [
      limits.fullLanes,
      limits.mostFailing > 0,
      limits.mostWeak > 0,
      SLOW_MS,
    ]);
    if (lanes.length === 0) return [];
    const slots = slotsOf(lanes, await busyLanes(tx, lanes), limits, overlapOf);
    if (slots.length === 0) return [];
    const rows = await tx.run<PickRow>("hooks-pick", PICK, [
      slots.map((slot) => slot.lane.endpointId),
      slots.map((slot) => slot.free),
      slots.map((slot) => slot.lane.manualOnly),
      slots.map((slot) => slot.lane.halfOpen),
      claim,
      node,
    ]);
    const byId = new Map(lanes.map((lane) => [lane.endpointId, lane]));
    const flights = rows.map((row) => toFlight(row, claim, byId.get(row.endpointId) as LaneRow));
    await numberOrdered(tx, rows, flights);
    return flights;
  });
}

async function busyLanes(tx: Tx, lanes: LockedLane[]): Promise<Map<string, number>> {
  const rows = await tx.run<{ lane: string; count: number }>(
    "hooks-busy",
    `select endpoint_id as lane, count(*)::int as count from hook_queue
     where state = 'sending' and endpoint_id = any ($1) group by endpoint_id`,
    [lanes.map((lane) => lane.endpointId)],
  );
  return new Map(rows.map((row) => [row.lane, row.count]));
}

function slotsOf(
  lanes: LockedLane[],
  busy: Map<string, number>,
  limits: ClaimLimits,
  overlapOf: (lane: LaneRow) => number,
): { lane: LockedLane; free: number }[] {
  let { most, mostFailing, mostWeak } = limits;
  const slots: { lane: LockedLane; free: number }[] = [];
  for (const lane of lanes) {
    const failing = lane.failures >= 2;
    const weak = failing || lane.typicalMs > SLOW_MS;
    const open = overlapOf(lane) - (busy.get(lane.endpointId) ?? 0);
    const free = Math.min(
      PER_LANE,
      most,
      open,
      lane.tokens === null ? PER_LANE : Math.floor(lane.tokens),
      failing ? mostFailing : PER_LANE,
      weak ? mostWeak : PER_LANE,
    );
    // What a person asks for goes past the lane's tokens, not past its overlap.
    const allowed = lane.manualOnly ? Math.min(PER_LANE, most, Math.max(open, 0)) : free;
    if (allowed <= 0) continue;
    slots.push({ lane, free: allowed });
    most -= allowed;
    if (failing) mostFailing -= allowed;
    if (weak) mostWeak -= allowed;
  }
  return slots;
}

function toFlight(row: PickRow, claim: string, lane: LaneRow): HookFlight {
  const { eventId, eventType, eventAt, eventData, ordered: _, ...flight } = row;
  return {
    ...flight,
    claim,
    lane,
    event:
      eventId === null
        ? null
        : { id: eventId, type: eventType, timestamp: eventAt.toISOString(), data: eventData },
  };
}

/** In a lane that keeps order, each delivery has a number, given when it is first sent. */
async function numberOrdered(tx: Tx, rows: PickRow[], flights: HookFlight[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    if (!row.ordered || row.sequence !== null) continue;
    const [numbered] = await tx.run<{ sequence: number }>(
      "hooks-number",
      `with next as (update hook_lanes set sequence = sequence + 1 where endpoint_id = $1 returning sequence)
       update deliveries d set sequence = n.sequence from next n where d.tenant_id = $2 and d.id = $3
       returning d.sequence`,
      [row.endpointId, row.tenantId, row.id],
    );
    (flights[index] as HookFlight).sequence = numbered?.sequence ?? null;
  }
}
