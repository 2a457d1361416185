import type { HubEvent } from "../domain/events.ts";
import type { MessageMedia } from "../domain/media.ts";
import type { MessageKind, MessageStatus } from "../domain/message.ts";
import type { Database, Reader, Tx } from "./database.ts";
import { keptProviderId } from "./provider-id.ts";

/** A text claimed for sending. It is in `outbox_flights` until it is settled. */
export interface Flight {
  seq: number;
  claim: string;
  tenantId: string;
  lane: string;
  conversation: string;
  priority: number;
  /** Tries that counted so far. */
  attempts: number;
  message: FlightMessage;
  /** The recipient has opted out of this address: must not leave. */
  suppressed: boolean;
  /** The provider of this lane refuses what goes to the recipient. */
  blocked: boolean;
}

export interface FlightMessage {
  id: string;
  kind: MessageKind;
  from: string;
  to: string;
  text: string;
  media: MessageMedia[];
  mediaUrls: string[];
  segments: number;
  encoding: string;
  ref: string | null;
  contactId: string | null;
  commandId: string | null;
  ruleId: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  status: MessageStatus;
}

const LANES_PER_CLAIM = 32;

/**
 * Lanes with something due, the one served longest ago first. Locked until the transaction ends: the lane
 * row is the only meeting point of several workers. Tokens are refilled by database time. After a pause one text
 * goes ahead, and the others when it was taken: what happened to it would happen to all of them.
 */
const LOCK_LANES = `
  select l.id, case when l.failures > 0 then 1 else l.concurrency end as concurrency, l.rate,
    case when l.rate is null then null
      else least(l.burst, l.tokens + l.rate * extract(epoch from clock_timestamp() - l.refilled_at)) end as tokens
  from lanes l
  where (l.paused_until is null or l.paused_until <= now())
    and exists (select 1 from outbox o where o.lane = l.id and o.due_at <= now())
    and (l.rate is null
      or l.tokens + l.rate * extract(epoch from clock_timestamp() - l.refilled_at) >= 1)
  order by l.last_served limit ${LANES_PER_CLAIM}
  for update of l skip locked`;

/**
 * Moves due texts of the locked lanes into flight. Texts to one recipient stay in order: a text waits while
 * an earlier one of its conversation flies, is due for another try or was given back.
 */
const CLAIM = `
  with slots as (
    select * from unnest($1::text[], $2::int[]) as x(lane, free)
  ), picked as (
    select o.* from slots s cross join lateral (
      select * from outbox o
      where o.lane = s.lane and o.due_at <= now()
        and not exists (select 1 from outbox_flights f
          where f.lane = o.lane and f.conversation = o.conversation)
        and (select true from outbox p where p.retrying and p.lane = o.lane
          and p.conversation = o.conversation and p.seq < o.seq limit 1) is null
      order by o.priority, o.seq limit s.free
      for update skip locked
    ) o
  ), gone as (
    delete from outbox o using picked p where o.seq = p.seq
  ), flown as (
    insert into outbox_flights (seq, tenant_id, lane, message_id, conversation, priority, expires_at, attempts,
      claim, node)
    select seq, tenant_id, lane, message_id, conversation, priority, expires_at, attempts, $3, $4 from picked
  ), served as (
    update lanes l set last_served = clock_timestamp(), refilled_at = clock_timestamp(),
      tokens = case when l.rate is null then l.tokens
        else least(l.burst, l.tokens + l.rate * extract(epoch from clock_timestamp() - l.refilled_at))
          - (select count(*) from picked p where p.lane = l.id) end
    where l.id in (select distinct lane from picked)
  )
  select p.seq, p.tenant_id as "tenantId", p.lane, p.conversation, p.priority, p.attempts, m.id, m.kind,
    m.sender, m.recipient, m.text, m.media, m.segments, m.encoding, m.ref, m.contact_id as "contactId",
    m.command_id as "commandId", m.rule_id as "ruleId", m.created_at as "createdAt",
    m.expires_at as "expiresAt", m.status,
    exists (select 1 from suppressions x where x.tenant_id = m.tenant_id and x.phone = m.recipient
      and x.address in ('*', m.sender)) as suppressed,
    coalesce((select b.lifted_at is null from provider_blocks b where b.tenant_id = m.tenant_id
      and b.phone = m.recipient and b.channel_id = p.lane), false) as blocked
  from picked p join messages m on m.tenant_id = p.tenant_id and m.id = p.message_id
  order by p.priority, p.seq`;

interface LaneSlot {
  id: string;
  concurrency: number;
  tokens: number | null;
}

/** Claims what may leave now, at most `limit` texts, fairly over the lanes. */
export async function claimFlights(
  database: Database,
  node: string,
  claim: string,
  limit: number,
): Promise<Flight[]> {
  return database.transact(async (tx) => {
    const lanes = await tx.run<LaneSlot>("outbox-lanes", LOCK_LANES);
    if (lanes.length === 0) return [];
    // After the lock, so that flights another worker has just begun are counted.
    const flying = await tx.run<{ lane: string; count: number }>(
      "outbox-flying",
      "select lane, count(*)::int as count from outbox_flights where lane = any($1) group by lane",
      [lanes.map((lane) => lane.id)],
    );
    const busy = new Map(flying.map((row) => [row.lane, row.count]));
    const share = Math.max(1, Math.ceil(limit / lanes.length));
    const slots = lanes
      .map((lane) => ({ lane: lane.id, free: freeSlots(lane, busy.get(lane.id) ?? 0, share) }))
      .filter((slot) => slot.free > 0);
    if (slots.length === 0) return [];
    const rows = await tx.run<ClaimRow>("outbox-claim", CLAIM, [
      slots.map((slot) => slot.lane),
      slots.map((slot) => slot.free),
      claim,
      node,
    ]);
    return rows.map((row) => toFlight(row, claim));
  });
}

function freeSlots(lane: LaneSlot, busy: number, share: number): number {
  const tokens = lane.tokens === null ? share : Math.floor(lane.tokens);
  return Math.max(0, Math.min(share, lane.concurrency - busy, tokens));
}

type ClaimRow = Omit<Flight, "claim" | "message"> &
  Omit<FlightMessage, "from" | "to" | "media" | "mediaUrls"> & {
    sender: string;
    recipient: string;
    media: MessageMedia[] | null;
  };

function toFlight(row: ClaimRow, claim: string): Flight {
  const { seq, tenantId, lane, conversation, priority, attempts, suppressed, blocked, ...rest } = row;
  const { sender, recipient, media: kept, ...message } = rest;
  const media = kept ?? [];
  return {
    seq,
    claim,
    tenantId,
    lane,
    conversation,
    priority,
    attempts,
    suppressed,
    blocked,
    message: { ...message, from: sender, to: recipient, media, mediaUrls: media.map(({ url }) => url) },
  };
}

/** How a flight ended, as the store writes it. */
export interface Settlement {
  seq: number;
  claim: string;
  tenantId: string;
  lane: string;
  messageId: string;
  conversation: string;
  priority: number;
  /** Where the status climbs to; null leaves it. */
  status: MessageStatus | null;
  flag: string | null;
  providerMessageId: string | null;
  error: object | null;
  /** One line of the attempt log; null when nothing was attempted. */
  attempt: object | null;
  at: string;
  /** Set to put the text back: due again after so long by the database's clock, with so many counted tries. */
  again: { afterMs: number; attempts: number } | null;
  /** Written only where the status really climbed. */
  events: HubEvent[];
  accepted: boolean;
  /** The provider sends no receipts: ask for the state after so many ms. */
  pollAfterMs: number | null;
  /** Nobody knows whether the provider has it: look for it there after so many ms. */
  lookUpAfterMs: number | null;
  /** With `again`: another channel takes it over. */
  move: {
    lane: string;
    sender: string;
    text: string;
    segments: number;
    encoding: string;
    note: object;
  } | null;
  /** As the provider counted them. */
  providerSegments: number | null;
}

const SETTLE = `
  with input as (
    select * from json_to_recordset($1::json) as x(seq bigint, claim text, "tenantId" text, lane text,
      "messageId" text, conversation text, priority smallint, status text, flag text,
      "providerMessageId" text, error jsonb, attempt jsonb, at text, again jsonb, events jsonb,
      accepted boolean, "pollAfterMs" float8, "lookUpAfterMs" float8, move jsonb, "providerSegments" smallint)
  ), gone as (
    delete from outbox_flights f using input i where f.seq = i.seq and f.claim = i.claim
    returning f.seq, f.expires_at
  ), prior as (
    select i.*, (g.seq is not null) as held, (g.seq is not null and i.move is not null) as moves, g.expires_at,
      coalesce(status_rank(i.status) > status_rank(m.status), false) as climbs
    from input i left join gone g on g.seq = i.seq
    join messages m on m.tenant_id = i."tenantId" and m.id = i."messageId"
    for update of m
  ), settled as (
    update messages m set
      status = case when p.climbs then p.status else m.status end,
      history = case when p.climbs
        then m.history || jsonb_build_object('status', p.status, 'at', p.at) else m.history end,
      flags = case when p.accepted then array_remove(m.flags, 'uncertain')
        when p.flag is null or p.flag = any (m.flags) then m.flags else m.flags || p.flag end,
      attempts = case when p.attempt is null then m.attempts
        when p.held then m.attempts || p.attempt || coalesce(p.move->'note', '[]')
        else m.attempts || (p.attempt || '{"late":true}') end,
      channel_id = case when p.moves then p.move->>'lane' else m.channel_id end,
      sender = case when p.moves then p.move->>'sender' else m.sender end,
      text = case when p.moves then p.move->>'text' else m.text end,
      segments = case when p.moves then (p.move->>'segments')::smallint else m.segments end,
      encoding = case when p.moves then p.move->>'encoding' else m.encoding end,
      provider_segments = coalesce(p."providerSegments", m.provider_segments),
      error = case when p.accepted then null else coalesce(p.error, m.error) end,
      provider_message_id = coalesce(p."providerMessageId", m.provider_message_id)
    from prior p where m.tenant_id = p."tenantId" and m.id = p."messageId"
  ), back as (
    insert into outbox (seq, tenant_id, lane, message_id, conversation, priority, due_at, expires_at, attempts,
      retrying)
    overriding system value
    select seq, "tenantId", coalesce(move->>'lane', lane), "messageId", conversation, priority, now() + (again->>'afterMs')::float8 * interval '1 millisecond',
      expires_at, (again->>'attempts')::smallint, true
    from prior where held and again is not null
  ), asked as (
    insert into polls (tenant_id, message_id, channel_id, provider_message_id, due_at)
    select "tenantId", "messageId", lane, "providerMessageId", now() + "pollAfterMs" * interval '1 millisecond'
    from prior where accepted and "pollAfterMs" is not null and "providerMessageId" is not null
    union all
    select "tenantId", "messageId", lane, null, now() + "lookUpAfterMs" * interval '1 millisecond'
    from prior where held and "lookUpAfterMs" is not null
    on conflict do nothing
  ), told as (
    insert into events (tenant_id, id, type, at, data)
    select event->>'tenantId', event->>'id', event->>'type', (event->>'at')::timestamptz, event->'data'
    from prior cross join lateral jsonb_array_elements(events) event where climbs
  )
  update lanes l set failures = 0, last_accepted_at = now(),
    paused_since = case when l.paused_until > now() then l.paused_since end,
    pause_reason = case when l.paused_until > now() then l.pause_reason end,
    pause_cause = case when l.paused_until > now() then l.pause_cause end,
    refused_since = null, refused_reason = null
  where l.id in (select lane from input where accepted)
    and (l.last_accepted_at is null or l.last_accepted_at < now() - interval '1 second' or l.failures > 0
      or l.refused_since is not null)`;

/**
 * Settles flights, many in one statement. Compare-and-set on the claim: a settle that comes after somebody
 * else took the flight over only adds its attempt to the log, marked late, and may still raise the status.
 */
export async function settleFlights(reader: Reader, settlements: Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map((one) => ({
    ...one,
    providerMessageId: keptProviderId(one.providerMessageId),
  }));
  await reader.run("outbox-settle", SETTLE, [JSON.stringify(rows)]);
}

/** A flight whose process died: nobody knows whether the provider took it. */
export interface LostFlight {
  seq: number;
  claim: string;
  tenantId: string;
  lane: string;
  conversation: string;
  priority: number;
  attempts: number;
  messageId: string;
  node: string;
  claimedAt: Date;
}

/** Flights of processes that are gone, told by the lock each living one holds (see `nodes.ts`). */
export function lostFlights(tx: Tx, self: string): Promise<LostFlight[]> {
  return tx.run(
    "outbox-lost",
    `with dead as (
       select node from (select distinct node from outbox_flights where node <> $1) n
       where pg_try_advisory_xact_lock(hashtextextended(node, 0))
     )
     select f.seq, f.claim, f.tenant_id as "tenantId", f.lane, f.conversation, f.priority, f.attempts,
       f.message_id as "messageId", f.node, f.claimed_at as "claimedAt"
     from outbox_flights f join dead using (node) for update of f skip locked`,
    [self],
  );
}

/**
 * Gives back what was claimed and never begun, without counting a try. `seqs` null: all of the claim.
 * `afterMs`: when they may be claimed again. Until then nothing that came later to the same person leaves: it
 * may be due sooner, and even when `afterMs` is 0 for a claim whose transaction began before this one.
 */
export async function releaseFlights(
  reader: Reader,
  seqs: number[] | null,
  claim: string,
  afterMs = 0,
): Promise<void> {
  await reader.run(
    "outbox-release",
    `with gone as (
       delete from outbox_flights where ($1::bigint[] is null or seq = any($1)) and claim = $2
       returning seq, tenant_id, lane, message_id, conversation, priority, expires_at, attempts
     )
     insert into outbox (seq, tenant_id, lane, message_id, conversation, priority, due_at, expires_at, attempts,
       retrying)
     overriding system value
     select seq, tenant_id, lane, message_id, conversation, priority,
       now() + $3 * interval '1 millisecond', expires_at, attempts, true
     from gone`,
    [seqs, claim, afterMs],
  );
}

/** Milliseconds until a text is due in a lane that is open and has a token; null = nothing waits. */
export async function nextDue(reader: Reader): Promise<number | null> {
  const rows = await reader.run<{ wait: number | null }>(
    "outbox-next-due",
    `select (extract(epoch from min(greatest(due, l.paused_until, now(),
       l.refilled_at + greatest(0, 1 - l.tokens) / l.rate * interval '1 second')) - now()) * 1000)::float8 as wait
     from lanes l cross join lateral (
       select min(due_at) as due from (select due_at from outbox o where o.lane = l.id
         order by o.priority, o.seq limit 200) first
     ) o where due is not null`,
  );
  return rows[0]?.wait ?? null;
}

export interface LaneDepth {
  lane: string;
  waiting: number;
  oldestAt: Date | null;
}

/** How much waits in each lane, counted up to 10,000 a lane. */
export function outboxDepth(reader: Reader): Promise<LaneDepth[]> {
  return reader.run(
    "outbox-depth",
    `select l.id as lane, ${WAITING_IN("l.id")} as waiting, ${OLDEST_IN("l.id")} as "oldestAt" from lanes l`,
  );
}

/** Texts of a lane, counted up to 10,000. */
const WAITING_IN = (lane: string) =>
  `(select count(*)::int from (select 1 from outbox where lane = ${lane} limit 10000) w)`;

/** When the oldest text of a lane came about: the first of one of the priorities. */
export const OLDEST_IN = (lane: string) => `(select min(m.created_at) from generate_series(0, 3) p
  cross join lateral (
    select tenant_id, message_id from outbox where lane = ${lane} and priority = p order by seq limit 1) o
  join messages m on m.tenant_id = o.tenant_id and m.id = o.message_id)`;
