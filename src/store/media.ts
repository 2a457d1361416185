import type { MessageMedia } from "../domain/media.ts";
import { bulk } from "./bulk.ts";
import type { Reader, Tx } from "./database.ts";

/** Files of texts: where they are to be had, and what they hold once they were fetched. */

export interface NewMedia {
  tenantId: string;
  messageId: string;
  channelId: string;
  /** From 0, in the order of the text. */
  position: number;
  media: MessageMedia;
  sourceUrl: string | null;
  createdAt: string;
}

const MEDIA = bulk<NewMedia>([
  ["tenant_id", "word", (row) => row.tenantId],
  ["id", "word", (row) => row.media.id],
  ["message_id", "word", (row) => row.messageId],
  ["position", "smallint", (row) => row.position],
  ["channel_id", "word", (row) => row.channelId],
  ["source_url", "free", (row) => row.sourceUrl],
  ["content_type", "word", (row) => row.media.contentType],
  ["state", "word", (row) => row.media.state],
  ["reason", "free", (row) => row.media.reason],
  ["created_at", "timestamptz", (row) => row.createdAt],
]);

/** Those that wait are due at once. */
export async function insertMedia(tx: Tx, rows: NewMedia[]): Promise<void> {
  const insert = `insert into media (${MEDIA.names}, due_at)
    select *, case when rows.state = 'waiting' then now() end from (${MEDIA.select}) rows`;
  await tx.run("media-insert", insert, MEDIA.values(rows));
}

/** A file to be fetched. */
export interface WaitingMedia {
  tenantId: string;
  id: string;
  messageId: string;
  channelId: string;
  sourceUrl: string;
  /** As the provider says. */
  contentType: string | null;
  /** Tries so far, this one not counted. */
  attempts: number;
  createdAt: Date;
}

/**
 * Takes all due files of at most `messages` messages: nobody else takes them for `leaseMs`. In the order of each
 * text. Whoever claims the same message a moment later waits for this statement, and then finds nothing due.
 */
export function claimMedia(reader: Reader, messages: number, leaseMs: number): Promise<WaitingMedia[]> {
  return reader.run(
    "media-claim",
    `with first as (
       select tenant_id, message_id from media where state = 'waiting' and due_at <= now() order by due_at limit 100
     ), picked as (
       select distinct tenant_id, message_id from first limit $1
     ), claimed as (
       update media m set due_at = now() + $2 * interval '1 millisecond', attempts = m.attempts + 1
       from picked p where m.tenant_id = p.tenant_id and m.message_id = p.message_id
         and m.state = 'waiting' and m.due_at <= now()
       returning m.tenant_id as "tenantId", m.id, m.message_id as "messageId", m.channel_id as "channelId",
         m.source_url as "sourceUrl", m.content_type as "contentType", m.attempts - 1 as attempts,
         m.created_at as "createdAt", m.position
     )
     select * from claimed order by "messageId", position`,
    [messages, leaseMs],
  );
}

/** Puts off what is still waiting of these files: longer while they are worked on, to now to give them back. */
export async function putOffMedia(
  reader: Reader,
  tenantId: string,
  ids: string[],
  afterMs: number,
): Promise<void> {
  await reader.run(
    "media-put-off",
    `update media set due_at = now() + $3 * interval '1 millisecond'
     where tenant_id = $1 and id = any($2) and state = 'waiting'`,
    [tenantId, ids, afterMs],
  );
}

/** Bytes kept of a message so far. In a transaction nobody else adds to them until it ends. */
export async function keptBytes(tx: Tx, tenantId: string, messageId: string): Promise<number> {
  await tx.run("media-lock-message", "select 1 from messages where tenant_id = $1 and id = $2 for update", [
    tenantId,
    messageId,
  ]);
  const rows = await tx.run<{ bytes: number }>(
    "media-kept-bytes",
    `select coalesce(sum(bytes), 0)::int as bytes from media
     where tenant_id = $1 and message_id = $2 and state = 'fetched'`,
    [tenantId, messageId],
  );
  return rows[0]?.bytes ?? 0;
}

/** How fetching a file went on. */
export type MediaResult =
  | { state: "fetched"; contentType: string; fileName: string; content: Buffer }
  | { state: "refused" | "failed"; reason: string }
  | { state: "waiting"; reason: string; againAfterMs: number };

/** Keeps the result, and tells it in the message. A file that waits no more is left as it is. */
export async function settleMedia(
  tx: Tx,
  file: Pick<WaitingMedia, "tenantId" | "id" | "messageId">,
  result: MediaResult,
): Promise<void> {
  const fetched = result.state === "fetched" ? result : null;
  const reason = fetched ? null : (result as { reason: string }).reason;
  const rows = await tx.run(
    "media-settle",
    `update media set state = $3, reason = $4, content_type = coalesce($5, content_type),
       bytes = coalesce($6, bytes), file_name = $7, content = $8,
       source_url = case when $3 = 'waiting' then source_url end,
       due_at = case when $3 = 'waiting' then now() + $9::float8 * interval '1 millisecond' end
     where tenant_id = $1 and id = $2 and state = 'waiting' returning 1 as one`,
    [
      file.tenantId,
      file.id,
      result.state,
      reason,
      fetched?.contentType ?? null,
      fetched?.content.length ?? null,
      fetched?.fileName ?? null,
      fetched?.content ?? null,
      result.state === "waiting" ? result.againAfterMs : null,
    ],
  );
  if (rows.length === 0 || result.state === "waiting") return;
  const told = fetched
    ? { state: "fetched", contentType: fetched.contentType, bytes: fetched.content.length }
    : { state: result.state, reason };
  await tx.run(
    "media-tell",
    `update messages m set media = (
       select json_agg(case when item->>'id' = $3 then (item::jsonb || $4::jsonb)::json else item end order by place)
       from json_array_elements(m.media) with ordinality as e(item, place))
     where m.tenant_id = $1 and m.id = $2 and m.media is not null`,
    [file.tenantId, file.messageId, file.id, JSON.stringify(told)],
  );
}

export interface StoredMedia {
  state: MessageMedia["state"];
  reason: string | null;
  contentType: string | null;
  fileName: string | null;
  content: Buffer | null;
}

export async function mediaById(reader: Reader, tenantId: string, id: string): Promise<StoredMedia | null> {
  const rows = await reader.run<StoredMedia>(
    "media-by-id",
    `select state, reason, content_type as "contentType", file_name as "fileName", content
     from media where tenant_id = $1 and id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}
