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
  urgent boolean default false not null,
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

create table auth_account (
  id text not null,
  account_id text not null,
  provider_id text not null,
  user_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint auth_account_pkey PRIMARY KEY (id),
  constraint auth_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

create table auth_rate_limit (
  id text not null,
  key text not null,
  count integer not null,
  last_request bigint not null,
  constraint auth_rate_limit_key_key UNIQUE (key),
  constraint auth_rate_limit_pkey PRIMARY KEY (id)
);

create table auth_session (
  id text not null,
  token text not null,
  user_id text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint auth_session_pkey PRIMARY KEY (id),
  constraint auth_session_token_key UNIQUE (token),
  constraint auth_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

create table auth_two_factor (
  id text not null,
  secret text not null,
  backup_codes text not null,
  user_id text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamp with time zone,
  constraint auth_two_factor_pkey PRIMARY KEY (id),
  constraint auth_two_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

create table auth_user (
  id text not null,
  name text not null,
  email text not null,
  email_verified boolean default false not null,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint auth_user_email_key UNIQUE (email),
  constraint auth_user_pkey PRIMARY KEY (id)
);

create table auth_verification (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint auth_verification_pkey PRIMARY KEY (id)
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

create table budget_days (
  tenant_id text not null,
  address text not null,
  day date not null,
  segments bigint default 0 not null,
  told smallint default 0 not null,
  released_at timestamp with time zone,
  constraint budget_days_pkey PRIMARY KEY (tenant_id, address, day)
) with (fillfactor=50);

create table channel_activity (
  channel_id text not null,
  last_inbound_at timestamp with time zone,
  last_receipt_at timestamp with time zone,
  constraint channel_activity_pkey PRIMARY KEY (channel_id)
) with (fillfactor=50);

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
  proof_before text,
  proof_before_until timestamp with time zone,
  fallback_id text,
  constraint channels_fallback_id_fkey FOREIGN KEY (fallback_id) REFERENCES channels(id) ON DELETE SET NULL,
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
  channel_id text,
  actor jsonb,
  note text,
  evidence jsonb,
  constraint consent_events_pkey PRIMARY KEY (id)
);

create table consent_reviews (
  tenant_id text not null,
  id text not null,
  phone text not null,
  channel_id text not null,
  kind text not null,
  scope text not null,
  text text not null,
  phrase text not null,
  version text not null,
  message_id text not null,
  pauses_broadcasts boolean not null,
  state text default 'open'::text not null,
  decided_by jsonb,
  decided_at timestamp with time zone,
  reason text,
  created_at timestamp with time zone not null,
  constraint consent_reviews_pkey PRIMARY KEY (tenant_id, id)
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
  released_at timestamp with time zone,
  spoken_at timestamp with time zone,
  constraint conversations_pkey PRIMARY KEY (channel_id, phone)
) with (fillfactor=70);

create table deliveries (
  tenant_id text not null,
  id text not null,
  endpoint_id text not null,
  event_id text not null,
  event_type text not null,
  message_id text,
  origin text default 'live'::text not null,
  url text,
  body text,
  sequence bigint,
  state text default 'open'::text not null,
  attempts jsonb default '[]'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint deliveries_pkey PRIMARY KEY (tenant_id, id)
) with (fillfactor=70);

create table door_nonces (
  channel_id text not null,
  nonce bytea not null,
  at timestamp with time zone default now() not null,
  constraint door_nonces_pkey PRIMARY KEY (channel_id, nonce)
);

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

create table endpoint_secrets (
  id text not null,
  endpoint_id text not null,
  kind text default 'symmetric'::text not null,
  sealed text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  constraint endpoint_secrets_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id) ON DELETE CASCADE,
  constraint endpoint_secrets_pkey PRIMARY KEY (id)
);

create table endpoints (
  id text not null,
  tenant_id text not null,
  source text default 'endpoint'::text not null,
  source_id text,
  url text not null,
  types text[] default '{*}'::text[] not null,
  channel_ids text[] default '{}'::text[] not null,
  format text default 'signalbox'::text not null,
  format_options jsonb default '{}'::jsonb not null,
  enabled boolean default true not null,
  disabled_reason text,
  rate double precision,
  concurrency smallint default 8 not null,
  timeout_ms integer default 8000 not null,
  schedule integer[],
  ordering text default 'none'::text not null,
  on_exhausted text default 'hold'::text not null,
  signing text default 'v1'::text not null,
  headers text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint endpoints_pkey PRIMARY KEY (id),
  constraint endpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
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

create table guard_trips (
  tenant_id text not null,
  id text not null,
  at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  rule text not null,
  channel_id text,
  address text not null,
  phone text,
  counter integer not null,
  "limit" integer not null,
  text_hash bigint,
  withheld text not null,
  times integer default 1 not null,
  told boolean default false not null,
  ends_at timestamp with time zone not null,
  released_at timestamp with time zone,
  constraint guard_trips_pkey PRIMARY KEY (tenant_id, id)
);

create table hook_lanes (
  endpoint_id text not null,
  tenant_id text not null,
  is_open boolean default true not null,
  concurrency smallint not null,
  rate double precision,
  burst double precision default 1 not null,
  tokens double precision default 1 not null,
  refilled_at timestamp with time zone default now() not null,
  paused_until timestamp with time zone,
  paused_since timestamp with time zone,
  pause_reason text,
  half_open boolean default false not null,
  failures integer default 0 not null,
  failed_delivery text,
  failed_several boolean default false not null,
  breaker_level smallint default 0 not null,
  throttles smallint default 0 not null,
  ramp smallint,
  failing_since timestamp with time zone,
  failed_attempts integer default 0 not null,
  failed_days smallint default 0 not null,
  last_failed_at timestamp with time zone,
  noticed smallint default 0 not null,
  last_success_at timestamp with time zone,
  last_error jsonb,
  typical_ms real default 0 not null,
  last_served timestamp with time zone default '1970-01-01 00:00:00+00'::timestamp with time zone not null,
  sequence bigint default 0 not null,
  failing_ms double precision default 0 not null,
  constraint hook_lanes_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id) ON DELETE CASCADE,
  constraint hook_lanes_pkey PRIMARY KEY (endpoint_id)
) with (fillfactor=50);

create table hook_queue (
  id text not null,
  tenant_id text not null,
  endpoint_id text not null,
  state text not null,
  priority smallint default 0 not null,
  next_at timestamp with time zone default now() not null,
  step smallint default 0 not null,
  tried_at timestamp with time zone,
  manual boolean default false not null,
  order_key text,
  claim text,
  node text,
  lease_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint hook_queue_pkey PRIMARY KEY (id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0);

create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  answer jsonb,
  created_at timestamp with time zone default now() not null,
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, key)
);

create table inbound_parts (
  channel_id text not null,
  sender text not null,
  recipient text not null,
  reference text not null,
  total smallint not null,
  part smallint not null,
  arrival_seq bigint not null,
  provider_message_id text,
  text text not null,
  received_at timestamp with time zone not null,
  constraint inbound_parts_pkey PRIMARY KEY (channel_id, sender, recipient, reference, total, part)
);

create table inbox (
  bucket smallint not null,
  seq bigint not null,
  urgent boolean default false not null,
  constraint inbox_pkey PRIMARY KEY (bucket, seq)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_cost_delay=0);

create table inbox_buckets (
  bucket smallint not null,
  constraint inbox_buckets_pkey PRIMARY KEY (bucket)
);

create table integration_posts (
  integration_id text not null,
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  status smallint not null,
  error text,
  found jsonb default '{}'::jsonb not null,
  message_id text,
  constraint integration_posts_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE,
  constraint integration_posts_pkey PRIMARY KEY (integration_id, id)
);

create table integration_talks (
  tenant_id text not null,
  phone text not null,
  channel_id text not null,
  integration_id text not null,
  at timestamp with time zone default now() not null,
  constraint integration_talks_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE,
  constraint integration_talks_pkey PRIMARY KEY (tenant_id, phone, channel_id, integration_id)
) with (fillfactor=70);

create table integrations (
  id text not null,
  tenant_id text not null,
  name text not null,
  preset text default 'generic'::text not null,
  to_path text not null,
  text_path text not null,
  ref_path text not null,
  token_hash bytea not null,
  token_hint text not null,
  signing_header text not null,
  signing_secret text,
  outbound_url text,
  mirror text default 'all'::text not null,
  ref_is_key boolean default false not null,
  channel_id text,
  country text,
  enabled boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint integrations_pkey PRIMARY KEY (id),
  constraint integrations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint integrations_token_hash_key UNIQUE (token_hash)
);

create table invitations (
  id text not null,
  tenant_id text not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  invited_by text,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint invitations_token_hash_key UNIQUE (token_hash)
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
  pause_cause text,
  refused_since timestamp with time zone,
  refused_reason text,
  constraint lanes_pkey PRIMARY KEY (id)
) with (fillfactor=50);

create table mails (
  tenant_id text not null,
  id text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  state text default 'waiting'::text not null,
  attempts jsonb default '[]'::jsonb not null,
  step smallint default 0 not null,
  next_at timestamp with time zone default now() not null,
  event text not null,
  rule_id text,
  message_id text,
  created_at timestamp with time zone default now() not null,
  constraint mails_pkey PRIMARY KEY (tenant_id, id)
) with (fillfactor=70);

create table media (
  tenant_id text not null,
  id text not null,
  message_id text not null,
  "position" smallint not null,
  channel_id text not null,
  source_url text,
  content_type text,
  bytes integer,
  file_name text,
  state text not null,
  reason text,
  content bytea,
  attempts smallint default 0 not null,
  due_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint media_pkey PRIMARY KEY (tenant_id, id)
);

create table message_callbacks (
  tenant_id text not null,
  message_id text not null,
  endpoint_id text not null,
  url text not null,
  constraint message_callbacks_pkey PRIMARY KEY (tenant_id, message_id)
);

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
  provider_segments smallint,
  reaction_to text,
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
  message_id text,
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

create table password_links (
  token_hash bytea not null,
  user_id text not null,
  made_by text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  constraint password_links_pkey PRIMARY KEY (token_hash),
  constraint password_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

create table polls (
  tenant_id text not null,
  message_id text not null,
  channel_id text not null,
  provider_message_id text,
  step smallint default 0 not null,
  due_at timestamp with time zone not null,
  constraint polls_pkey PRIMARY KEY (tenant_id, message_id)
);

create table provider_blocks (
  tenant_id text not null,
  phone text not null,
  channel_id text not null,
  code text not null,
  message_id text,
  since timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  logged_at timestamp with time zone,
  constraint provider_blocks_pkey PRIMARY KEY (tenant_id, phone, channel_id)
);

create table receipt_parts (
  channel_id text not null,
  provider_message_id text not null,
  part smallint not null,
  parts smallint not null,
  status text not null,
  at timestamp with time zone default now() not null,
  constraint receipt_parts_pkey PRIMARY KEY (channel_id, provider_message_id, part)
);

create table replays (
  id text not null,
  tenant_id text not null,
  endpoint_id text not null,
  since timestamp with time zone not null,
  until timestamp with time zone not null,
  types text[] default '{*}'::text[] not null,
  states text default 'exhausted'::text not null,
  rate double precision default 10 not null,
  state text default 'running'::text not null,
  cursor_id text default ''::text not null,
  matched integer,
  queued integer default 0 not null,
  skipped integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  counted json,
  counted_at timestamp with time zone,
  constraint replays_pkey PRIMARY KEY (id)
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

create table rules (
  id text not null,
  tenant_id text not null,
  name text not null,
  priority integer not null,
  enabled boolean default true not null,
  match jsonb not null,
  sender_filter text,
  channel_id text,
  cooldown_seconds integer default 60 not null,
  short_codes boolean default false not null,
  actions jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint rules_pkey PRIMARY KEY (id),
  constraint rules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table setup_links (
  token_hash bytea not null,
  tenant_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint setup_links_pkey PRIMARY KEY (token_hash),
  constraint setup_links_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
);

create table sign_in_failures (
  account bytea not null,
  failures integer not null,
  since timestamp with time zone not null,
  constraint sign_in_failures_pkey PRIMARY KEY (account)
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

create table team_members (
  tenant_id text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  constraint team_members_pkey PRIMARY KEY (tenant_id, user_id),
  constraint team_members_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE,
  constraint team_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
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
  rules_version integer default 0 not null,
  constraint tenants_pkey PRIMARY KEY (id),
  constraint tenants_slug_key UNIQUE (slug)
);

CREATE INDEX api_keys_of_tenant ON public.api_keys USING btree (tenant_id, id) WHERE (revoked_at IS NULL);
CREATE INDEX arrivals_aside ON public.arrivals USING btree (tenant_id, seq) WHERE (aside IS NOT NULL);
CREATE UNIQUE INDEX arrivals_once ON public.arrivals USING btree (channel_id, dedupe);
CREATE INDEX arrivals_received ON public.arrivals USING brin (received_at);
CREATE INDEX audit_by_action ON public.audit USING btree (tenant_id, action, id);
CREATE INDEX audit_by_actor ON public.audit USING btree (tenant_id, ((actor ->> 'id'::text)), id);
CREATE INDEX audit_by_object ON public.audit USING btree (tenant_id, object, id);
CREATE INDEX auth_account_of_user ON public.auth_account USING btree (user_id);
CREATE INDEX auth_session_of_user ON public.auth_session USING btree (user_id);
CREATE INDEX auth_two_factor_of_user ON public.auth_two_factor USING btree (user_id);
CREATE INDEX auth_verification_by_identifier ON public.auth_verification USING btree (identifier);
CREATE INDEX board_changes_by_command ON public.board_changes USING btree (tenant_id, command_id) WHERE (command_id IS NOT NULL);
CREATE INDEX board_changes_by_item ON public.board_changes USING btree (tenant_id, item_id, id);
CREATE INDEX board_items_changed ON public.board_items USING btree (tenant_id, changed);
CREATE INDEX board_items_in_order ON public.board_items USING btree (tenant_id, "position", id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX channels_one_default ON public.channels USING btree (tenant_id) WHERE (is_default AND (deleted_at IS NULL));
CREATE INDEX commands_by_outcome ON public.commands USING btree (tenant_id, outcome, id);
CREATE INDEX commands_by_reporter ON public.commands USING btree (tenant_id, reporter_id, id) WHERE (reporter_id IS NOT NULL);
CREATE INDEX commands_late ON public.commands USING btree (tenant_id, id) WHERE ((saved_at - received_at) > '24:00:00'::interval);
CREATE INDEX consent_events_phone ON public.consent_events USING btree (tenant_id, phone, id);
CREATE INDEX consent_reviews_by_phone ON public.consent_reviews USING btree (tenant_id, phone, id);
CREATE INDEX consent_reviews_by_state ON public.consent_reviews USING btree (tenant_id, state, id);
CREATE UNIQUE INDEX contacts_phone ON public.contacts USING btree (tenant_id, phone);
CREATE INDEX deliveries_of_endpoint ON public.deliveries USING btree (endpoint_id, id);
CREATE INDEX deliveries_of_message ON public.deliveries USING btree (tenant_id, message_id, id) WHERE (message_id IS NOT NULL);
CREATE INDEX deliveries_of_replay ON public.deliveries USING btree (origin, id) WHERE (origin <> ALL (ARRAY['live'::text, 'test'::text]));
CREATE INDEX door_nonces_at ON public.door_nonces USING brin (at);
CREATE INDEX door_refusals_channel ON public.door_refusals USING btree (channel_id, id);
CREATE INDEX endpoint_secrets_of_endpoint ON public.endpoint_secrets USING btree (endpoint_id);
CREATE UNIQUE INDEX endpoints_of_source ON public.endpoints USING btree (tenant_id, source, source_id, url) WHERE ((deleted_at IS NULL) AND (source <> 'endpoint'::text));
CREATE INDEX endpoints_of_tenant ON public.endpoints USING btree (tenant_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX endpoints_replies ON public.endpoints USING btree (tenant_id, source_id) WHERE ((source = 'integration_replies'::text) AND (deleted_at IS NULL));
CREATE INDEX events_in_commit_order ON public.events USING btree (tx, id);
CREATE INDEX events_rare ON public.events USING btree (tenant_id, type, id) WHERE (type <> ALL (ARRAY['message.received'::text, 'message.queued'::text, 'message.sent'::text, 'message.delivered'::text, 'command.executed'::text, 'board.item.changed'::text]));
CREATE INDEX guard_trips_budget ON public.guard_trips USING btree (tenant_id, address, ends_at) WHERE (rule = 'L9'::text);
CREATE INDEX guard_trips_channel ON public.guard_trips USING btree (channel_id, phone, ends_at) WHERE (released_at IS NULL);
CREATE INDEX guard_trips_open ON public.guard_trips USING btree (tenant_id, ends_at) WHERE (released_at IS NULL);
CREATE INDEX guard_trips_phone ON public.guard_trips USING btree (tenant_id, phone, id);
CREATE INDEX hook_queue_age ON public.hook_queue USING btree (created_at);
CREATE INDEX hook_queue_kept ON public.hook_queue USING btree (endpoint_id, state, id) WHERE (state = ANY (ARRAY['held'::text, 'exhausted'::text, 'expired'::text]));
CREATE INDEX hook_queue_kept_of_tenant ON public.hook_queue USING btree (tenant_id, state, id) WHERE (state = ANY (ARRAY['held'::text, 'exhausted'::text, 'expired'::text]));
CREATE INDEX hook_queue_ordered ON public.hook_queue USING btree (endpoint_id, order_key, id) WHERE (order_key IS NOT NULL);
CREATE INDEX hook_queue_sending ON public.hook_queue USING btree (endpoint_id, lease_until) WHERE (state = 'sending'::text);
CREATE INDEX hook_queue_waiting ON public.hook_queue USING btree (endpoint_id, priority, next_at) WHERE (state = 'waiting'::text);
CREATE INDEX inbox_urgent ON public.inbox USING btree (bucket) WHERE urgent;
CREATE INDEX integration_talks_at ON public.integration_talks USING brin (at);
CREATE INDEX integrations_of_tenant ON public.integrations USING btree (tenant_id, id);
CREATE INDEX invitations_of_tenant ON public.invitations USING btree (tenant_id, id);
CREATE INDEX mails_due ON public.mails USING btree (next_at) WHERE (state = 'waiting'::text);
CREATE INDEX mails_not_sent ON public.mails USING btree (tenant_id, state, id) WHERE (state <> 'sent'::text);
CREATE INDEX mails_of_rule ON public.mails USING btree (tenant_id, rule_id, id) WHERE (rule_id IS NOT NULL);
CREATE INDEX media_by_age ON public.media USING btree (created_at);
CREATE INDEX media_of_message ON public.media USING btree (tenant_id, message_id);
CREATE INDEX media_waiting ON public.media USING btree (due_at) WHERE (state = 'waiting'::text);
CREATE INDEX messages_by_phone ON public.messages USING btree (tenant_id, phone, id);
CREATE INDEX messages_by_provider_id ON public.messages USING btree (channel_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX messages_uncertain ON public.messages USING btree (tenant_id, id) WHERE ('uncertain'::text = ANY (flags));
CREATE INDEX messages_with_ref ON public.messages USING btree (tenant_id, phone, id) WHERE ((ref IS NOT NULL) AND (direction = 'out'::text));
CREATE INDEX orphan_receipts_since ON public.orphan_receipts USING btree (since);
CREATE INDEX outbox_by_message ON public.outbox USING btree (message_id);
CREATE INDEX outbox_flights_lane ON public.outbox_flights USING btree (lane, conversation);
CREATE INDEX outbox_later ON public.outbox USING btree (due_at) WHERE (lane ~~ 'later:%'::text);
CREATE INDEX outbox_retrying ON public.outbox USING btree (lane, conversation, seq) WHERE retrying;
CREATE INDEX outbox_waiting ON public.outbox USING btree (lane, priority, seq);
CREATE INDEX password_links_of_user ON public.password_links USING btree (user_id);
CREATE INDEX polls_due ON public.polls USING btree (due_at);
CREATE INDEX receipt_parts_at ON public.receipt_parts USING brin (at);
CREATE INDEX replays_of_tenant ON public.replays USING btree (tenant_id, id);
CREATE INDEX replays_running ON public.replays USING btree (id) WHERE (state = 'running'::text);
CREATE INDEX reporter_phones_by_reporter ON public.reporter_phones USING btree (reporter_id);
CREATE INDEX reporters_inactive ON public.reporters USING btree (tenant_id, id) WHERE (NOT active);
CREATE INDEX reporters_of_tenant ON public.reporters USING btree (tenant_id, id);
CREATE INDEX rules_in_order ON public.rules USING btree (tenant_id, priority, id);
CREATE INDEX team_members_of_user ON public.team_members USING btree (user_id);

CREATE OR REPLACE FUNCTION public.deliver_events()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select 1 from endpoints where deleted_at is null) then return null; end if;
  with wanted as (
    select e.tenant_id, delivery_id(e.id, p.id, 'live') as id, p.id as endpoint_id, e.id as event_id, e.type,
      e.data->'message'->>'id' as message_id, null::text as url
    from added e join endpoints p on p.tenant_id = e.tenant_id and p.deleted_at is null
      and p.source in ('endpoint', 'forward_all', 'integration') and wants_event(p.types, e.type)
      and (cardinality(p.channel_ids) = 0
        or coalesce(e.data->'message'->>'channelId', e.data->>'channelId') is null
        or coalesce(e.data->'message'->>'channelId', e.data->>'channelId') = any (p.channel_ids))
      and e.type <> 'webhook.test'
      and not (e.type like 'endpoint.%' and e.data->>'endpointId' = p.id)
    union all
    select e.tenant_id, delivery_id(e.id, p.id, 'live'), p.id, e.id, e.type, c.message_id, c.url
    from added e join message_callbacks c on c.tenant_id = e.tenant_id
        and c.message_id = e.data->'message'->>'id'
      join endpoints p on p.id = c.endpoint_id and p.deleted_at is null
    where e.type in ('message.sent', 'message.delivered', 'message.failed', 'message.rejected')
  ), made as (
    insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id, url)
    select tenant_id, id, endpoint_id, event_id, type, message_id, url from wanted
    on conflict do nothing returning tenant_id, id, endpoint_id, event_id
  )
  -- Each made row finds its endpoint and event by key: to join them with what was wanted takes the square of it.
  insert into hook_queue (id, tenant_id, endpoint_id, state, order_key)
  select m.id, m.tenant_id, m.endpoint_id, case when p.enabled then 'waiting' else 'held' end,
    case when p.ordering <> 'none' and p.source <> 'callback' then (
      select order_key_of(p.ordering, e.data) from events e where e.tenant_id = m.tenant_id and e.id = m.event_id)
    end
  from made m cross join lateral (select * from endpoints where id = m.endpoint_id limit 1) p;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.deliver_replies()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select 1 from endpoints where deleted_at is null and source = 'integration_replies') then
    return null;
  end if;
  with wanted as (
    select e.tenant_id, delivery_id(e.id, p.id, 'live') as id, p.id as endpoint_id, e.id as event_id, e.type,
      e.data->'message'->>'id' as message_id
    from added e join integration_talks k on k.tenant_id = e.tenant_id
        and k.phone = e.data->'message'->>'from' and k.channel_id = e.data->'message'->>'channelId'
        and k.at > e.at - interval '7 days'
      join endpoints p on p.tenant_id = e.tenant_id and p.source = 'integration_replies'
        and p.source_id = k.integration_id and p.deleted_at is null
    where e.type = 'message.received'
  ), made as (
    insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id)
    select tenant_id, id, endpoint_id, event_id, type, message_id from wanted
    on conflict do nothing returning tenant_id, id, endpoint_id
  )
  insert into hook_queue (id, tenant_id, endpoint_id, state)
  select m.id, m.tenant_id, m.endpoint_id, case when p.enabled then 'waiting' else 'held' end
  from made m cross join lateral (select * from endpoints where id = m.endpoint_id limit 1) p;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.delivery_id(event_id text, endpoint_id text, origin text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select 'dlv_' || substr(event_id, 5, 14) || substr(md5(event_id || endpoint_id || origin), 1, 12)
$function$
;

CREATE OR REPLACE FUNCTION public.id_time(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', ((ms >> (45 - 5 * place)) & 31)::int + 1, 1), ''
    order by place)
  from (select greatest(0, floor(extract(epoch from at) * 1000))::bigint as ms) t, generate_series(0, 9) as place
$function$
;

CREATE OR REPLACE FUNCTION public.order_key_of(ordering text, data json)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case ordering when 'endpoint' then '' when 'key' then coalesce(data->'message'->>'contactId',
    data->>'contactId', data->'item'->>'id', data->'contact'->>'id', '') end
$function$
;

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

CREATE OR REPLACE FUNCTION public.wants_event(types text[], type text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select '*' = any (types) or type = any (types)
    or (position('.' in type) > 0 and split_part(type, '.', 1) || '.*' = any (types))
    or (split_part(type, '.', 3) <> '' and
      split_part(type, '.', 1) || '.' || split_part(type, '.', 2) || '.*' = any (types))
$function$
;
