import type { TextPart } from "../domain/arrival.ts";
import type { Reader, Tx } from "./database.ts";

/** Parts of long texts that came one by one. They belong together by sender, address, reference and total. */

export interface NewPart extends TextPart {
  channelId: string;
  from: string;
  to: string;
  seq: number;
  providerMessageId: string | null;
  text: string;
  receivedAt: Date;
}

export interface KeptPart {
  seq: number;
  index: number;
  providerMessageId: string | null;
  text: string;
}

/**
 * Keeps a part and answers all that are there of its text, in their order. Keeping the same part again changes
 * nothing. References come round: another part with the same number begins a new text, and what is there of the one
 * before stands aside until its time is up.
 */
export async function keepInboundPart(tx: Tx, part: NewPart): Promise<KeptPart[]> {
  const { channelId, from, to, reference, total, index, seq } = part;
  const key = [channelId, from, to, reference, total];
  await tx.run(
    "inbound-parts-part-with",
    `update inbound_parts set reference = reference || ' before ' || $7::text where ${OF_ONE_TEXT}
       and exists (select 1 from inbound_parts where ${OF_ONE_TEXT} and part = $6 and arrival_seq <> $7)`,
    [...key, index, seq],
  );
  await tx.run(
    "inbound-parts-keep",
    `insert into inbound_parts (channel_id, sender, recipient, reference, total, part, arrival_seq,
       provider_message_id, text, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [...key, index, seq, part.providerMessageId, part.text, part.receivedAt],
  );
  return tx.run<KeptPart>(
    "inbound-parts-all",
    `select arrival_seq as seq, part as index, provider_message_id as "providerMessageId", text
     from inbound_parts where ${OF_ONE_TEXT} order by part`,
    key,
  );
}

const OF_ONE_TEXT = "channel_id = $1 and sender = $2 and recipient = $3 and reference = $4 and total = $5";

/**
 * Forgets texts whose newest part is older than `waitMs`. Where some are missing the newest part goes back to the
 * work list as all that came. Answers the channels of those, once for each text.
 */
export async function endWaitingForParts(reader: Reader, now: Date, waitMs: number): Promise<string[]> {
  const rows = await reader.run<{ channelId: string }>(
    "inbound-parts-end",
    `with late as (
       select channel_id, sender, recipient, reference, total from inbound_parts
       group by 1, 2, 3, 4, 5 having max(received_at) < $1::timestamptz - $2 * interval '1 millisecond' limit 100
     ), gone as (
       delete from inbound_parts p using late l where p.channel_id = l.channel_id and p.sender = l.sender
         and p.recipient = l.recipient and p.reference = l.reference and p.total = l.total
       returning p.*
     ), came as (
       select max(arrival_seq) as seq, count(*)::int as came, total, string_agg(text, '' order by part) as text
       from gone group by channel_id, sender, recipient, reference, total
     ), told as (
       update arrivals a set payload = (a.payload::jsonb - 'part' || jsonb_build_object('text', c.text,
         'incomplete', jsonb_build_object('came', c.came, 'total', c.total)))::json
       from came c where a.seq = c.seq and c.came < c.total and a.payload is not null
       returning a.seq, a.bucket, a.channel_id
     ), queued as (
       insert into inbox (bucket, seq) select bucket, seq from told on conflict do nothing
     )
     select channel_id as "channelId" from told`,
    [now, waitMs],
  );
  return rows.map((row) => row.channelId);
}
