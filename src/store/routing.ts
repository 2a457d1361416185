import type { Actor, LastChange } from "../domain/board.ts";
import type { HubEvent, MessageView } from "../domain/events.ts";
import type { MessageKind } from "../domain/message.ts";
import type { Reader, Tx } from "./database.ts";

/** What the inbox worker reads before it decides, and the one statement that writes what was decided. */

export interface TenantVersion {
  id: string;
  configVersion: number;
}

export function tenantVersions(tx: Tx, tenantIds: string[]): Promise<TenantVersion[]> {
  return tx.run(
    "routing-versions",
    `select id, config_version as "configVersion" from tenants where id = any($1)`,
    [tenantIds],
  );
}

/** Locks the boards for this transaction and answers their revisions. Always in the same order. */
export async function lockBoards(tx: Tx, tenantIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.run<{ tenantId: string; revision: number }>(
    "routing-lock-boards",
    `select tenant_id as "tenantId", revision from boards where tenant_id = any($1)
     order by tenant_id for update`,
    [tenantIds],
  );
  return new Map(rows.map((row) => [row.tenantId, row.revision]));
}

export interface PersonKey {
  tenantId: string;
  channelId: string;
  /** The channel's own number: consent is kept per number and address. */
  address: string;
  phone: string;
}

export interface Person {
  channelId: string;
  phone: string;
  contactId: string | null;
  state: Record<string, unknown> | null;
  suppressed: boolean;
}

export function loadPeople(reader: Reader, keys: PersonKey[]): Promise<Person[]> {
  return reader.run(
    "routing-people",
    `select k.channel_id as "channelId", k.phone, c.id as "contactId", v.state,
       exists (select 1 from suppressions s where s.tenant_id = k.tenant_id and s.phone = k.phone
         and s.address in ('*', k.address)) as suppressed
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k(tenant_id, channel_id, address, phone)
     left join contacts c on c.tenant_id = k.tenant_id and c.phone = k.phone
     left join conversations v on v.channel_id = k.channel_id and v.phone = k.phone`,
    [
      keys.map((key) => key.tenantId),
      keys.map((key) => key.channelId),
      keys.map((key) => key.address),
      keys.map((key) => key.phone),
    ],
  );
}

/** Contacts of people who text for the first time. Whoever else makes them at the same moment, each has one id. */
export async function ensureContacts(
  tx: Tx,
  people: { id: string; tenantId: string; phone: string }[],
): Promise<{ tenantId: string; phone: string; id: string }[]> {
  return tx.run(
    "routing-contacts",
    `insert into contacts as c (id, tenant_id, phone)
     select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (tenant_id, phone) do update set updated_at = c.updated_at
     returning tenant_id as "tenantId", phone, id`,
    [people.map((p) => p.id), people.map((p) => p.tenantId), people.map((p) => p.phone)],
  );
}

export function loadReporterStates(
  reader: Reader,
  ids: string[],
): Promise<{ reporterId: string; state: Record<string, unknown> }[]> {
  return reader.run(
    "routing-reporter-states",
    `select reporter_id as "reporterId", state from reporter_states where reporter_id = any($1)`,
    [ids],
  );
}

/** Everything one batch of decisions changes, table by table. */
export interface RoutedBatch {
  messages: MessageRow[];
  outbox: OutboxRow[];
  commands: CommandRow[];
  events: HubEvent[];
  conversations: Map<string, { channelId: string; phone: string; state: object }>;
  reporterStates: Map<string, object>;
  boardChanges: BoardChangeRow[];
  items: Map<string, ItemRow>;
  boards: Map<string, number>;
  done: { bucket: number; seq: number }[];
}

export interface MessageRow {
  tenantId: string;
  view: MessageView;
  kind: MessageKind | null;
  phone: string;
  providerMessageId: string | null;
  arrivalSeq: number | null;
  expiresAt: string | null;
  history: { status: string; at: string }[];
  error: object | null;
  flags: string[];
}

export interface OutboxRow {
  tenantId: string;
  lane: string;
  messageId: string;
  conversation: string;
  priority: number;
  /** Null: at once, by the database's clock. */
  dueAt: string | null;
  expiresAt: string | null;
}

export interface CommandRow {
  tenantId: string;
  id: string;
  receivedAt: string;
  savedAt: string;
  arrivalSeq: number;
  messageId: string;
  channelId: string;
  phone: string;
  reporterId: string | null;
  reporterName: string | null;
  text: string;
  outcome: string;
  meaning: object;
  changes: object[];
  replyMessageId: string | null;
  replyKey: string | null;
  replyText: string | null;
  withheld: string | null;
  undoOf: string | null;
  trace: string[];
}

export interface BoardChangeRow {
  tenantId: string;
  id: string;
  itemId: string;
  kind: string;
  field: string;
  old: string | null;
  new: string | null;
  by: Actor;
  commandId: string | null;
  reverses: string | null;
  at: string;
}

export interface ItemRow {
  tenantId: string;
  id: string;
  fields: Record<string, string | null>;
  last: Record<string, LastChange>;
  revision: number;
  changed: number;
  updatedAt: string;
  by: Actor;
}

export function emptyBatch(): RoutedBatch {
  return {
    messages: [],
    outbox: [],
    commands: [],
    events: [],
    conversations: new Map(),
    reporterStates: new Map(),
    boardChanges: [],
    items: new Map(),
    boards: new Map(),
    done: [],
  };
}

const MESSAGES = `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone,
    contact_id, text, media, segments, encoding, status, flags, history, error, ref, provider_message_id,
    arrival_seq, command_id, rule_id, created_at, expires_at)
  select x."tenantId", x.view->>'id', x.view->>'channelId', x.view->>'direction', x.kind, x.view->>'from',
    x.view->>'to', x.phone, x.view->>'contactId', x.view->>'text', nullif(x.view->'media', '[]'::jsonb),
    (x.view->>'segments')::smallint, x.view->>'encoding', x.view->>'status', x.flags, x.history, x.error,
    x.view->>'ref', x."providerMessageId", x."arrivalSeq", x.view->>'commandId', x.view->>'ruleId',
    (x.view->>'createdAt')::timestamptz, x."expiresAt"
  from json_to_recordset($1::json) as x("tenantId" text, view jsonb, kind text, phone text, flags text[],
    "providerMessageId" text, "arrivalSeq" bigint, "expiresAt" timestamptz, history jsonb, error jsonb)`;

const OUTBOX = `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at, expires_at)
  select "tenantId", lane, "messageId", conversation, priority, coalesce("dueAt", now()), "expiresAt"
  from json_to_recordset($2::json) as x("tenantId" text, lane text, "messageId" text, conversation text,
    priority smallint, "dueAt" timestamptz, "expiresAt" timestamptz)`;

const COMMANDS = `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id,
    phone, reporter_id, reporter_name, text, outcome, meaning, changes, reply_message_id, reply_key, reply_text,
    withheld, undo_of, trace)
  select "tenantId", id, "receivedAt", "savedAt", "arrivalSeq", "messageId", "channelId", phone, "reporterId",
    "reporterName", text, outcome, meaning, changes, "replyMessageId", "replyKey", "replyText", withheld,
    "undoOf", trace
  from json_to_recordset($3::json) as x("tenantId" text, id text, "receivedAt" timestamptz,
    "savedAt" timestamptz, "arrivalSeq" bigint, "messageId" text, "channelId" text, phone text,
    "reporterId" text, "reporterName" text, text text, outcome text, meaning jsonb, changes jsonb,
    "replyMessageId" text, "replyKey" text, "replyText" text, withheld text, "undoOf" text, trace jsonb)`;

const EVENTS = (parameter: string) => `insert into events (tenant_id, id, type, at, data)
  select "tenantId", id, type, at, data
  from json_to_recordset(${parameter}::json) as x("tenantId" text, id text, type text, at timestamptz, data jsonb)`;

const WRITE = `
  with m as (${MESSAGES}), o as (${OUTBOX}), c as (${COMMANDS}), e as (${EVENTS("$4")}),
  v as (
    insert into conversations (channel_id, phone, state)
    select "channelId", phone, state
    from json_to_recordset($5::json) as x("channelId" text, phone text, state jsonb)
    on conflict (channel_id, phone) do update set state = excluded.state, updated_at = now()
  ), r as (
    insert into reporter_states (reporter_id, state)
    select id, state from json_to_recordset($6::json) as x(id text, state jsonb)
    on conflict (reporter_id) do update set state = excluded.state, updated_at = now()
  ), b as (
    insert into board_changes (tenant_id, id, item_id, kind, field, old, new, by, command_id, reverses, at)
    select "tenantId", id, "itemId", kind, field, old, new, by, "commandId", reverses, at
    from json_to_recordset($7::json) as x("tenantId" text, id text, "itemId" text, kind text, field text,
      old text, new text, by jsonb, "commandId" text, reverses text, at timestamptz)
  ), i as (
    update board_items t set fields = x.fields, last = x.last, revision = x.revision, changed = x.changed,
      updated_at = x."updatedAt", updated_by = x.by
    from json_to_recordset($8::json) as x("tenantId" text, id text, fields jsonb, last jsonb, revision int,
      changed bigint, "updatedAt" timestamptz, by jsonb)
    where t.tenant_id = x."tenantId" and t.id = x.id
  ), n as (
    update boards t set revision = x.revision
    from json_to_recordset($9::json) as x(id text, revision bigint) where t.tenant_id = x.id
  )
  delete from inbox t using json_to_recordset($10::json) as x(bucket smallint, seq bigint)
  where t.bucket = x.bucket and t.seq = x.seq`;

/** Writes a batch in one statement. The arrivals in `done` leave the work list with it. */
export async function writeRouted(tx: Tx, batch: RoutedBatch): Promise<void> {
  const states = [...batch.reporterStates].map(([id, state]) => ({ id, state }));
  const boards = [...batch.boards].map(([id, revision]) => ({ id, revision }));
  await tx.run("routing-write", WRITE, [
    JSON.stringify(batch.messages),
    JSON.stringify(batch.outbox),
    JSON.stringify(batch.commands),
    JSON.stringify(batch.events),
    JSON.stringify([...batch.conversations.values()]),
    JSON.stringify(states),
    JSON.stringify(batch.boardChanges),
    JSON.stringify([...batch.items.values()]),
    JSON.stringify(boards),
    JSON.stringify(batch.done),
  ]);
}

/** Events that come about outside of a routed batch. */
export async function insertEvents(tx: Tx, events: HubEvent[]): Promise<void> {
  if (events.length > 0) await tx.run("events-insert", EVENTS("$1"), [JSON.stringify(events)]);
}
