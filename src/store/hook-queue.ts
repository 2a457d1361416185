import type { Reader, Tx } from "./database.ts";

/** The work list of webhooks apart from the claim: what is settled, given back, freed, made and counted. */

/** How one try ended, as the store writes it. */
export interface HookSettlement {
  id: string;
  claim: string;
  tenantId: string;
  /** delivered and cancelled end it; the others stay on the work list. */
  state: "delivered" | "cancelled" | "waiting" | "held" | "exhausted";
  /** Until it is due again, ms from now by the database's clock. */
  waitMs: number;
  step: number;
  body: string | null;
  /** One line of the attempt log. */
  attempt: object | null;
}

/** Tries of a delivery: more than its log holds, where that was shortened. `d` is the delivery. */
export const TRIES = `greatest(coalesce(jsonb_array_length(d.attempts), 0), coalesce((d.attempts->-1->>'number')::int, 0))`;

/**
 * The log of a delivery with room for one line more. What an endpoint puts off every second, for days, must not make a
 * row of megabytes: the first tries and the latest are kept.
 */
const LOG = "(case when jsonb_array_length(d.attempts) >= 100 then d.attempts - 20 else d.attempts end)";

const SETTLE = `
  with input as (
    select * from json_to_recordset($1::json) as x (id text, claim text, "tenantId" text, state text,
      "waitMs" float8, step smallint, body text, attempt jsonb)
  ), ended as (
    delete from hook_queue q using input i
    where q.id = i.id and q.claim = i.claim and q.state = 'sending' and i.state in ('delivered', 'cancelled')
    returning q.id
  ), kept as (
    update hook_queue q set state = i.state, step = i.step, claim = null, node = null, lease_until = null,
      manual = false, next_at = clock_timestamp() + i."waitMs" * interval '1 millisecond'
    from input i
    where q.id = i.id and q.claim = i.claim and q.state = 'sending' and i.state not in ('delivered', 'cancelled')
    returning q.id
  ), held as (select id from ended union all select id from kept)
  update deliveries d set
    state = case when h.id is not null and i.state in ('delivered', 'cancelled') then i.state else d.state end,
    ended_at = case when h.id is not null and i.state in ('delivered', 'cancelled') then clock_timestamp()
      else d.ended_at end,
    body = coalesce(d.body, i.body),
    attempts = case when i.attempt is null then d.attempts
      when h.id is not null then ${LOG} || i.attempt else ${LOG} || (i.attempt || '{"late":true}') end
  from input i left join held h on h.id = i.id
  where d.tenant_id = i."tenantId" and d.id = i.id`;

/**
 * Settles tries in one statement. Compare-and-set on the claim: one that was lost meanwhile only adds its try to
 * the log, as late.
 */
export async function settleHooks(reader: Reader, settlements: HookSettlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await reader.run("hooks-settle", SETTLE, [JSON.stringify(settlements)]);
}

/** What has to be sent again, as far as its endpoint takes anything now. */
const AGAIN = "case when p.enabled then 'waiting' else 'held' end";

/** Gives back what this process claimed and did not send: no step is used. */
export async function releaseHooks(reader: Reader, node: string, claim: string): Promise<void> {
  await reader.run(
    "hooks-release",
    `update hook_queue q set state = ${AGAIN}, claim = null, node = null, lease_until = null
     from endpoints p where p.id = q.endpoint_id and q.state = 'sending' and q.node = $1 and q.claim = $2`,
    [node, claim],
  );
}

export interface LostHook {
  id: string;
  tenantId: string;
  format: string;
}

/**
 * Frees what dead processes held, told by the lock each living one holds (see `nodes.ts`; one that stops counts
 * itself among them), and whose lease is over. Notes the try as interrupted; no step is used. Formats in `cautious` cannot repeat: those end exhausted.
 */
export async function freeLostHooks(
  reader: Reader,
  deadNodes: string[],
  cautious: string[],
): Promise<LostHook[]> {
  return reader.run(
    "hooks-lost",
    `with lost as (
       select q.id, q.tenant_id, p.format, ${AGAIN} as again
       from hook_queue q join endpoints p on p.id = q.endpoint_id
       where q.state = 'sending' and (q.lease_until <= now() or q.node = any ($1))
       for update of q skip locked
     ), freed as (
       update hook_queue q set state = case when l.format = any ($2) then 'exhausted' else l.again end,
         claim = null, node = null, lease_until = null, next_at = now()
       from lost l where q.id = l.id
     ), noted as (
       update deliveries d set attempts = ${LOG} || jsonb_build_object('number', ${TRIES} + 1, 'at', now(), 'code', 'interrupted',
         'fault', 'ours', 'decision', case when l.format = any ($2)
           then 'not sent again by itself: it may have been processed' else 'sent again with the same id' end)
       from lost l where d.tenant_id = l.tenant_id and d.id = l.id
     )
     select id, tenant_id as "tenantId", format from lost`,
    [deadNodes, cautious],
  );
}

/** Processes that hold deliveries and hold their name's lock no more. */
export async function deadHookNodes(tx: Tx, self: string): Promise<string[]> {
  const rows = await tx.run<{ node: string }>(
    "hooks-dead-nodes",
    `select node from (select distinct node from hook_queue where state = 'sending' and node <> $1) n
     where pg_try_advisory_xact_lock(hashtextextended(node, 0))`,
    [self],
  );
  return rows.map((row) => row.node);
}

/** Milliseconds until something is due in a lane that is open and none of `fullLanes`; null = nothing waits. */
export async function nextHookDue(reader: Reader, fullLanes: string[]): Promise<number | null> {
  const rows = await reader.run<{ wait: number | null }>(
    "hooks-next-due",
    `select (extract(epoch from min(greatest(due, l.paused_until, l.refilled_at
         + greatest(0, 1 - l.tokens) / l.rate * interval '1 second')) - now()) * 1000)::float8 as wait
     from hook_lanes l cross join lateral (
       select min(next_at) as due from (select next_at from hook_queue q
         where q.endpoint_id = l.endpoint_id and q.state = 'waiting' order by q.priority, q.next_at limit 20) first
     ) w where due is not null and l.is_open and not l.endpoint_id = any ($1::text[])`,
    [fullLanes],
  );
  return rows[0]?.wait ?? null;
}

/**
 * What nobody took within its life is no longer tried. `lookBackHours`: only what came to that age since; the others
 * were looked at before, and may be many that were given up. Answers how many.
 */
export async function expireHooks(
  reader: Reader,
  days: number,
  most: number,
  lookBackHours = 24 * 365,
): Promise<number> {
  const rows = await reader.run<{ id: string }>(
    "hooks-expire",
    `update hook_queue set state = 'expired' where id = any (array(
       select id from hook_queue where created_at < now() - $1 * interval '1 day'
         and created_at > now() - $1 * interval '1 day' - $3 * interval '1 hour' and state = 'waiting' limit $2
       for update skip locked))
     returning id`,
    [days, most, lookBackHours],
  );
  return rows.length;
}

export interface RuleDelivery {
  tenantId: string;
  endpointId: string;
  eventId: string;
  eventType: string;
  messageId: string | null;
}

/** Deliveries that a decision asked for by name, in the transaction that writes their event. */
export async function insertDeliveries(tx: Tx, rows: RuleDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(
    "hooks-insert",
    `with wanted as (
       select x.*, delivery_id(x."eventId", x."endpointId", 'live') as id
       from json_to_recordset($1::json) as x ("tenantId" text, "endpointId" text, "eventId" text,
         "eventType" text, "messageId" text)
       join endpoints p on p.id = x."endpointId" and p.deleted_at is null
     ), made as (
       insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id)
       select "tenantId", id, "endpointId", "eventId", "eventType", "messageId" from wanted
       on conflict do nothing returning tenant_id, id, endpoint_id
     )
     insert into hook_queue (id, tenant_id, endpoint_id, state)
     select m.id, m.tenant_id, m.endpoint_id, case when p.enabled then 'waiting' else 'held' end
     from made m cross join lateral (select * from endpoints where id = m.endpoint_id limit 1) p`,
    [JSON.stringify(rows)],
  );
}

export interface HookDepth {
  state: string;
  count: number;
  oldestDueSeconds: number | null;
}

/** How much waits, by state, counted up to 100,000. */
export function hookDepth(reader: Reader): Promise<HookDepth[]> {
  return reader.run(
    "hooks-depth",
    `select state, count(*)::int as count,
       extract(epoch from now() - min(next_at) filter (where state = 'waiting' and next_at <= now()))::float8
         as "oldestDueSeconds"
     from (select state, next_at from hook_queue limit 100000) q group by state`,
  );
}
