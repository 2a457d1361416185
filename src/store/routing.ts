import type { Actor, LastChange } from "../domain/board.ts";
import type { HubEvent, MessageView } from "../domain/events.ts";
import { idAt } from "../domain/ids.ts";
import type { MessageKind } from "../domain/message.ts";
import { insertAlertMails } from "./alert-mails.ts";
import type { Column } from "./bulk.ts";
import { bulk } from "./bulk.ts";
import type { Reader, Tx } from "./database.ts";
import type { TripRow } from "./guards.ts";
import { writeTrips } from "./guards.ts";
import type { RuleDelivery } from "./hook-queue.ts";
import { insertDeliveries } from "./hook-queue.ts";
import type { NewMail } from "./mails.ts";
import { insertMails } from "./mails.ts";
import type { NewMedia } from "./media.ts";
import { insertMedia } from "./media.ts";
import { keptProviderId } from "./provider-id.ts";
import type { Reaction } from "./reactions.ts";
import { tieReactions } from "./reactions.ts";

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
  /** What the person has opted out of, as `suppressions` keeps it. */
  optedOutOf: string[];
  /** When a person released the guards of this conversation, when we wrote of our own accord; ms. */
  releasedAt: number | null;
  spokenAt: number | null;
  /** The channel's provider refuses to carry texts to this person. */
  blocked: boolean;
  /** Reference of the last text with one that went from this address to this person. */
  ref: string | null;
}

/** How long a text may be answered with its reference, ms. */
const REF_LIVES_MS = 7 * 86_400_000;

export function loadPeople(reader: Reader, keys: PersonKey[]): Promise<Person[]> {
  return reader.run(
    "routing-people",
    `select k.channel_id as "channelId", k.phone, c.id as "contactId", v.state,
       (extract(epoch from v.released_at) * 1000)::float8 as "releasedAt",
       (extract(epoch from v.spoken_at) * 1000)::float8 as "spokenAt",
       array(select s.address from suppressions s where s.tenant_id = k.tenant_id and s.phone = k.phone)
         as "optedOutOf",
       coalesce((select b.lifted_at is null from provider_blocks b where b.tenant_id = k.tenant_id
         and b.phone = k.phone and b.channel_id = k.channel_id), false) as blocked,
       (select m.ref from messages m where m.tenant_id = k.tenant_id and m.phone = k.phone and m.id > $5
         and m.sender = k.address and m.ref is not null and m.direction = 'out'
         order by m.id desc limit 1) as ref
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k(tenant_id, channel_id, phone, address)
     left join contacts c on c.tenant_id = k.tenant_id and c.phone = k.phone
     left join conversations v on v.channel_id = k.channel_id and v.phone = k.phone`,
    [
      keys.map((key) => key.tenantId),
      keys.map((key) => key.channelId),
      keys.map((key) => key.phone),
      keys.map((key) => key.address),
      idAt("msg", Date.now() - REF_LIVES_MS),
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
  media: NewMedia[];
  mails: NewMail[];
  /** Endpoints of rules that hear of a text. */
  webhooks: RuleDelivery[];
  outbox: OutboxRow[];
  commands: CommandRow[];
  events: HubEvent[];
  conversations: Map<string, { channelId: string; phone: string; state: object }>;
  reporterStates: Map<string, object>;
  boardChanges: BoardChangeRow[];
  items: Map<string, ItemRow>;
  boards: Map<string, number>;
  trips: TripRow[];
  reactions: Reaction[];
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
  history: { status: string; at: string; sendAt?: string; text?: string }[];
}

export interface OutboxRow {
  tenantId: string;
  lane: string;
  messageId: string;
  conversation: string;
  priority: number;
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
    media: [],
    mails: [],
    webhooks: [],
    outbox: [],
    commands: [],
    events: [],
    conversations: new Map(),
    reporterStates: new Map(),
    boardChanges: [],
    items: new Map(),
    boards: new Map(),
    trips: [],
    reactions: [],
    done: [],
  };
}

const MESSAGES = bulk<MessageRow>([
  ["tenant_id", "word", (row) => row.tenantId],
  ["id", "word", (row) => row.view.id],
  ["channel_id", "word", (row) => row.view.channelId],
  ["direction", "word", (row) => row.view.direction],
  ["kind", "word", (row) => row.kind],
  ["sender", "free", (row) => row.view.from],
  ["recipient", "free", (row) => row.view.to],
  ["phone", "free", (row) => row.phone],
  ["contact_id", "word", (row) => row.view.contactId],
  ["text", "free", (row) => row.view.text],
  ["media", "json", (row) => (row.view.media.length > 0 ? row.view.media : null)],
  ["segments", "smallint", (row) => row.view.segments],
  ["encoding", "word", (row) => row.view.encoding],
  ["status", "word", (row) => row.view.status],
  ["history", "jsonb", (row) => row.history],
  ["ref", "free", (row) => row.view.ref],
  ["provider_message_id", "free", (row) => keptProviderId(row.providerMessageId)],
  ["arrival_seq", "bigint", (row) => row.arrivalSeq],
  ["command_id", "word", (row) => row.view.commandId],
  ["rule_id", "word", (row) => row.view.ruleId],
  ["created_at", "timestamptz", (row) => row.view.createdAt],
  ["expires_at", "timestamptz", (row) => row.expiresAt],
]);

const OUTBOX = bulk<OutboxRow>(
  [
    ["tenant_id", "word", (row) => row.tenantId],
    ["lane", "word", (row) => row.lane],
    ["message_id", "word", (row) => row.messageId],
    ["conversation", "free", (row) => row.conversation],
    ["priority", "smallint", (row) => row.priority],
    ["expires_at", "timestamptz", (row) => row.expiresAt],
  ],
  1 + MESSAGES.count,
);

const COMMANDS = bulk<CommandRow>(
  [
    ["tenant_id", "word", (row) => row.tenantId],
    ["id", "word", (row) => row.id],
    ["received_at", "timestamptz", (row) => row.receivedAt],
    ["saved_at", "timestamptz", (row) => row.savedAt],
    ["arrival_seq", "bigint", (row) => row.arrivalSeq],
    ["message_id", "word", (row) => row.messageId],
    ["channel_id", "word", (row) => row.channelId],
    ["phone", "free", (row) => row.phone],
    ["reporter_id", "word", (row) => row.reporterId],
    ["reporter_name", "free", (row) => row.reporterName],
    ["text", "free", (row) => row.text],
    ["outcome", "word", (row) => row.outcome],
    ["meaning", "json", (row) => row.meaning],
    ["changes", "json", (row) => row.changes],
    ["reply_message_id", "word", (row) => row.replyMessageId],
    ["reply_key", "word", (row) => row.replyKey],
    ["reply_text", "free", (row) => row.replyText],
    ["withheld", "word", (row) => row.withheld],
    ["undo_of", "word", (row) => row.undoOf],
    ["trace", "json", (row) => row.trace],
  ],
  1 + MESSAGES.count + OUTBOX.count,
);

const eventColumns: Column<HubEvent>[] = [
  ["tenant_id", "word", (event) => event.tenantId],
  ["id", "word", (event) => event.id],
  ["type", "word", (event) => event.type],
  ["at", "timestamptz", (event) => event.at],
  ["data", "json", (event) => event.data],
];
const EVENTS = bulk(eventColumns);
const ROUTED_EVENTS = bulk(eventColumns, 1 + MESSAGES.count + OUTBOX.count + COMMANDS.count);

/** The rest are few in a batch, or replace what is there. */
const REST = 1 + MESSAGES.count + OUTBOX.count + COMMANDS.count + ROUTED_EVENTS.count;

const WRITE = `
  with m as (insert into messages (${MESSAGES.names}) ${MESSAGES.select}),
  o as (
    insert into outbox (${OUTBOX.names}, due_at) select *, now() from (${OUTBOX.select}) rows
  ),
  c as (insert into commands (${COMMANDS.names}) ${COMMANDS.select}),
  e as (insert into events (${ROUTED_EVENTS.names}) ${ROUTED_EVENTS.select}),
  v as (
    insert into conversations (channel_id, phone, state)
    select "channelId", phone, state
    from json_to_recordset($${REST}::json) as x("channelId" text, phone text, state json)
    on conflict (channel_id, phone) do update set state = excluded.state, updated_at = now()
  ), r as (
    insert into reporter_states (reporter_id, state)
    select id, state from json_to_recordset($${REST + 1}::json) as x(id text, state json)
    on conflict (reporter_id) do update set state = excluded.state, updated_at = now()
  ), b as (
    insert into board_changes (tenant_id, id, item_id, kind, field, old, new, by, command_id, reverses, at)
    select "tenantId", id, "itemId", kind, field, old, new, by, "commandId", reverses, at
    from json_to_recordset($${REST + 2}::json) as x("tenantId" text, id text, "itemId" text, kind text,
      field text, old text, new text, by json, "commandId" text, reverses text, at timestamptz)
  ), i as (
    update board_items t set fields = x.fields, last = x.last, revision = x.revision, changed = x.changed,
      updated_at = x."updatedAt", updated_by = x.by
    from json_to_recordset($${REST + 3}::json) as x("tenantId" text, id text, fields jsonb, last jsonb,
      revision int, changed bigint, "updatedAt" timestamptz, by jsonb)
    where t.tenant_id = x."tenantId" and t.id = x.id
  ), n as (
    update boards t set revision = x.revision
    from json_to_recordset($${REST + 4}::json) as x(id text, revision bigint) where t.tenant_id = x.id
  )
  delete from inbox t using unnest($${REST + 5}::smallint[], $${REST + 6}::bigint[]) as x(bucket, seq)
  where t.bucket = x.bucket and t.seq = x.seq`;

/** Writes a batch in one statement. The arrivals in `done` leave the work list with it. */
export async function writeRouted(tx: Tx, batch: RoutedBatch): Promise<void> {
  if (batch.media.length > 0) await insertMedia(tx, batch.media);
  if (batch.trips.length > 0) await writeTrips(tx, batch.trips);
  await insertMails(tx, batch.mails);
  await insertAlertMails(tx, batch.events);
  await insertDeliveries(tx, batch.webhooks);
  await tx.run("routing-write", WRITE, [
    ...MESSAGES.values(batch.messages),
    ...OUTBOX.values(batch.outbox),
    ...COMMANDS.values(batch.commands),
    ...ROUTED_EVENTS.values(batch.events),
    JSON.stringify([...batch.conversations.values()]),
    JSON.stringify([...batch.reporterStates].map(([id, state]) => ({ id, state }))),
    JSON.stringify(batch.boardChanges),
    JSON.stringify([...batch.items.values()]),
    JSON.stringify([...batch.boards].map(([id, revision]) => ({ id, revision }))),
    batch.done.map((row) => row.bucket),
    batch.done.map((row) => row.seq),
  ]);
  await tieReactions(tx, batch.reactions);
}

/** Events that come about outside of a routed batch. */
export async function insertEvents(tx: Tx, events: HubEvent[]): Promise<void> {
  if (events.length === 0) return;
  await insertAlertMails(tx, events);
  const insert = `insert into events (${EVENTS.names}) ${EVENTS.select}`;
  await tx.run("events-insert", insert, EVENTS.values(events));
}
