import type { ColumnType, Generated } from "kysely";
import type { Actor, LastChange } from "../domain/board.ts";
import type { MessageKind, MessageStatus } from "../domain/message.ts";

/** The tables as Kysely sees them. The truth is `migrations/`; docs/schema.sql is its dump. */
export interface Tables {
  tenants: TenantTable;
  api_keys: ApiKeyTable;
  channels: ChannelTable;
  channel_memory: { channel_id: string; key: string; value: string; updated_at: Generated<Date> };
  reporters: ReporterTable;
  reporter_phones: { tenant_id: string; phone: string; reporter_id: string };
  board_kinds: { tenant_id: string; key: string; position: number; spec: Json<unknown> };
  boards: { tenant_id: string; revision: Generated<number> };
  board_items: BoardItemTable;
  arrivals: ArrivalTable;
  contacts: ContactTable;
  conversations: { channel_id: string; phone: string; state: Json<unknown>; updated_at: Generated<Date> };
  reporter_states: { reporter_id: string; state: Json<unknown>; updated_at: Generated<Date> };
  messages: MessageTable;
  outbox: { seq: Generated<number>; lane: string; tenant_id: string; message_id: string; due_at: Date };
  outbox_flights: { seq: number; lane: string; message_id: string; claimed_at: Date };
  lanes: LaneTable;
  suppressions: SuppressionTable;
  consent_events: ConsentEventTable;
  commands: CommandTable;
  board_changes: BoardChangeTable;
  events: EventTable;
  door_refusals: DoorRefusalTable;
  audit: AuditTable;
  idempotency_keys: IdempotencyTable;
}

/** jsonb: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;

export interface TenantTable {
  id: string;
  slug: string;
  name: string;
  active: Generated<boolean>;
  country: Generated<string>;
  settings: Json<Record<string, unknown>>;
  config_version: Generated<number>;
  created_at: Generated<Date>;
}

export interface ApiKeyTable {
  id: string;
  tenant_id: string;
  name: string;
  role: Generated<string>;
  hash: Buffer;
  hint: string;
  created_at: Generated<Date>;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface ChannelTable {
  id: string;
  tenant_id: string;
  provider: string;
  name: string;
  address: string;
  settings: Json<Record<string, unknown>>;
  secrets: string | null;
  token: string;
  is_default: Generated<boolean>;
  rate: number | null;
  tags: Generated<string[]>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
}

export interface ReporterTable {
  id: string;
  tenant_id: string;
  name: string;
  permissions: string[];
  confirmation: string | null;
  undo_window_seconds: number | null;
  pin_hash: string | null;
  active: boolean;
  tags: Generated<string[]>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface BoardItemTable {
  tenant_id: string;
  id: string;
  kind: string;
  name: string;
  aliases: string[];
  number: number | null;
  area: string | null;
  fields: Json<Record<string, string | null>>;
  last: Json<Record<string, LastChange>>;
  archived: boolean;
  position: number;
  revision: Generated<number>;
  changed: number;
  updated_at: Date;
  updated_by: Json<Actor> | null;
  deleted_at: Date | null;
}

export interface ArrivalTable {
  seq: Generated<number>;
  tenant_id: string;
  channel_id: string;
  kind: string;
  payload: Json<unknown> | null;
  raw: Buffer | null;
  headers: Json<unknown> | null;
  door: string;
  client: string | null;
  received_at: Date;
  deliveries: Generated<number>;
  last_delivery_at: Date | null;
  attempts: Generated<number>;
  aside: string | null;
}

export interface ContactTable {
  id: string;
  tenant_id: string;
  phone: string;
  status: Generated<string>;
  bounces: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface MessageTable {
  tenant_id: string;
  id: string;
  channel_id: string;
  direction: "in" | "out";
  kind: MessageKind | null;
  sender: string;
  recipient: string;
  phone: string;
  contact_id: string | null;
  text: string;
  media: Json<unknown> | null;
  segments: number;
  encoding: string;
  status: MessageStatus;
  flags: Generated<string[]>;
  history: Json<unknown[]>;
  attempts: Json<unknown[]>;
  error: Json<unknown> | null;
  ref: string | null;
  provider_message_id: string | null;
  arrival_seq: number | null;
  command_id: string | null;
  rule_id: string | null;
  created_at: Date;
  expires_at: Date | null;
}

export interface LaneTable {
  id: string;
  tenant_id: string;
  concurrency: number;
  rate: number | null;
  burst: Generated<number>;
  tokens: Generated<number>;
  refilled_at: Generated<Date>;
  paused_until: Date | null;
  paused_since: Date | null;
  pause_reason: string | null;
  failures: Generated<number>;
  last_served: Generated<Date>;
  last_accepted_at: Date | null;
}

export interface SuppressionTable {
  tenant_id: string;
  phone: string;
  address: string;
  method: string;
  word: string;
  message_id: string | null;
  since: Date;
}

export interface ConsentEventTable extends Omit<SuppressionTable, "since"> {
  id: Generated<number>;
  action: string;
  text: string | null;
  received_at: Date;
  recorded_at: Generated<Date>;
}

export interface CommandTable {
  tenant_id: string;
  id: string;
  received_at: Date;
  saved_at: Date;
  arrival_seq: number;
  message_id: string;
  channel_id: string;
  phone: string;
  reporter_id: string | null;
  reporter_name: string | null;
  text: string;
  outcome: string;
  meaning: Json<unknown>;
  changes: Json<unknown[]>;
  reply_message_id: string | null;
  reply_key: string | null;
  reply_text: string | null;
  withheld: string | null;
  undo_of: string | null;
  trace: Json<unknown[]>;
}

export interface BoardChangeTable {
  tenant_id: string;
  id: string;
  item_id: string;
  kind: string;
  field: string;
  old: string | null;
  new: string | null;
  by: Json<Actor>;
  command_id: string | null;
  reverses: string | null;
  at: Date;
}

export interface EventTable {
  tenant_id: string;
  id: string;
  tx: Generated<string>;
  type: string;
  at: Date;
  data: Json<unknown>;
}

export interface DoorRefusalTable {
  id: Generated<number>;
  channel_id: string;
  at: Generated<Date>;
  door: string;
  client: string;
  reason: string;
  sample: Json<unknown>;
}

export interface AuditTable {
  tenant_id: string;
  id: string;
  at: Generated<Date>;
  actor: Json<Actor>;
  action: string;
  object: string;
  detail: Json<unknown>;
}

export interface IdempotencyTable {
  tenant_id: string;
  key: string;
  request_hash: Buffer;
  status: number | null;
  answer: Json<unknown> | null;
  created_at: Generated<Date>;
}
