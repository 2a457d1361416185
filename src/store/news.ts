import { faultOfReceipt } from "../domain/advice.ts";
import type { ReceiptArrival } from "../domain/arrival.ts";
import type { MessageMedia } from "../domain/media.ts";
import type { MessageStatus } from "../domain/message.ts";
import type { Reader, Tx } from "./database.ts";
import { keptProviderId } from "./provider-id.ts";

/** What providers tell about texts and people after the fact. */

export interface ReceiptInput {
  ord: number;
  seq: number;
  bucket: number;
  tenantId: string;
  channelId: string;
  at: string;
  receipt: ReceiptArrival;
}

export interface ReceiptMatch {
  ord: number;
  messageId: string;
  priorStatus: MessageStatus;
  status: MessageStatus;
  uncertain: boolean;
  climbed: boolean;
  channelId: string;
  sender: string;
  recipient: string;
  text: string;
  media: MessageMedia[] | null;
  segments: number;
  encoding: string;
  ref: string | null;
  contactId: string | null;
  commandId: string | null;
  ruleId: string | null;
  createdAt: Date;
  providerMessageId: string | null;
}

/**
 * Our own id of a text counts where it has none at its provider, or the receipt tells none; and once it has left: what
 * waits or flies is settled first.
 */
const KNOWN_BY_OUR_ID = (channelId: string, providerId: string) =>
  `m.channel_id = ${channelId} and m.direction = 'out' and status_rank(m.status) >= 2
     and (m.provider_message_id is null or ${providerId} is null)`;

const APPLY = `
  with input as (
    select * from json_to_recordset($1::json) as x(ord int, "channelId" text, "providerMessageId" text,
      "messageId" text, phone text, text text, status text, code text, description text, bounce boolean, unconfirmed boolean,
      part json, at text, error jsonb)
  ), meant as materialized (
    select i.*, m.tenant_id, m.id
    from input i cross join lateral (
      (select tenant_id, id from messages
        where channel_id = i."channelId" and provider_message_id = i."providerMessageId" limit 1)
      union all
      (select m.tenant_id, m.id from messages m join channels c on c.id = i."channelId"
        where m.tenant_id = c.tenant_id and m.id = i."messageId" and ${KNOWN_BY_OUR_ID('i."channelId"', 'i."providerMessageId"')})
      union all
      (select m.tenant_id, m.id from messages m
        where m.channel_id = i."channelId" and m.direction = 'out' and m.phone = i.phone
          and (m.text = i.text or (i.text is null and i."providerMessageId" is null))
          and m.tenant_id = (select tenant_id from channels c where c.id = i."channelId")
          and m.created_at > now() - interval '72 hours' and status_rank(m.status) between 2 and 4
        order by (status_rank(m.status) < 4) desc, m.id limit 1)
      limit 1
    ) m
  ), found as (
    select i.*, m.status as prior, status_rank(i.status) > status_rank(m.status) as climbs,
      'uncertain' = any (m.flags) as uncertain
    from meant i join messages m on m.tenant_id = i.tenant_id and m.id = i.id
    order by m.tenant_id, m.id for update of m
  )
  update messages m set
    status = case when f.climbs then f.status else m.status end,
    history = m.history || jsonb_strip_nulls(jsonb_build_object('status', f.status, 'at', f.at, 'code', f.code,
      'text', f.description, 'part', (f.part->>'index') || '/' || (f.part->>'total'),
      'ignored', case when not f.climbs then true end)),
    flags = array_remove(case
      when f.unconfirmed and greatest(status_rank(f.status), status_rank(m.status)) < 4
        then array_remove(m.flags, 'unconfirmed') || 'unconfirmed'::text
      when status_rank(f.status) < 4 then m.flags else array_remove(m.flags, 'unconfirmed') end, 'uncertain'),
    error = case when f.climbs and f.error is not null then f.error
      when f.climbs and f.status in ('delivered', 'sent') or f.uncertain and f.error is null then null
      else m.error end,
    provider_message_id = coalesce(m.provider_message_id, f."providerMessageId")
  from found f where m.tenant_id = f.tenant_id and m.id = f.id
  returning f.ord, m.id as "messageId", f.prior as "priorStatus", m.status, f.uncertain, f.climbs as climbed,
    m.channel_id as "channelId", m.sender, m.recipient, m.text, m.media, m.segments, m.encoding, m.ref,
    m.contact_id as "contactId", m.command_id as "commandId", m.rule_id as "ruleId",
    m.created_at as "createdAt", m.provider_message_id as "providerMessageId"`;

/**
 * Applies receipts, at most one per message in a call. Whether the status climbs is judged under the row's lock:
 * another process may just be writing a higher one. A receipt that names an id nobody knows, but repeats the
 * text, goes to the oldest open send of that text to that number: not every provider's ids are to be trusted. One
 * that names our own id finds a text whose send had no clear answer.
 * Those without a match are missing in the answer.
 */
export function applyReceipts(tx: Tx, receipts: ReceiptInput[]): Promise<ReceiptMatch[]> {
  const rows = receipts.map(({ ord, channelId, at, receipt }) => {
    const providerMessageId = keptProviderId(receipt.providerMessageId);
    return { ord, channelId, at, ...receipt, providerMessageId, error: faultOfReceipt(receipt) };
  });
  return tx.run("news-receipts", APPLY, [JSON.stringify(rows)]);
}

/** How long a receipt waits for its message. */
export const ORPHAN_SECONDS = 86_400;

/** Keeps a receipt that came before its send was settled; `requeueOrphans` tries it again for 24 h. */
export async function keepOrphan(tx: Tx, { channelId, seq, bucket, receipt }: ReceiptInput): Promise<void> {
  const { providerMessageId, messageId } = receipt;
  if (providerMessageId === null && messageId === undefined) return;
  await tx.run(
    "news-orphan",
    `insert into orphan_receipts (channel_id, provider_message_id, arrival_seq, bucket, message_id)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [channelId, keptProviderId(providerMessageId) ?? "", seq, bucket, messageId ?? null],
  );
}

/** How long ago a receipt came, seconds: from `least` to `most`. */
export interface ReceiptAge {
  least: number;
  most: number;
}

/** Puts receipts of an age back on the work list whose message is known by now. Answers how many. */
export async function requeueOrphans(
  reader: Reader,
  age: ReceiptAge = { least: 0, most: ORPHAN_SECONDS },
): Promise<number> {
  const rows = await reader.run<{ count: number }>(
    "news-requeue",
    `with known as (
       delete from orphan_receipts o where o.since <= now() - $1 * interval '1 second'
         and o.since >= now() - $2 * interval '1 second'
         and ((select true from messages m where m.channel_id = o.channel_id
         and m.provider_message_id = o.provider_message_id and o.provider_message_id <> '' limit 1)
         or (select true from channels c join messages m on m.tenant_id = c.tenant_id and m.id = o.message_id
           where c.id = o.channel_id and ${KNOWN_BY_OUR_ID("o.channel_id", "nullif(o.provider_message_id, '')")}))
       returning o.bucket, o.arrival_seq
     ), old as (
       delete from orphan_receipts where since < now() - interval '${ORPHAN_SECONDS} seconds'
     ), queued as (
       insert into inbox (bucket, seq) select bucket, arrival_seq from known on conflict do nothing returning 1
     )
     select count(*)::int as count from queued`,
    [age.least, age.most],
  );
  return rows[0]?.count ?? 0;
}

/** Counts a bounce and answers the contact; the contact is made if it was never seen. */
export async function countBounce(
  tx: Tx,
  bounce: { id: string; tenantId: string; phone: string; bounces: number | null },
): Promise<{ id: string; bounces: number }> {
  const rows = await tx.run<{ id: string; bounces: number }>(
    "news-bounce",
    `insert into contacts as c (id, tenant_id, phone, bounces) values ($1, $2, $3, coalesce($4, 1))
     on conflict (tenant_id, phone) do update
       set bounces = greatest(c.bounces + 1, coalesce($4, 0)), updated_at = now()
     returning id, bounces`,
    [bounce.id, bounce.tenantId, bounce.phone, bounce.bounces],
  );
  return rows[0] as { id: string; bounces: number };
}

export async function setContactStatus(
  tx: Tx,
  change: { id: string; tenantId: string; phone: string; status: string },
): Promise<{ id: string; from: string }> {
  const rows = await tx.run<{ id: string; from: string | null }>(
    "news-contact-status",
    `with prior as (select status from contacts where tenant_id = $2 and phone = $3)
     insert into contacts (id, tenant_id, phone, status) values ($1, $2, $3, $4)
     on conflict (tenant_id, phone) do update set status = $4, updated_at = now()
     returning id, (select status from prior) as "from"`,
    [change.id, change.tenantId, change.phone, change.status],
  );
  return { id: rows[0]?.id ?? change.id, from: rows[0]?.from ?? "active" };
}

/** Masks what a text held that must not be kept: in the journal, parsed and raw. */
export async function maskArrival(tx: Tx, seq: number, text: string): Promise<void> {
  await tx.run(
    "news-mask",
    `update arrivals set payload = jsonb_set(payload::jsonb, '{text}', to_jsonb($2::text))::json, raw = null
     where seq = $1`,
    [seq, text],
  );
}
