import type { MessageFault } from "../domain/events.ts";
import { idAt } from "../domain/ids.ts";
import type { MessageMedia } from "../domain/media.ts";
import type { MessageStatus } from "../domain/message.ts";
import type { Reader, Tx } from "./database.ts";
import type { Found, Window } from "./search.ts";
import { searchWindows } from "./search.ts";

/** Messages as the API reads them, and what a person may do to one that waits. */

export interface StoredMessage {
  id: string;
  direction: "in" | "out";
  channelId: string;
  from: string;
  to: string;
  text: string;
  media: MessageMedia[];
  createdAt: Date;
  segments: number;
  providerSegments: number | null;
  encoding: string;
  status: MessageStatus;
  flags: string[];
  statusHistory: HistoryLine[];
  attempts: Record<string, unknown>[];
  error: MessageFault | null;
  ref: string | null;
  contactId: string | null;
  commandId: string | null;
  ruleId: string | null;
  /** Of a reaction: the message that it quotes. */
  reactionTo: string | null;
}

/** A step of a message, or what was told of it and changed nothing. */
interface HistoryLine {
  status: MessageStatus;
  at: string;
  code?: string;
  text?: string;
  part?: string;
  ignored?: true;
  sendAt?: string;
}

/** A `StoredMessage` of the row `m`. */
export const MESSAGE_COLUMNS = `m.id, m.direction, m.channel_id as "channelId", m.sender as "from", m.recipient as "to", m.text,
  coalesce(m.media, '[]'::json) as media, m.created_at as "createdAt", m.segments,
  m.provider_segments as "providerSegments", m.encoding, m.status, m.flags,
  m.history as "statusHistory", m.attempts, m.error, m.ref, m.contact_id as "contactId",
  m.command_id as "commandId", m.rule_id as "ruleId", m.reaction_to as "reactionTo"`;

export interface MessageFilter {
  direction?: "in" | "out" | undefined;
  status?: MessageStatus | undefined;
  channelId?: string | undefined;
  contactId?: string | undefined;
  /** The person's number, whoever sent the text. */
  phone?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Part of the text, whatever its case. */
  text?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

export async function messageById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<StoredMessage | null> {
  const rows = await reader.run<StoredMessage>(
    "messages-by-id",
    `select ${MESSAGE_COLUMNS} from messages m where m.tenant_id = $1 and m.id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** An id is made a little after its message came about: clocks differ, and an inbox may have been long. */
const CLOCKS_DIFFER_MS = 60_000;
const INBOX_WAITED_MS = 86_400_000;

/** Newest first. `before`: only messages with a smaller id. */
export async function listMessages(
  reader: Reader,
  tenantId: string,
  filter: MessageFilter,
  before: string | null,
  limit: number,
): Promise<Found<StoredMessage>> {
  const phone = await personOf(reader, tenantId, filter);
  if (phone === "nobody") return { rows: [], next: null };
  const conditions = conditionsOf(filter);
  const boundsAt = ({ below }: Window) => boundsOf(tenantId, filter, phone, below);
  return searchWindows({
    after: before,
    limit,
    placeOf: (row) => row.id,
    find: (window, most) => search(reader, boundsAt(window), window.size, conditions, most),
    edge: (window) => edgeOf(reader, boundsAt(window), window.size),
  });
}

/** What the indexes answer: bounds of the ids, and the person where the filter names one. */
interface Bounds {
  tenantId: string;
  phone: string | null;
  least: string;
  /** Exclusive. */
  below: string;
}

const PAST_ALL_IDS = "msg_z";

function boundsOf(
  tenantId: string,
  filter: MessageFilter,
  phone: string | null,
  before: string | null,
): Bounds {
  const least = filter.since ? idAt("msg", filter.since.getTime() - CLOCKS_DIFFER_MS) : "";
  const latest = filter.until ? idAt("msg", filter.until.getTime() + INBOX_WAITED_MS) : PAST_ALL_IDS;
  const below = before !== null && before < latest ? before : latest;
  return { tenantId, phone, least, below };
}

function windowOf(bounds: Bounds, columns: string): { name: string; text: string; values: unknown[] } {
  const { tenantId, phone, least, below } = bounds;
  const person = phone === null ? "" : "and phone = $4";
  return {
    name: phone === null ? "all" : "phone",
    text: `select ${columns} from messages where tenant_id = $1 and id >= $2 and id < $3 ${person} order by id desc`,
    values: phone === null ? [tenantId, least, below] : [tenantId, least, below, phone],
  };
}

interface Condition {
  name: string;
  /** `?` stands for the value. */
  text: string;
  value: unknown;
}

function conditionsOf(filter: MessageFilter): Condition[] {
  const contains = filter.text?.replace(/[\\%_]/g, "\\$&");
  const all: Condition[] = [
    { name: "direction", text: "m.direction = ?", value: filter.direction },
    { name: "status", text: "m.status = ?", value: filter.status },
    { name: "channel", text: "m.channel_id = ?", value: filter.channelId },
    { name: "contact", text: "m.contact_id = ?", value: filter.contactId },
    { name: "from", text: "m.sender = ?", value: filter.from },
    { name: "to", text: "m.recipient = ?", value: filter.to },
    { name: "text", text: "m.text ilike ?", value: contains === undefined ? undefined : `%${contains}%` },
    { name: "since", text: "m.created_at >= ?", value: filter.since },
    { name: "until", text: "m.created_at < ?", value: filter.until },
  ];
  return all.filter((condition) => condition.value !== undefined);
}

function search(
  reader: Reader,
  bounds: Bounds,
  size: number,
  conditions: Condition[],
  limit: number,
): Promise<StoredMessage[]> {
  const window = windowOf(bounds, "*");
  const values = [...window.values, limit];
  const where = conditions.map((condition) => {
    values.push(condition.value);
    return condition.text.replace("?", `$${values.length}`);
  });
  return reader.run<StoredMessage>(
    ["messages-search", size, window.name, ...conditions.map((condition) => condition.name)].join("-"),
    `select ${MESSAGE_COLUMNS} from (${window.text} limit ${size}) m
     ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
     order by m.id desc limit $${window.values.length + 1}`,
    values,
  );
}

/** The last id of a window that was full: where the next one begins. Null: there is nothing more. */
async function edgeOf(reader: Reader, bounds: Bounds, size: number): Promise<string | null> {
  const window = windowOf(bounds, "id");
  const rows = await reader.run<{ id: string }>(
    `messages-edge-${size}-${window.name}`,
    `${window.text} offset ${size - 1} limit 1`,
    window.values,
  );
  return rows[0]?.id ?? null;
}

/**
 * The person whose messages hold everything the filter asks for, so that the index by phone is used; null when
 * there is none. A number that is one of our own addresses is the person's side only now and then.
 */
async function personOf(
  reader: Reader,
  tenantId: string,
  filter: MessageFilter,
): Promise<string | null | "nobody"> {
  if (filter.phone !== undefined) return filter.phone;
  if (filter.contactId !== undefined) {
    const rows = await reader.run<{ phone: string }>(
      "messages-contact-phone",
      "select phone from contacts where tenant_id = $1 and id = $2",
      [tenantId, filter.contactId],
    );
    return rows[0]?.phone ?? "nobody";
  }
  for (const phone of [filter.from, filter.to]) {
    if (phone === undefined) continue;
    const rows = await reader.run(
      "messages-is-person",
      `select 1 where exists (select 1 from messages where tenant_id = $1 and phone = $2)
         and not exists (select 1 from channels where tenant_id = $1 and address = $2)`,
      [tenantId, phone],
    );
    if (rows.length > 0) return phone;
  }
  return null;
}

/** What one phone and the given channels have said to each other, without what surely never arrived. */
export async function talkOf(
  reader: Reader,
  talk: {
    tenantId: string;
    phone: string;
    channelIds: string[];
    after: string | null;
    before: string | null;
  },
  limit: number,
): Promise<StoredMessage[]> {
  const ascending = talk.after !== null;
  const rows = await reader.run<StoredMessage>(
    ascending ? "messages-talk-after" : "messages-talk-before",
    `select ${MESSAGE_COLUMNS} from messages m
     where m.tenant_id = $1 and m.phone = $2 and m.channel_id = any($3)
       and m.id ${ascending ? ">" : "<"} $4
       and m.status not in ('held', 'undelivered', 'failed', 'expired', 'cancelled')
     order by m.id ${ascending ? "asc" : "desc"} limit $5`,
    [talk.tenantId, talk.phone, talk.channelIds, talk.after ?? talk.before ?? PAST_ALL_IDS, limit],
  );
  return rows;
}

/**
 * The channel of the newest message exchanged with a number, of those given. One that only took over for another
 * does not count: that other one is used again once it can be.
 */
export async function lastChannelWith(
  reader: Reader,
  tenantId: string,
  phone: string,
  channelIds: string[],
): Promise<string | null> {
  const rows = await reader.run<{ channelId: string }>(
    "messages-last-channel",
    `select channel_id as "channelId" from messages
     where tenant_id = $1 and phone = $2 and channel_id = any($3)
       and not attempts @> '[{"outcome":"moved"}]' order by id desc limit 1`,
    [tenantId, phone, channelIds],
  );
  return rows[0]?.channelId ?? null;
}

/** Takes a message that still waits off the work list; answers false when it does not wait. */
export async function cancelWaiting(tx: Tx, tenantId: string, id: string, at: string): Promise<boolean> {
  const rows = await tx.run(
    "messages-cancel",
    `with gone as (
       delete from outbox where tenant_id = $1 and message_id = $2 returning message_id
     )
     update messages m set status = 'cancelled',
       history = m.history || jsonb_build_object('status', 'cancelled', 'at', $3::text)
     from gone g where m.tenant_id = $1 and m.id = g.message_id and status_rank(m.status) < 4 returning m.id`,
    [tenantId, id, at],
  );
  return rows.length > 0;
}

/** Ends everything that waits in the lane of a channel that is being removed; answers what it ended. */
export function failWaiting(
  tx: Tx,
  tenantId: string,
  channelId: string,
  error: MessageFault,
  at: string,
): Promise<StoredMessage[]> {
  return tx.run<StoredMessage>(
    "messages-fail-lane",
    `with gone as (
       delete from outbox where tenant_id = $1 and lane in ($2, 'later:' || $2) returning message_id
     )
     update messages m set status = 'failed', error = $3::jsonb,
       history = m.history || jsonb_build_object('status', 'failed', 'at', $4::text)
     from gone g where m.tenant_id = $1 and m.id = g.message_id and status_rank(m.status) < 4
     returning ${MESSAGE_COLUMNS}`,
    [tenantId, channelId, JSON.stringify(error), at],
  );
}

/** A stretch of what waits, in the order it was queued: behind `after`, up to `upTo`; null = to the end. */
export interface WaitingStretch {
  after: number;
  upTo: number | null;
}

/** Where a stretch of so many texts ends; null: no more than that wait behind `after`. */
export async function stretchEnd(reader: Reader, after: number, texts: number): Promise<number | null> {
  const rows = await reader.run<{ seq: number }>(
    "outbox-stretch-end",
    `select seq from outbox where seq > $1 order by seq offset ${texts - 1} limit 1`,
    [after],
  );
  return rows[0]?.seq ?? null;
}

/**
 * Texts of a stretch that waited longer than they are worth sending, at most `limit`: off the list, status `expired`.
 * No index tells them, for it would cost each text that leaves at once.
 */
export function expireWaiting(
  tx: Tx,
  stretch: WaitingStretch,
  limit: number,
): Promise<(StoredMessage & { tenantId: string })[]> {
  return tx.run(
    "outbox-expire",
    `with late as (
       delete from outbox where seq = any (array(
         select seq from outbox where expires_at < now() and seq > $2 and seq <= $3
         order by seq limit $1 for update skip locked))
       returning tenant_id, message_id
     )
     update messages m set status = 'expired',
       history = m.history || jsonb_build_object('status', 'expired', 'at', now()),
       error = coalesce(m.error, jsonb_build_object(
         'code', case m.kind when 'compliance' then 'confirmation_late' else 'expired' end,
         'providerCode', null, 'fault', 'channel', 'text', 'It could not leave in time.'))
     from late l where m.tenant_id = l.tenant_id and m.id = l.message_id and status_rank(m.status) < 4
     returning m.tenant_id as "tenantId", ${MESSAGE_COLUMNS}`,
    [limit, stretch.after, stretch.upTo ?? Number.MAX_SAFE_INTEGER],
  );
}
