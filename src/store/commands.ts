import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reader } from "./database.ts";
import { idCeiling, idFloor } from "./id-floor.ts";

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

export interface CommandPage {
  rows: LoggedCommand[];
  /** Where to go on: also set when the search stopped before it found a full page. Null: nothing is left. */
  next: string | null;
}

/** Rows of the first window and of the largest; each is four times the one before. */
const FIRST_WINDOW = 4_000;
const LARGEST_WINDOW = 16_000;
/** A search that finds little stops after this time, ms, and says where it goes on. */
const SEARCH_MS = 80;
const PAST_ALL_IDS = "cmd_z";

/**
 * Newest first. What an index does not answer is looked for in windows of the log, from the newest on, so that
 * neither a rare match nor a frequent one costs a walk through all of it.
 */
export async function listCommands(
  reader: Reader,
  tenantId: string,
  options: { filter: CommandFilter; after: string | null; limit: number; searchMs?: number },
): Promise<CommandPage> {
  const { filter, after, limit, searchMs = SEARCH_MS } = options;
  const stopAt = performance.now() + searchMs;
  const { late, below } = await lateRows(reader, tenantId, options);
  const rows = late;
  let from = below ?? after;
  for (let size = FIRST_WINDOW; ; size = Math.min(size * 4, LARGEST_WINDOW)) {
    const edge = rows.length > limit ? null : await edgeOf(reader, tenantId, filter, from, size);
    const bounds = { least: edge, below: from };
    const wanted = limit + 1 - rows.length;
    if (wanted > 0) rows.push(...(await commandsIn(reader, tenantId, filter, bounds, wanted)));
    if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1]?.id ?? null };
    if (edge === null || performance.now() > stopAt) return { rows, next: edge };
    from = edge;
  }
}

export async function commandById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<LoggedCommand | null> {
  const [row] = await commandsIn(reader, tenantId, { id }, { least: null, below: null }, 1);
  return row ?? null;
}

/**
 * An id is made when its text is routed, nearly always within a day after it came: from there on a log up to some
 * time is read. Texts that waited longer, such as those set aside and read again, have an index of their own.
 */
async function lateRows(
  reader: Reader,
  tenantId: string,
  { filter, after, limit }: { filter: CommandFilter; after: string | null; limit: number },
): Promise<{ late: LoggedCommand[]; below: string | null }> {
  const ceiling = filter.until ? idCeiling("cmd", filter.until) : null;
  if (ceiling === null || (after !== null && after <= ceiling)) return { late: [], below: null };
  const bounds = { least: ceiling, below: after, onlyLate: true };
  return { late: await commandsIn(reader, tenantId, filter, bounds, limit + 1), below: ceiling };
}

/**
 * The last id of a window that was full: it still belongs to the window. Null: the rest is smaller than that, or is
 * found by an index. The log of a change is read by the changes, which are fewer than the texts.
 */
async function edgeOf(
  reader: Reader,
  tenantId: string,
  filter: CommandFilter,
  below: string | null,
  size: number,
): Promise<string | null> {
  const { item, reporter, outcome, since } = filter;
  if (item !== undefined) return null;
  const byChange = speaksOfChange(filter) && reporter === undefined && outcome === undefined;
  const id = sql.ref(byChange ? "command_id" : "id");
  const of = [sql`tenant_id = ${tenantId}`, sql`${id} < ${below ?? PAST_ALL_IDS}`];
  if (since) of.push(sql`${id} >= ${idFloor("cmd", since)}`);
  if (reporter !== undefined) of.push(sql`reporter_id = ${reporter}`);
  else if (outcome !== undefined) of.push(sql`outcome = ${outcome}`);
  const result = await sql<{ id: string }>`
    select ${id} as id from ${sql.table(byChange ? "board_changes" : "commands")}
    where ${sql.join(of, sql` and `)} order by ${id} desc offset ${size - 1} limit 1`.execute(reader.q);
  return result.rows[0]?.id ?? null;
}

interface Bounds {
  /** Inclusive. */
  least: string | null;
  /** Exclusive. */
  below: string | null;
  /** Only texts that were routed long after they came. */
  onlyLate?: boolean;
}

/** The rows of a page are chosen before anything is joined to them. */
async function commandsIn(
  reader: Reader,
  tenantId: string,
  filter: CommandFilter,
  bounds: Bounds,
  limit: number,
): Promise<LoggedCommand[]> {
  const { ids, source } = sourceOf(tenantId, filter, bounds);
  const result = await sql<LoggedCommand>`
    with ${ids} p as materialized (
      select c.* from ${source} where ${sql.join(conditionsOf(tenantId, filter, bounds), sql` and `)}
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
  bounds: Bounds,
): { ids: RawBuilder<unknown>; source: RawBuilder<unknown> } {
  if (filter.item === undefined) return { ids: sql``, source: sql`commands c` };
  const of = [...changeConditions(tenantId, filter, bounds), sql`b.command_id is not null`];
  return {
    ids: sql`changed as materialized (
      select distinct b.command_id as id from board_changes b where ${sql.join(of, sql` and `)}
    ),`,
    source: sql`changed join commands c on c.tenant_id = ${tenantId} and c.id = changed.id`,
  };
}

function changeConditions(
  tenantId: string,
  filter: CommandFilter,
  { least, below }: Bounds,
): RawBuilder<unknown>[] {
  const { kind, item, field, value } = filter;
  const conditions = [sql`b.tenant_id = ${tenantId}`];
  if (least !== null) conditions.push(sql`b.command_id >= ${least}`);
  if (below !== null) conditions.push(sql`b.command_id < ${below}`);
  if (item !== undefined) conditions.push(sql`b.item_id = ${item}`);
  if (kind !== undefined) conditions.push(sql`b.kind = ${kind}`);
  if (field !== undefined) conditions.push(sql`b.field = ${field}`);
  if (value !== undefined) conditions.push(sql`b.new = ${value}`);
  return conditions;
}

function conditionsOf(tenantId: string, filter: CommandFilter, bounds: Bounds): RawBuilder<unknown>[] {
  const { item, since, until, q, replyStatus } = filter;
  const conditions = [sql`c.tenant_id = ${tenantId}`];
  if (bounds.least !== null) conditions.push(sql`c.id >= ${bounds.least}`);
  if (bounds.below !== null) conditions.push(sql`c.id < ${bounds.below}`);
  // Word for word what the index `commands_late` says.
  if (bounds.onlyLate) conditions.push(sql`c.saved_at - c.received_at > interval '24 hours'`);
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
  if (item === undefined && speaksOfChange(filter)) {
    const of = sql.join(changeConditions(tenantId, filter, bounds), sql` and `);
    conditions.push(sql`c.id in (select b.command_id from board_changes b where ${of})`);
  }
  return conditions;
}

function speaksOfChange({ kind, field, value }: CommandFilter): boolean {
  return kind !== undefined || field !== undefined || value !== undefined;
}
