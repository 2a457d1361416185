-- Made by test/docs.test.ts from the migrations; for reading.

create table api_keys (
  id text not null,
  tenant_id text not null,
  name text not null,
  role text default 'owner'::text not null,
  hash bytea not null,
  hint text not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table arrivals (
  seq bigint generated always as identity not null,
  tenant_id text not null,
  channel_id text not null,
  dedupe bytea not null,
  kind text not null,
  payload json,
  raw bytea,
  headers json,
  door text not null,
  client text,
  bucket smallint not null,
  received_at timestamp with time zone not null,
  deliveries integer default 1 not null,
  last_delivery_at timestamp with time zone,
  attempts smallint default 0 not null,
  aside text,
  constraint arrivals_pkey PRIMARY KEY (seq)
) with (fillfactor=90);

create table audit (
  tenant_id text not null,
  id text not null,
  at timestamp with time zone default now() not null,
  actor jsonb not null,
  action text not null,
  object text not null,
  detail jsonb default '{}'::jsonb not null,
  constraint audit_pkey PRIMARY KEY (tenant_id, id)
);

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
  at timestamp with time zone not null,
  constraint board_changes_pkey PRIMARY KEY (tenant_id, id)
);

create table board_items (
  tenant_id text not null,
  id text not null,
  kind text not null,
  name text not null,
  aliases text[] default '{}'::text[] not null,
  number integer,
  area text,
  fields jsonb default '{}'::jsonb not null,
  last jsonb default '{}'::jsonb not null,
  archived boolean default false not null,
  "position" integer not null,
  revision integer default 0 not null,
  changed bigint default 0 not null,
  updated_at timestamp with time zone default now() not null,
  updated_by jsonb,
  deleted_at timestamp with time zone,
  constraint board_items_pkey PRIMARY KEY (tenant_id, id),
  constraint board_items_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table board_kinds (
  tenant_id text not null,
  key text not null,
  "position" integer not null,
  spec jsonb not null,
  constraint board_kinds_pkey PRIMARY KEY (tenant_id, key),
  constraint board_kinds_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table boards (
  tenant_id text not null,
  revision bigint default 0 not null,
  constraint boards_pkey PRIMARY KEY (tenant_id),
  constraint boards_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table channel_memory (
  channel_id text not null,
  key text not null,
  value text not null,
  updated_at timestamp with time zone default now() not null,
  constraint channel_memory_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint channel_memory_pkey PRIMARY KEY (channel_id, key)
);

create table channels (
  id text not null,
  tenant_id text not null,
  provider text not null,
  name text not null,
  address text not null,
  settings jsonb default '{}'::jsonb not null,
  secrets text,
  token text not null,
  is_default boolean default false not null,
  rate double precision,
  tags text[] default '{}'::text[] not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint channels_pkey PRIMARY KEY (id),
  constraint channels_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint channels_token_key UNIQUE (token)
);

create table commands (
  tenant_id text not null,
  id text not null,
  received_at timestamp with time zone not null,
  saved_at timestamp with time zone not null,
  arrival_seq bigint not null,
  message_id text not null,
  channel_id text not null,
  phone text not null,
  reporter_id text,
  reporter_name text,
  text text not null,
  outcome text not null,
  meaning json not null,
  changes json default '[]'::json not null,
  reply_message_id text,
  reply_key text,
  reply_text text,
  withheld text,
  undo_of text,
  trace json default '[]'::json not null,
  constraint commands_pkey PRIMARY KEY (tenant_id, id)
);

create table consent_events (
  id bigint generated always as identity not null,
  tenant_id text not null,
  phone text not null,
  address text not null,
  action text not null,
  method text not null,
  word text not null,
  text text,
  message_id text,
  received_at timestamp with time zone not null,
  recorded_at timestamp with time zone default now() not null,
  constraint consent_events_pkey PRIMARY KEY (id)
);

create table contacts (
  id text not null,
  tenant_id text not null,
  phone text not null,
  status text default 'active'::text not null,
  bounces integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint contacts_pkey PRIMARY KEY (id)
);

create table conversations (
  channel_id text not null,
  phone text not null,
  state json not null,
  updated_at timestamp with time zone default now() not null,
  constraint conversations_pkey PRIMARY KEY (channel_id, phone)
) with (fillfactor=70);

create table door_refusals (
  id bigint generated always as identity not null,
  channel_id text not null,
  at timestamp with time zone default now() not null,
  door text not null,
  client text not null,
  reason text not null,
  sample jsonb not null,
  constraint door_refusals_pkey PRIMARY KEY (id)
);

create table events (
  tenant_id text not null,
  id text not null,
  tx xid8 default pg_current_xact_id() not null,
  type text not null,
  at timestamp with time zone not null,
  data json not null,
  constraint events_pkey PRIMARY KEY (tenant_id, id)
);

create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  answer jsonb,
  created_at timestamp with time zone default now() not null,
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, key)
);

create table inbox (
  bucket smallint not null,
  seq bigint not null,
  constraint inbox_pkey PRIMARY KEY (bucket, seq)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0);

create table inbox_buckets (
  bucket smallint not null,
  constraint inbox_buckets_pkey PRIMARY KEY (bucket)
);

create table lanes (
  id text not null,
  tenant_id text not null,
  concurrency smallint not null,
  rate double precision,
  burst double precision default 1 not null,
  tokens double precision default 1 not null,
  refilled_at timestamp with time zone default now() not null,
  paused_until timestamp with time zone,
  paused_since timestamp with time zone,
  pause_reason text,
  failures integer default 0 not null,
  last_served timestamp with time zone default '1970-01-01 00:00:00+00'::timestamp with time zone not null,
  last_accepted_at timestamp with time zone,
  constraint lanes_pkey PRIMARY KEY (id)
) with (fillfactor=50);

create table messages (
  tenant_id text not null,
  id text not null,
  channel_id text not null,
  direction text not null,
  kind text,
  sender text not null,
  recipient text not null,
  phone text not null,
  contact_id text,
  text text not null,
  media json,
  segments smallint not null,
  encoding text not null,
  status text not null,
  flags text[] default '{}'::text[] not null,
  history jsonb default '[]'::jsonb not null,
  attempts jsonb default '[]'::jsonb not null,
  error jsonb,
  ref text,
  provider_message_id text,
  arrival_seq bigint,
  command_id text,
  rule_id text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  constraint messages_pkey PRIMARY KEY (tenant_id, id)
) with (fillfactor=75);

create table migrations (
  name text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (name)
);

create table orphan_receipts (
  channel_id text not null,
  provider_message_id text not null,
  arrival_seq bigint not null,
  bucket smallint not null,
  since timestamp with time zone default now() not null,
  constraint orphan_receipts_pkey PRIMARY KEY (channel_id, provider_message_id, arrival_seq)
);

create table outbox (
  seq bigint generated always as identity not null,
  tenant_id text not null,
  lane text not null,
  message_id text not null,
  conversation text not null,
  priority smallint not null,
  due_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  attempts smallint default 0 not null,
  retrying boolean default false not null,
  constraint outbox_pkey PRIMARY KEY (seq)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0);

create table outbox_flights (
  seq bigint not null,
  tenant_id text not null,
  lane text not null,
  message_id text not null,
  conversation text not null,
  priority smallint not null,
  expires_at timestamp with time zone,
  attempts smallint not null,
  claim text not null,
  node text not null,
  claimed_at timestamp with time zone default now() not null,
  constraint outbox_flights_pkey PRIMARY KEY (seq)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0);

create table polls (
  tenant_id text not null,
  message_id text not null,
  channel_id text not null,
  provider_message_id text not null,
  step smallint default 0 not null,
  due_at timestamp with time zone not null,
  constraint polls_pkey PRIMARY KEY (tenant_id, message_id)
);

create table reporter_phones (
  tenant_id text not null,
  phone text not null,
  reporter_id text not null,
  constraint reporter_phones_pkey PRIMARY KEY (tenant_id, phone),
  constraint reporter_phones_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id) ON DELETE CASCADE,
  constraint reporter_phones_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table reporter_states (
  reporter_id text not null,
  state json not null,
  updated_at timestamp with time zone default now() not null,
  constraint reporter_states_pkey PRIMARY KEY (reporter_id)
) with (fillfactor=70);

create table reporters (
  id text not null,
  tenant_id text not null,
  name text not null,
  permissions text[] default '{}'::text[] not null,
  confirmation text,
  undo_window_seconds integer,
  pin_hash text,
  active boolean default true not null,
  tags text[] default '{}'::text[] not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint reporters_pkey PRIMARY KEY (id),
  constraint reporters_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table route_paces (
  channel_id text not null,
  route text not null,
  next_at timestamp with time zone not null,
  constraint route_paces_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint route_paces_pkey PRIMARY KEY (channel_id, route)
);

create table suppressions (
  tenant_id text not null,
  phone text not null,
  address text not null,
  method text not null,
  word text not null,
  message_id text,
  since timestamp with time zone not null,
  constraint suppressions_pkey PRIMARY KEY (tenant_id, phone, address)
);

create table tenants (
  id text not null,
  slug text not null,
  name text not null,
  active boolean default true not null,
  country text default 'US'::text not null,
  settings jsonb default '{}'::jsonb not null,
  config_version bigint default 1 not null,
  created_at timestamp with time zone default now() not null,
  constraint tenants_pkey PRIMARY KEY (id),
  constraint tenants_slug_key UNIQUE (slug)
);

CREATE INDEX arrivals_aside ON public.arrivals USING btree (tenant_id, seq) WHERE (aside IS NOT NULL);
CREATE UNIQUE INDEX arrivals_once ON public.arrivals USING btree (channel_id, dedupe);
CREATE INDEX arrivals_received ON public.arrivals USING brin (received_at);
CREATE INDEX board_changes_by_command ON public.board_changes USING btree (tenant_id, command_id) WHERE (command_id IS NOT NULL);
CREATE INDEX board_changes_by_item ON public.board_changes USING btree (tenant_id, item_id, id);
CREATE INDEX board_items_changed ON public.board_items USING btree (tenant_id, changed);
CREATE UNIQUE INDEX channels_one_default ON public.channels USING btree (tenant_id) WHERE (is_default AND (deleted_at IS NULL));
CREATE INDEX commands_by_outcome ON public.commands USING btree (tenant_id, outcome, id);
CREATE INDEX commands_by_reporter ON public.commands USING btree (tenant_id, reporter_id, id) WHERE (reporter_id IS NOT NULL);
CREATE INDEX consent_events_phone ON public.consent_events USING btree (tenant_id, phone, id);
CREATE UNIQUE INDEX contacts_phone ON public.contacts USING btree (tenant_id, phone);
CREATE INDEX door_refusals_channel ON public.door_refusals USING btree (channel_id, id);
CREATE INDEX events_in_commit_order ON public.events USING btree (tx, id);
CREATE INDEX messages_by_phone ON public.messages USING btree (tenant_id, phone, id);
CREATE INDEX messages_by_provider_id ON public.messages USING btree (channel_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX messages_uncertain ON public.messages USING btree (tenant_id, id) WHERE ('uncertain'::text = ANY (flags));
CREATE INDEX outbox_by_message ON public.outbox USING btree (message_id);
CREATE INDEX outbox_flights_lane ON public.outbox_flights USING btree (lane, conversation);
CREATE INDEX outbox_retrying ON public.outbox USING btree (lane, conversation, seq) WHERE retrying;
CREATE INDEX outbox_waiting ON public.outbox USING btree (lane, priority, seq);
CREATE INDEX polls_due ON public.polls USING btree (due_at);
CREATE INDEX reporter_phones_by_reporter ON public.reporter_phones USING btree (reporter_id);

CREATE OR REPLACE FUNCTION public.status_rank(status text)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case status
    when 'held' then 0 when 'queued' then 1 when 'handed_over' then 2 when 'sent' then 3
    when 'undelivered' then 4 when 'failed' then 4 when 'expired' then 4 when 'cancelled' then 4
    when 'delivered' then 5 when 'read' then 6 when 'received' then 7 end::smallint
$function$
;
