import type { ColumnType, Generated } from "kysely";
import type { Actor, LastChange } from "../domain/board.ts";
import type { MessageKind, MessageStatus } from "../domain/message.ts";
import type { HookTables } from "./hook-tables.ts";
import type { PeopleTables } from "./people-tables.ts";

/** The tables as Kysely sees them. The truth is `migrations/`; docs/schema.sql is its dump. */
export interface Tables extends HookTables, PeopleTables {
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
  inbound_parts: { channel_id: string; sender: string; reference: string; part: number; text: string };
  contacts: ContactTable;
  conversations: {
    channel_id: string;
    phone: string;
    state: Json<unknown>;
    updated_at: Generated<Date>;
    released_at: Date | null;
    spoken_at: Date | null;
  };
  guard_trips: GuardTripTable;
  budget_days: BudgetDayTable;
  reporter_states: { reporter_id: string; state: Json<unknown>; updated_at: Generated<Date> };
  messages: MessageTable;
  media: MediaTable;
  outbox: { seq: Generated<number>; lane: string; tenant_id: string; message_id: string; due_at: Date };
  outbox_flights: { seq: number; lane: string; message_id: string; claimed_at: Date };
  lanes: LaneTable;
  suppressions: SuppressionTable;
  consent_events: ConsentEventTable;
  provider_blocks: ProviderBlockTable;
  consent_reviews: ConsentReviewTable;
  commands: CommandTable;
  board_changes: BoardChangeTable;
  events: EventTable;
  door_refusals: DoorRefusalTable;
  door_nonces: { channel_id: string; nonce: Buffer; at: Generated<Date> };
  rules: RuleTable;
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
  rules_version: Generated<number>;
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

export interface RuleTable {
  id: string;
  tenant_id: string;
  name: string;
  priority: number;
  enabled: boolean;
  match: Json<unknown>;
  sender_filter: string | null;
  channel_id: string | null;
  cooldown_seconds: number;
  short_codes: boolean;
  actions: Json<unknown>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
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
  fallback_id: string | null;
  tags: Generated<string[]>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
  proof_before: string | null;
  proof_before_until: Date | null;
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
  provider_segments: number | null;
  arrival_seq: number | null;
  command_id: string | null;
  rule_id: string | null;
  created_at: Date;
  expires_at: Date | null;
}

export interface MediaTable {
  tenant_id: string;
  id: string;
  message_id: string;
  position: number;
  channel_id: string;
  source_url: string | null;
  content_type: string | null;
  bytes: number | null;
  file_name: string | null;
  state: string;
  reason: string | null;
  content: Buffer | null;
  attempts: Generated<number>;
  due_at: Date | null;
  created_at: Date;
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
  pause_cause: string | null;
  refused_since: Date | null;
  refused_reason: string | null;
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
  channel_id: string | null;
  actor: Json<Actor> | null;
  note: string | null;
  evidence: Json<unknown> | null;
}

export interface ProviderBlockTable {
  tenant_id: string;
  phone: string;
  channel_id: string;
  code: string;
  message_id: string | null;
  since: Date;
  last_seen_at: Date;
  lifted_at: Date | null;
  logged_at: Date | null;
}

export interface ConsentReviewTable {
  tenant_id: string;
  id: string;
  phone: string;
  channel_id: string;
  kind: string;
  scope: string;
  text: string;
  phrase: string;
  version: string;
  message_id: string;
  pauses_broadcasts: boolean;
  state: Generated<string>;
  decided_by: Json<Actor> | null;
  decided_at: Date | null;
  reason: string | null;
  created_at: Date;
}

export interface GuardTripTable {
  tenant_id: string;
  id: string;
  at: Date;
  last_at: Date;
  rule: string;
  channel_id: string | null;
  address: string;
  phone: string | null;
  counter: number;
  limit: number;
  text_hash: number | null;
  withheld: string;
  times: Generated<number>;
  told: Generated<boolean>;
  ends_at: Date;
  released_at: Date | null;
}

export interface BudgetDayTable {
  tenant_id: string;
  address: string;
  day: string;
  segments: Generated<number>;
  told: Generated<number>;
  released_at: Date | null;
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
