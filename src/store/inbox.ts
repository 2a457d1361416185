import { hash } from "node:crypto";
import type { Arrival } from "../domain/arrival.ts";
import { isBareStop } from "../domain/consent.ts";
import { bulk } from "./bulk.ts";
import type { Reader, Tx } from "./database.ts";

const BUCKETS = 64;
/** Buckets one claim may lock, so that several workers share a backlog. */
const BUCKETS_PER_CLAIM = 32;
/** Rows one claim looks at in a bucket: its cost must not grow with the backlog. */
const ROWS_PER_BUCKET = 128;

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

interface KeepRow extends NewArrival {
  /** First 16 bytes of the key's SHA-256, base64. */
  dedupe: string;
  deliveries: number;
}

const ARRIVALS = bulk<KeepRow>([
  ["tenant_id", "word", (row) => row.tenantId],
  ["channel_id", "word", (row) => row.channelId],
  ["dedupe", "base64", (row) => row.dedupe],
  ["kind", "word", (row) => row.arrival?.kind ?? "unreadable"],
  ["payload", "json", (row) => row.arrival],
  ["raw", "base64", (row) => row.raw?.toString("base64")],
  ["headers", "json", (row) => row.headers],
  ["door", "word", (row) => row.door],
  ["client", "word", (row) => row.client],
  ["bucket", "smallint", (row) => bucketOf(conversationKey(row))],
  ["received_at", "timestamptz", (row) => row.receivedAt.toISOString()],
  ["deliveries", "integer", (row) => row.deliveries],
  ["aside", "free", (row) => row.aside],
  ["urgent", "boolean", (row) => row.arrival?.kind === "message" && isBareStop(row.arrival.text)],
]);

const KEEP = `
  with kept as (
    insert into arrivals as a (${ARRIVALS.names}) ${ARRIVALS.select}
    on conflict (channel_id, dedupe) do update
      set deliveries = a.deliveries + excluded.deliveries, last_delivery_at = excluded.received_at
    returning seq, channel_id, dedupe, bucket, aside, urgent, (xmax = 0) as fresh
  ), queued as (
    insert into inbox (bucket, seq, urgent) select bucket, seq, urgent from kept where fresh and aside is null
  )
  select seq, channel_id as "channelId", encode(dedupe, 'base64') as dedupe, fresh from kept`;

const COUNT = `
  update arrivals a set deliveries = a.deliveries + x.deliveries, last_delivery_at = x.received_at
  from (${ARRIVALS.select}) x where a.channel_id = x.channel_id and a.dedupe = x.dedupe
  returning a.seq, a.channel_id as "channelId", encode(a.dedupe, 'base64') as dedupe, false as fresh`;

/**
 * Writes arrivals durably and queues the new ones for routing: one statement, one commit. Repeats, also
 * within the batch, only count. Answers in the order of the input.
 */
export async function keepArrivals(reader: Reader, arrivals: NewArrival[]): Promise<Kept[]> {
  const kept = await write(reader, "inbox-keep", KEEP, arrivals);
  return kept.map((answer) => {
    if (!answer) throw new Error("inbox: an arrival came back without a row");
    return answer;
  });
}

/** Counts arrivals that may only be repeats; what was never kept is null and stays unkept. */
export function countRepeats(tx: Tx, arrivals: NewArrival[]): Promise<(Kept | null)[]> {
  return write(tx, "inbox-count", COUNT, arrivals);
}

async function write(
  reader: Reader,
  name: string,
  statement: string,
  arrivals: NewArrival[],
): Promise<(Kept | null)[]> {
  const rows = new Map<string, KeepRow>();
  const keys = arrivals.map((item) => {
    const dedupe = hash("sha256", item.dedupeKey, "buffer").toString("base64", 0, 16);
    const key = `${item.channelId} ${dedupe}`;
    const known = rows.get(key);
    if (known) known.deliveries += 1;
    else rows.set(key, { ...item, dedupe, deliveries: 1 });
    return key;
  });
  const values = ARRIVALS.values([...rows.values()]);
  const kept = await reader.run<Kept & { channelId: string; dedupe: string }>(name, statement, values);
  const answers = new Map(kept.map((row) => [`${row.channelId} ${row.dedupe}`, row]));
  return keys.map((key) => {
    const answer = answers.get(key);
    if (!answer) return null;
    const { seq, fresh } = answer;
    // Whoever comes second in the batch is a repeat.
    answer.fresh = false;
    return { seq, fresh };
  });
}

/** Arrivals of one key are routed in order. Texts: tenant and sender, whatever the channel. */
export function conversationKey(item: Pick<NewArrival, "tenantId" | "channelId" | "arrival">): string {
  const arrival = item.arrival;
  if (!arrival) return item.channelId;
  switch (arrival.kind) {
    case "message":
      return `${item.tenantId} ${arrival.from}`;
    case "receipt":
      return `${item.channelId} ${arrival.messageId ?? arrival.providerMessageId ?? arrival.phone ?? ""}`;
    case "unsubscribe":
    case "resubscribe":
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
    select b.bucket, u.urgent from inbox_buckets b
    cross join lateral (select i.seq from inbox i where i.bucket = b.bucket order by i.seq limit 1) oldest
    cross join lateral (select exists (select 1 from inbox i where i.bucket = b.bucket and i.urgent) as urgent) u
    order by u.urgent desc, oldest.seq limit ${BUCKETS_PER_CLAIM}
    for update of b skip locked
  ), oldest as (
    select i.bucket, i.seq from free cross join lateral (
      select i.bucket, i.seq from inbox i where i.bucket = free.bucket order by i.seq limit ${ROWS_PER_BUCKET}
    ) i
    order by free.urgent desc, i.seq limit $1
  ), waiting as (
    select i.bucket, i.seq from oldest o join inbox i on i.bucket = o.bucket and i.seq = o.seq
    for update of i skip locked
  )
  select a.seq, w.bucket, a.tenant_id as "tenantId", a.channel_id as "channelId", a.payload as arrival,
    a.received_at as "receivedAt", a.attempts
  from waiting w join arrivals a on a.seq = w.seq order by a.seq`;

/**
 * Claims up to `limit` arrivals, oldest first, in buckets that no other worker holds; buckets in which a STOP waits
 * go before others, for it must not sit behind thousands. The locks fall with the transaction: whatever was not finished is free again, also after the death of the process.
 */
export function claimArrivals(tx: Tx, limit: number): Promise<ClaimedArrival[]> {
  return tx.run<ClaimedArrival>("inbox-claim", CLAIM, [limit]);
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
    `select (select count(*)::int from (select 1 from inbox limit 100000) i) as waiting,
       (select min(a.received_at) from inbox_buckets b
        cross join lateral (select i.seq from inbox i where i.bucket = b.bucket order by i.seq limit 1) oldest
        join arrivals a using (seq)) as "oldestAt"`,
  );
  return rows[0] ?? { waiting: 0, oldestAt: null };
}
