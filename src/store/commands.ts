import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reader } from "./database.ts";
import { idFloor } from "./id-floor.ts";

/** What to look for in the log; all of it must hold. Kind, item, field and value speak of one change. */
export interface CommandFilter {
  /** One row of the log. */
  id?: string | undefined;
  kind?: string | undefined;
  item?: string | undefined;
  field?: string | undefined;
  value?: string | undefined;
  reporter?: string | undefined;
  channel?: string | undefined;
  outcome?: string | undefined;
  /** A status of the reply, or `withheld`. */
  replyStatus?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Part of the text, in any case. */
  q?: string | undefined;
}

/** A row of the log with what has been added to it since. */
export interface LoggedCommand {
  id: string;
  receivedAt: Date;
  savedAt: Date;
  messageId: string;
  channelId: string;
  phone: string;
  reporterId: string | null;
  reporterName: string | null;
  text: string;
  outcome: string;
  meaning: LoggedMeaning;
  changes: LoggedChange[];
  replyMessageId: string | null;
  replyKey: string | null;
  replyText: string | null;
  withheld: string | null;
  undoOf: string | null;
  trace: string[];
  reporterTags: string[] | null;
  channelName: string | null;
  provider: string | null;
  channelTags: string[] | null;
  deliveries: number | null;
  providerMessageId: string | null;
  replySegments: number | null;
  replyStatus: string | null;
  replyHistory: { status: string; at: string }[] | null;
  replyError: unknown;
  replyAttempts: unknown[] | null;
}

export interface LoggedMeaning {
  keyword: string | null;
  parts: { text: string; verb: string | null; hint: string | null; row: number | null; items: string[] }[];
}

export interface LoggedChange {
  id: string | null;
  itemId: string;
  item: string;
  kind: string;
  field: string;
  from: string | null;
  to: string | null;
  reverses: string | null;
}

/** Newest first. The rows of a page are chosen before anything is joined to them. */
export async function listCommands(
  reader: Reader,
  tenantId: string,
  options: { filter: CommandFilter; after: string | null; limit: number },
): Promise<LoggedCommand[]> {
  const { filter, after, limit } = options;
  const { ids, source } = sourceOf(tenantId, filter, after);
  const result = await sql<LoggedCommand>`
    with ${ids} p as materialized (
      select c.* from ${source} where ${sql.join(conditionsOf(tenantId, filter, after), sql` and `)}
      order by c.id desc limit ${limit}
    )
    select p.id, p.received_at as "receivedAt", p.saved_at as "savedAt", p.message_id as "messageId",
      p.channel_id as "channelId", p.phone, p.reporter_id as "reporterId", p.reporter_name as "reporterName",
      p.text, p.outcome, p.meaning, p.changes, p.reply_message_id as "replyMessageId",
      p.reply_key as "replyKey", p.reply_text as "replyText", p.withheld, p.undo_of as "undoOf", p.trace,
      r.tags as "reporterTags", ch.name as "channelName", ch.provider, ch.tags as "channelTags",
      a.deliveries, i.provider_message_id as "providerMessageId", o.segments as "replySegments",
      o.status as "replyStatus", o.history as "replyHistory", o.error as "replyError",
      o.attempts as "replyAttempts"
    from p
    left join reporters r on r.id = p.reporter_id
    left join channels ch on ch.id = p.channel_id
    left join arrivals a on a.seq = p.arrival_seq
    left join messages i on i.tenant_id = p.tenant_id and i.id = p.message_id
    left join messages o on o.tenant_id = p.tenant_id and o.id = p.reply_message_id
    order by p.id desc`.execute(reader.q);
  return result.rows;
}

/**
 * The changes of one item are few: they are looked up first, and the log is read by their command ids. Left to
 * itself the planner would walk the whole log backwards for an item that rarely changes.
 */
function sourceOf(
  tenantId: string,
  filter: CommandFilter,
  after: string | null,
): { ids: RawBuilder<unknown>; source: RawBuilder<unknown> } {
  if (filter.item === undefined) return { ids: sql``, source: sql`commands c` };
  const of = [...changeConditions(tenantId, filter), sql`b.command_id is not null`];
  if (after !== null) of.push(sql`b.command_id < ${after}`);
  return {
    ids: sql`changed as materialized (
      select distinct b.command_id as id from board_changes b where ${sql.join(of, sql` and `)}
    ),`,
    source: sql`changed join commands c on c.tenant_id = ${tenantId} and c.id = changed.id`,
  };
}

function changeConditions(tenantId: string, filter: CommandFilter): RawBuilder<unknown>[] {
  const { kind, item, field, value } = filter;
  const conditions = [sql`b.tenant_id = ${tenantId}`];
  if (item !== undefined) conditions.push(sql`b.item_id = ${item}`);
  if (kind !== undefined) conditions.push(sql`b.kind = ${kind}`);
  if (field !== undefined) conditions.push(sql`b.field = ${field}`);
  if (value !== undefined) conditions.push(sql`b.new = ${value}`);
  return conditions;
}

function conditionsOf(tenantId: string, filter: CommandFilter, after: string | null): RawBuilder<unknown>[] {
  const { kind, item, field, value, since, until, q, replyStatus } = filter;
  const conditions = [sql`c.tenant_id = ${tenantId}`];
  if (after !== null) conditions.push(sql`c.id < ${after}`);
  if (filter.id !== undefined) conditions.push(sql`c.id = ${filter.id}`);
  if (filter.reporter !== undefined) conditions.push(sql`c.reporter_id = ${filter.reporter}`);
  if (filter.channel !== undefined) conditions.push(sql`c.channel_id = ${filter.channel}`);
  if (filter.outcome !== undefined) conditions.push(sql`c.outcome = ${filter.outcome}`);
  if (since) conditions.push(sql`c.received_at >= ${since} and c.id >= ${idFloor("cmd", since)}`);
  if (until) conditions.push(sql`c.received_at < ${until}`);
  if (q !== undefined) conditions.push(sql`c.text ilike ${`%${q.replace(/[\\%_]/g, "\\$&")}%`}`);
  if (replyStatus === "withheld") conditions.push(sql`c.withheld is not null`);
  else if (replyStatus !== undefined) {
    conditions.push(sql`exists (select 1 from messages m
      where m.tenant_id = c.tenant_id and m.id = c.reply_message_id and m.status = ${replyStatus})`);
  }
  const speaksOfChange = kind !== undefined || field !== undefined || value !== undefined;
  if (item === undefined && speaksOfChange) {
    const of = sql.join(changeConditions(tenantId, filter), sql` and `);
    conditions.push(sql`c.id in (select b.command_id from board_changes b where ${of})`);
  }
  return conditions;
}
