import { MS, TOKENS } from "./hook-lanes.ts";
import { TRIES } from "./hook-queue.ts";

/*
 * What a claim takes of each lane. One row after the other is looked up by its whole key: a plan made while the
 * tables were small must not read all of a tenant's deliveries later. And no claim looks at more than a few hundred
 * rows of a lane, whatever waits there: everybody else waits for it meanwhile.
 */

/** Deliveries of a lane that one claim looks at, in search of those that may leave. */
const WINDOW = 500;

/** Whether a row keeps those behind it from leaving. `isHeld`: given up, it still does. */
function blocks(row: string, isHeld: string): string {
  return `(${row}.state in ('waiting', 'sending', 'held')
    or (${row}.state in ('exhausted', 'expired') and ${isHeld}))`;
}

/** The delivery whose turn it is in a lane where all keep one order. */
export function headOf(lane: string, isHeld: string): string {
  return `(select b.id from hook_queue b where b.endpoint_id = ${lane} and b.order_key = '' and ${blocks("b", isHeld)}
    order by b.id limit 1)`;
}

/**
 * Said of a row found by its id, in other words than the index over all that waits has: a plan made while that was
 * empty must not read it as a whole for each row.
 */
export function waits(row: string): string {
  return `${row}.state in ('waiting', '')`;
}

const IS_HELD = "p.on_exhausted = 'hold'";

/** Whether a delivery of the same key comes before this one. */
const IS_BEHIND = `exists (select 1 from hook_queue b
  where b.endpoint_id = s.lane and b.order_key = q.order_key and b.id < q.id and ${blocks("b", IS_HELD)})`;

/** Asked for by hand, it has the priority of that: the index finds it past any backlog. */
function windowOf(first: number, last: number, most = String(WINDOW)): string {
  return `(select q.id, q.priority, q.next_at from hook_queue q
    where q.endpoint_id = s.lane and q.state = 'waiting' and q.next_at <= now()
      and q.priority between case when s.manual_only then 1 else ${first} end and
        case when s.manual_only then 1 else ${last} end
      and (not s.manual_only or q.manual)
    order by q.priority, q.next_at limit ${most})`;
}

/** Whether a row may leave as far as others of its lane go: in any order, or by keys. */
const MAY_LEAVE = `${waits("q")} and (q.order_key is null or (p.ordering <> 'endpoint' and not ${IS_BEHIND}))`;

/** A lane that shall tell whether anybody is there again. */
const IS_PROBED = "(s.probe and not s.manual_only)";

/** What lanes that are open give, by priority. */
function picked(first: number, last: number, most: string): string {
  return `select q.id, s.lane, s.probe, p.timeout_ms from slots s join endpoints p on p.id = s.lane cross join lateral (
    select q.id from ${windowOf(first, last)} w join hook_queue q on q.id = w.id
    where ${MAY_LEAVE}
    order by w.priority, w.next_at limit ${most}
    for update of q skip locked
  ) q where not ${IS_PROBED}`;
}

/** Where no order hides anything, the first few are enough. */
const FEW = `case when p.ordering = 'none' then 8 else ${WINDOW} end`;

/**
 * What has been due for longest, of whatever priority: it was put back after its last try, so each probe is another
 * delivery. One body that nobody takes must not keep a lane shut. What a person asks for goes first.
 */
const PROBES = `select q.id, s.lane, s.probe, p.timeout_ms from slots s join endpoints p on p.id = s.lane cross join lateral (
    select q.id from (
      select * from ${windowOf(0, 0, FEW)} w0 union all select * from ${windowOf(1, 1, FEW)} w1
      union all select * from ${windowOf(2, 2, FEW)} w2
    ) w join hook_queue q on q.id = w.id
    where ${MAY_LEAVE}
    order by q.manual desc, w.next_at limit 1
    for update of q skip locked
  ) q where ${IS_PROBED}`;

/**
 * Takes what is due in the slots. $1 to $5: the lanes, how much of each, how much of that may be sent again or was
 * held, whether only what a person asked for, and whether it is a probe. $6: the claim, $7: the process.
 */
export const PICK = `
  with slots as (
    select * from unnest($1::text[], $2::int[], $3::int[], $4::boolean[], $5::boolean[])
      as x (lane, free, again, manual_only, probe)
  ), live as (
    ${picked(0, 1, "s.free")}
  ), again as (
    ${picked(2, 2, "case when s.manual_only then 0 else least(s.again, s.free - (select count(*) from live v where v.lane = s.lane)) end")}
  ), probes as (
    ${PROBES}
  ), heads as (
    select q.id, s.lane, s.probe, p.timeout_ms from slots s
      join endpoints p on p.id = s.lane and p.ordering = 'endpoint' cross join lateral (
        select q.id from hook_queue q
        where q.id = ${headOf("s.lane", IS_HELD)} and ${waits("q")} and q.next_at <= now()
          and (not s.manual_only or q.manual)
        limit 1 for update skip locked
      ) q
    where not exists (select 1 from probes v where v.lane = s.lane)
  ), picked as (
    select * from live union all select * from again union all select * from probes union all select * from heads
  ), claimed as (
    update hook_queue q set state = 'sending', claim = $6, node = $7, tried_at = now(),
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
    ${TRIES} as tries, c.manual, c.probe, c.order_key is not null as ordered,
    ${MS("d.created_at")} as "createdAt", e.id as "eventId", e.type as "eventType", e.at as "eventAt",
    e.data::text as "eventData",
    coalesce((select json_agg(json_build_object('id', s.id, 'kind', s.kind, 'sealed', s.sealed)
        order by s.expires_at is not null, s.created_at desc, s.id desc)
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

/**
 * Where a whole window of a lane ordered by keys may not leave, it steps back for a moment: what comes after it may.
 * $1: the lanes.
 */
export const STEP_BACK = `
  update hook_queue q set next_at = now() + interval '5 seconds'
  from unnest($1::text[]) as x (lane) cross join lateral (
    select w.id from endpoints p cross join (select x.lane, false as manual_only) s
      cross join lateral ${windowOf(0, 2)} w cross join lateral (select * from hook_queue where id = w.id offset 0) q
    where p.id = x.lane and q.order_key is not null and ${IS_BEHIND} offset 0
  ) b
  where q.id = b.id and ${waits("q")}
    and (select count(*) from (select x.lane, false as manual_only) s cross join lateral ${windowOf(0, 2)} w) = ${WINDOW}`;
