import { createHash } from "node:crypto";
import type { Arrival } from "../domain/arrival.ts";
import type { Reader, Tx } from "./database.ts";

const BUCKETS = 64;
/** Buckets one claim may lock, so that several workers share a backlog. */
const BUCKETS_PER_CLAIM = 32;

/** An arrival as the door hands it over. */
export interface NewArrival {
  tenantId: string;
  channelId: string;
  dedupeKey: string;
  /** Null with `aside` set: genuine but not understood. */
  arrival: Arrival | null;
  aside: string | null;
  raw: Buffer | null;
  headers: Record<string, unknown>;
  door: string;
  client: string;
  receivedAt: Date;
}

export interface Kept {
  seq: number;
  /** False: a repeat; it was counted on the first one. */
  fresh: boolean;
}

interface KeepRow {
  ord: number;
  seq: number;
  fresh: boolean;
}

const KEEP = `
  with input as (
    select * from json_to_recordset($1::json) as x(
      ord int, tenant_id text, channel_id text, dedupe text, kind text, payload jsonb, raw text, headers jsonb,
      door text, client text, received_at timestamptz, deliveries int, aside text, bucket smallint)
  ), kept as (
    insert into arrivals as a (tenant_id, channel_id, dedupe, kind, payload, raw, headers, door, client,
      received_at, deliveries, aside)
    select tenant_id, channel_id, decode(dedupe, 'base64'), kind, payload, decode(raw, 'base64'), headers,
      door, client, received_at, deliveries, aside
    from input order by ord
    on conflict (channel_id, dedupe) do update
      set deliveries = a.deliveries + excluded.deliveries, last_delivery_at = excluded.received_at
    returning seq, channel_id, dedupe, aside, (xmax = 0) as fresh
  ), matched as (
    select i.ord, i.bucket, k.seq, k.fresh, k.aside
    from kept k join input i on i.channel_id = k.channel_id and decode(i.dedupe, 'base64') = k.dedupe
  ), queued as (
    insert into inbox (bucket, seq) select bucket, seq from matched where fresh and aside is null
  )
  select ord, seq, fresh from matched`;

/**
 * Writes arrivals durably and queues the new ones for routing: one statement, one commit. Repeats, also
 * within the batch, only count. Answers in the order of the input.
 */
export async function keepArrivals(reader: Reader, arrivals: NewArrival[]): Promise<Kept[]> {
  const rows: Record<string, unknown>[] = [];
  const rowOf = new Map<string, number>();
  const target = arrivals.map((item) => {
    const dedupe = createHash("sha256").update(item.dedupeKey).digest().subarray(0, 16).toString("base64");
    const key = `${item.channelId} ${dedupe}`;
    const known = rowOf.get(key);
    if (known !== undefined) {
      const row = rows[known] as { deliveries: number };
      row.deliveries += 1;
      return { row: known, first: false };
    }
    rowOf.set(key, rows.length);
    rows.push(keepRow(item, dedupe, rows.length));
    return { row: rows.length - 1, first: true };
  });
  const answers = await reader.run<KeepRow>("inbox-keep", KEEP, [JSON.stringify(rows)]);
  const byRow = new Map(answers.map((answer) => [answer.ord, answer]));
  return target.map(({ row, first }) => {
    const answer = byRow.get(row);
    if (!answer) throw new Error("inbox: an arrival came back without a row");
    return { seq: answer.seq, fresh: answer.fresh && first };
  });
}

function keepRow(item: NewArrival, dedupe: string, ord: number): Record<string, unknown> {
  return {
    ord,
    tenant_id: item.tenantId,
    channel_id: item.channelId,
    dedupe,
    kind: item.arrival?.kind ?? "unreadable",
    payload: item.arrival,
    raw: item.raw?.toString("base64") ?? null,
    headers: item.headers,
    door: item.door,
    client: item.client,
    received_at: item.receivedAt.toISOString(),
    deliveries: 1,
    aside: item.aside,
    bucket: bucketOf(conversationKey(item)),
  };
}

/** Arrivals of one key are routed in order. Texts: tenant and sender, whatever the channel. */
export function conversationKey(item: Pick<NewArrival, "tenantId" | "channelId" | "arrival">): string {
  const arrival = item.arrival;
  if (!arrival) return item.channelId;
  switch (arrival.kind) {
    case "message":
      return `${item.tenantId} ${arrival.from}`;
    case "receipt":
      return `${item.channelId} ${arrival.providerMessageId ?? arrival.phone ?? ""}`;
    case "unsubscribe":
    case "bounce":
    case "contact-status":
      return `${item.tenantId} ${arrival.phone}`;
    case "rejection":
    case "ignored":
      return item.channelId;
    default:
      return arrival satisfies never;
  }
}

/** FNV-1a, folded into the number of buckets. */
export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}

/** An arrival claimed for routing; the claim lasts as long as the transaction. */
export interface ClaimedArrival {
  seq: number;
  bucket: number;
  tenantId: string;
  channelId: string;
  arrival: Arrival;
  receivedAt: Date;
  attempts: number;
}

const CLAIM = `
  with free as (
    select b.bucket from inbox_buckets b
    cross join lateral (select i.seq from inbox i where i.bucket = b.bucket order by i.seq limit 1) oldest
    order by oldest.seq limit ${BUCKETS_PER_CLAIM}
    for update of b skip locked
  ), waiting as (
    select i.bucket, i.seq from inbox i where i.bucket in (select bucket from free)
    order by i.seq limit $1
    for update skip locked
  )
  select a.seq, w.bucket, a.tenant_id as "tenantId", a.channel_id as "channelId", a.payload as arrival,
    a.received_at as "receivedAt", a.attempts
  from waiting w join arrivals a on a.seq = w.seq order by a.seq`;

/**
 * Claims up to `limit` arrivals, oldest first, in buckets that no other worker holds. The locks fall with
 * the transaction: whatever was not finished is free again, also after the death of the process.
 */
export function claimArrivals(tx: Tx, limit: number): Promise<ClaimedArrival[]> {
  return tx.run<ClaimedArrival>("inbox-claim", CLAIM, [limit]);
}

/** Takes finished arrivals off the work list. */
export async function finishArrivals(tx: Tx, done: { bucket: number; seq: number }[]): Promise<void> {
  await tx.run(
    "inbox-finish",
    `delete from inbox i using unnest($1::smallint[], $2::bigint[]) as d(bucket, seq)
     where i.bucket = d.bucket and i.seq = d.seq`,
    [done.map((row) => row.bucket), done.map((row) => row.seq)],
  );
}

/** Counts a failed try; from `maxTries` on the arrival is set aside with the reason, off the work list. */
export async function countFault(tx: Tx, seq: number, reason: string, maxTries: number): Promise<boolean> {
  const rows = await tx.run<{ aside: boolean }>(
    "inbox-fault",
    `with failed as (
       update arrivals set attempts = attempts + 1,
         aside = case when attempts + 1 >= $3 then $2 end
       where seq = $1 returning seq, aside
     ), gone as (delete from inbox i using failed f where i.seq = f.seq and f.aside is not null)
     select aside is not null as aside from failed`,
    [seq, reason, maxTries],
  );
  return rows[0]?.aside ?? false;
}

export interface InboxDepth {
  waiting: number;
  oldestAt: Date | null;
}

export async function inboxDepth(reader: Reader): Promise<InboxDepth> {
  const rows = await reader.run<InboxDepth>(
    "inbox-depth",
    `select count(*)::int as waiting, min(a.received_at) as "oldestAt"
     from (select seq from inbox limit 100000) i join arrivals a using (seq)`,
  );
  return rows[0] ?? { waiting: 0, oldestAt: null };
}
