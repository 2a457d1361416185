-- Configuration: what people set up. Small tables, read into memory, guarded by foreign keys.

create table tenants (
  id text primary key,
  slug text not null unique,
  name text not null,
  active boolean not null default true,
  country text not null default 'US',
  -- Only what differs from the defaults.
  settings jsonb not null default '{}',
  -- Counts up with every change of settings, kinds, reporters or channels: workers reload when it moved.
  config_version bigint not null default 1,
  created_at timestamptz not null default now()
);

create table api_keys (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  name text not null,
  role text not null default 'owner',
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table channels (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  provider text not null,
  name text not null,
  address text not null,
  settings jsonb not null default '{}',
  -- Sealed JSON of the secret settings; the channel id is the associated data.
  secrets text,
  token text not null unique,
  is_default boolean not null default false,
  rate double precision,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create unique index channels_one_default on channels (tenant_id) where is_default and deleted_at is null;

-- What a channel remembers for good: contact ids at the provider, a way of sending that was refused.
create table channel_memory (
  channel_id text not null references channels (id) on delete cascade,
  key text not null,
  value text not null,
  updated_at timestamptz not null default now(),
  primary key (channel_id, key)
);

-- Least distance between two calls of one route of a slow provider, over all processes.
create table route_paces (
  channel_id text not null references channels (id) on delete cascade,
  route text not null,
  next_at timestamptz not null,
  primary key (channel_id, route)
);

create table reporters (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  name text not null,
  permissions text[] not null default '{}',
  confirmation text,
  undo_window_seconds integer,
  pin_hash text,
  active boolean not null default true,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table reporter_phones (
  tenant_id text not null references tenants (id) on delete cascade,
  phone text not null,
  reporter_id text not null references reporters (id) on delete cascade,
  primary key (tenant_id, phone)
);

create index reporter_phones_by_reporter on reporter_phones (reporter_id);

create table board_kinds (
  tenant_id text not null references tenants (id) on delete cascade,
  key text not null,
  position integer not null,
  spec jsonb not null,
  primary key (tenant_id, key)
);

-- The row that a writer of the board locks: one board, one writer at a time.
create table boards (
  tenant_id text primary key references tenants (id) on delete cascade,
  revision bigint not null default 0
);

create table board_items (
  tenant_id text not null references tenants (id) on delete cascade,
  id text not null,
  kind text not null,
  name text not null,
  aliases text[] not null default '{}',
  number integer,
  area text,
  fields jsonb not null default '{}',
  last jsonb not null default '{}',
  archived boolean not null default false,
  position integer not null,
  revision integer not null default 0,
  -- The board's revision at which this item last changed: what a cached board asks for.
  changed bigint not null default 0,
  updated_at timestamptz not null default now(),
  updated_by jsonb,
  deleted_at timestamptz,
  primary key (tenant_id, id)
);

create index board_items_changed on board_items (tenant_id, changed);

-- Traffic. No foreign keys: rows are written in batches and outlive what they name.

-- The journal of everything a provider handed us. Written once by the door, before the answer.
create table arrivals (
  seq bigint generated always as identity primary key,
  tenant_id text not null,
  channel_id text not null,
  -- First 16 bytes of the SHA-256 of the dedupe key.
  dedupe bytea not null,
  kind text not null,
  payload json,
  raw bytea,
  headers json,
  door text not null,
  client text,
  -- Where it waits for routing.
  bucket smallint not null,
  received_at timestamptz not null,
  deliveries integer not null default 1,
  last_delivery_at timestamptz,
  attempts smallint not null default 0,
  -- Why it was set aside: not understood, or routing failed three times.
  aside text
) with (fillfactor = 90);

create unique index arrivals_once on arrivals (channel_id, dedupe);
-- Tiny, for the rows are in the order of time: finds what retention wants.
create index arrivals_received on arrivals using brin (received_at);
create index arrivals_aside on arrivals (tenant_id, seq) where aside is not null;

-- The work list over `arrivals`: a row here is an arrival that is not finished.
create table inbox (
  bucket smallint not null,
  seq bigint not null,
  primary key (bucket, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- A worker locks the buckets it works on; a conversation lives in one bucket, so its order is kept.
create table inbox_buckets (
  bucket smallint primary key
);

insert into inbox_buckets select generate_series(0, 63);

create table contacts (
  id text primary key,
  tenant_id text not null,
  phone text not null,
  -- active, suspended, deactivated, resumed, transferred: what carriers said last.
  status text not null default 'active',
  bounces integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index contacts_phone on contacts (tenant_id, phone);

-- What is remembered between two texts of one sender on one channel.
create table conversations (
  channel_id text not null,
  phone text not null,
  state json not null,
  updated_at timestamptz not null default now(),
  primary key (channel_id, phone)
) with (fillfactor = 70);

create table reporter_states (
  reporter_id text primary key,
  state json not null,
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

create table messages (
  tenant_id text not null,
  id text not null,
  channel_id text not null,
  direction text not null,
  kind text,
  sender text not null,
  recipient text not null,
  -- The person's side: sender of an inbound, recipient of an outbound text.
  phone text not null,
  contact_id text,
  text text not null,
  media json,
  segments smallint not null,
  encoding text not null,
  status text not null,
  flags text[] not null default '{}',
  history jsonb not null default '[]',
  attempts jsonb not null default '[]',
  error jsonb,
  ref text,
  provider_message_id text,
  arrival_seq bigint,
  command_id text,
  rule_id text,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (tenant_id, id)
) with (fillfactor = 75);

create index messages_by_phone on messages (tenant_id, phone, id);
create index messages_by_provider_id on messages (channel_id, provider_message_id)
  where provider_message_id is not null;
create index messages_uncertain on messages (tenant_id, id) where 'uncertain' = any (flags);

-- The work list of everything that has to leave. A row is deleted when it is settled.
create table outbox (
  seq bigint generated always as identity primary key,
  tenant_id text not null,
  lane text not null,
  message_id text not null,
  -- Texts to one recipient leave one after the other.
  conversation text not null,
  priority smallint not null,
  due_at timestamptz not null,
  -- Not worth sending later than this: it expires, also while the lane is paused.
  expires_at timestamptz,
  attempts smallint not null default 0,
  -- Put back after a failed try: later texts of the same conversation wait for it.
  retrying boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

create index outbox_waiting on outbox (lane, priority, seq);
create index outbox_retrying on outbox (lane, conversation, seq) where retrying;
create index outbox_by_message on outbox (message_id);

-- What is on its way right now: moved here by the claim, deleted by the settle.
create table outbox_flights (
  seq bigint primary key,
  tenant_id text not null,
  lane text not null,
  message_id text not null,
  conversation text not null,
  priority smallint not null,
  expires_at timestamptz,
  attempts smallint not null,
  claim text not null,
  node text not null,
  claimed_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

create index outbox_flights_lane on outbox_flights (lane, conversation);

create table lanes (
  id text primary key,
  tenant_id text not null,
  concurrency smallint not null,
  -- Sends per second; null = no limit. Tokens refill at this rate up to `burst`.
  rate double precision,
  burst double precision not null default 1,
  tokens double precision not null default 1,
  refilled_at timestamptz not null default now(),
  paused_until timestamptz,
  paused_since timestamptz,
  pause_reason text,
  -- Failures in a row that count against the lane.
  failures integer not null default 0,
  last_served timestamptz not null default 'epoch',
  last_accepted_at timestamptz
) with (fillfactor = 50);

-- Texts whose provider sends no receipts, until somebody was told how they ended.
create table polls (
  tenant_id text not null,
  message_id text not null,
  channel_id text not null,
  provider_message_id text not null,
  step smallint not null default 0,
  due_at timestamptz not null,
  primary key (tenant_id, message_id)
);

create index polls_due on polls (due_at);

-- Receipts that came before the answer to their send.
create table orphan_receipts (
  channel_id text not null,
  provider_message_id text not null,
  arrival_seq bigint not null,
  bucket smallint not null,
  since timestamptz not null default now(),
  primary key (channel_id, provider_message_id, arrival_seq)
);

-- Who may not be texted: the current state. `address` is '*' for every address of the tenant.
create table suppressions (
  tenant_id text not null,
  phone text not null,
  address text not null,
  method text not null,
  word text not null,
  message_id text,
  since timestamptz not null,
  primary key (tenant_id, phone, address)
);

-- The evidence behind it: append-only.
create table consent_events (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  phone text not null,
  address text not null,
  action text not null,
  method text not null,
  word text not null,
  text text,
  message_id text,
  received_at timestamptz not null,
  recorded_at timestamptz not null default now()
);

create index consent_events_phone on consent_events (tenant_id, phone, id);

-- The command log: one row per text. Rows are added, never rewritten.
create table commands (
  tenant_id text not null,
  id text not null,
  received_at timestamptz not null,
  saved_at timestamptz not null,
  arrival_seq bigint not null,
  message_id text not null,
  channel_id text not null,
  phone text not null,
  reporter_id text,
  reporter_name text,
  text text not null,
  outcome text not null,
  meaning json not null,
  changes json not null default '[]',
  reply_message_id text,
  reply_key text,
  reply_text text,
  withheld text,
  undo_of text,
  trace json not null default '[]',
  primary key (tenant_id, id)
);

create index commands_by_reporter on commands (tenant_id, reporter_id, id) where reporter_id is not null;
create index commands_by_outcome on commands (tenant_id, outcome, id);

create table board_changes (
  tenant_id text not null,
  id text not null,
  item_id text not null,
  kind text not null,
  field text not null,
  old text,
  new text,
  by json not null,
  command_id text,
  reverses text,
  at timestamptz not null,
  primary key (tenant_id, id)
);

create index board_changes_by_item on board_changes (tenant_id, item_id, id);
create index board_changes_by_command on board_changes (tenant_id, command_id) where command_id is not null;

-- Facts for the outside world. Read in commit order: `tx` first, then `id`.
create table events (
  tenant_id text not null,
  id text not null,
  tx xid8 not null default pg_current_xact_id(),
  type text not null,
  at timestamptz not null,
  data json not null,
  primary key (tenant_id, id)
);

create index events_in_commit_order on events (tx, id);

-- Requests a door refused: a redacted sample of each.
create table door_refusals (
  id bigint generated always as identity primary key,
  channel_id text not null,
  at timestamptz not null default now(),
  door text not null,
  client text not null,
  reason text not null,
  sample jsonb not null
);

create index door_refusals_channel on door_refusals (channel_id, id);

create table audit (
  tenant_id text not null,
  id text not null,
  at timestamptz not null default now(),
  actor jsonb not null,
  action text not null,
  object text not null,
  detail jsonb not null default '{}',
  primary key (tenant_id, id)
);

create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  request_hash bytea not null,
  -- Null while the first call is still under way.
  status smallint,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);

-- The ladder as SQL: must equal STATUS_RANK in domain/message.ts (a test compares them).
create function status_rank(status text) returns smallint language sql immutable parallel safe as $$
  select case status
    when 'held' then 0 when 'queued' then 1 when 'handed_over' then 2 when 'sent' then 3
    when 'undelivered' then 4 when 'failed' then 4 when 'expired' then 4 when 'cancelled' then 4
    when 'delivered' then 5 when 'read' then 6 when 'received' then 7 end::smallint
$$;
