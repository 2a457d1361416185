import type { MessageKind } from "../domain/message.ts";
import type { Reader, Tx } from "./database.ts";

/** Texts that another channel takes over. A text never goes back to a channel it has left. */

/** Paused for longer than a hiccup lasts: at once for so long, or several times in a row. */
const IS_DOWN = "l.paused_until > now() and l.paused_until - l.paused_since > interval '60 seconds'";

export interface DownLane {
  lane: string;
  reason: string;
}

/** Lanes that are down, have a fallback and texts that wait. */
export function downLanes(reader: Reader): Promise<DownLane[]> {
  return reader.run(
    "failover-down",
    `select l.id as lane, coalesce(l.pause_reason, 'paused') as reason
     from lanes l join channels c on c.id = l.id
     where c.fallback_id is not null and ${IS_DOWN} and exists (select 1 from outbox o where o.lane = l.id)`,
  );
}

/** Of these lanes the ones that are not down themselves. */
export async function lanesUp(reader: Reader, lanes: string[]): Promise<Set<string>> {
  const rows = await reader.run<{ id: string }>(
    "failover-up",
    `select l.id from lanes l where l.id = any($1) and not coalesce(${IS_DOWN}, false)`,
    [lanes],
  );
  return new Set(rows.map((row) => row.id));
}

const LEFT = `array(select a->>'from' from jsonb_array_elements(m.attempts) a where a->>'outcome' = 'moved')`;

/** The channels this text has left already. */
export async function lanesLeft(reader: Reader, tenantId: string, messageId: string): Promise<string[]> {
  const rows = await reader.run<{ lanes: string[] }>(
    "failover-left",
    `select ${LEFT} as lanes from messages m where m.tenant_id = $1 and m.id = $2`,
    [tenantId, messageId],
  );
  return rows[0]?.lanes ?? [];
}

/** Where in a lane a look at it stopped: it is read in its own order, so that the next look costs no more. */
export interface Place {
  priority: number;
  seq: number;
}

export interface WaitingText extends Place {
  kind: MessageKind;
  tenantId: string;
  messageId: string;
  from: string;
  text: string;
  files: number;
  left: string[];
  /** The person has left the address it was meant to go out from, or its provider refuses to carry it. */
  unwanted: boolean;
}

/** Texts that wait in a lane, in its order, from `after` on. */
export function waitingTexts(tx: Tx, lane: string, after: Place, limit: number): Promise<WaitingText[]> {
  return tx.run(
    "failover-waiting",
    `select o.seq, o.priority, o.tenant_id as "tenantId", o.message_id as "messageId", m.kind, m.sender as "from",
       m.text, coalesce(json_array_length(m.media), 0) as files,
       ${LEFT} as left,
       coalesce((select true from suppressions s where s.tenant_id = o.tenant_id and s.phone = m.recipient
         and s.address in ('*', m.sender) limit 1), false)
       or coalesce((select b.lifted_at is null from provider_blocks b where b.tenant_id = o.tenant_id
         and b.phone = m.recipient and b.channel_id = o.lane), false) as unwanted
     from (
       select * from outbox o
       where o.lane = $1 and (o.priority, o.seq) > ($2::smallint, $3::bigint)
         and (o.expires_at is null or o.expires_at > now())
       order by o.priority, o.seq limit $4 for update skip locked
     ) o cross join lateral (
       select * from messages m where m.tenant_id = o.tenant_id and m.id = o.message_id limit 1
     ) m order by o.priority, o.seq`,
    [lane, after.priority, after.seq, limit],
  );
}

export interface Move {
  seq: number;
  tenantId: string;
  messageId: string;
  lane: string;
  sender: string;
  text: string;
  segments: number;
  encoding: string;
  note: object;
}

/** Puts waiting texts into other lanes, keeping their order; tries begin anew there. */
export async function moveTexts(tx: Tx, moves: Move[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.run(
    "failover-move",
    `with input as (
       select * from json_to_recordset($1::json) as x(seq bigint, "tenantId" text, "messageId" text, lane text,
         sender text, text text, segments smallint, encoding text, note jsonb)
     ), moved as (
       update outbox o set lane = i.lane, due_at = least(o.due_at, now()), attempts = 0
       from input i where o.seq = i.seq returning o.seq
     )
     update messages m set channel_id = i.lane, sender = i.sender, text = i.text, segments = i.segments,
       encoding = i.encoding, attempts = m.attempts || i.note
     from input i join moved using (seq) where m.tenant_id = i."tenantId" and m.id = i."messageId"`,
    [JSON.stringify(moves)],
  );
}
