-- Webhooks: endpoints, what has to reach them, and how each of them is doing.

create table endpoints (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  -- `endpoint`: made by a person. `forward_all`, `rule`, `integration`, `callback`: each way out has one of its own.
  source text not null default 'endpoint',
  -- The rule or integration it serves; for callbacks the origin all of them share.
  source_id text,
  url text not null,
  -- Exact types, beginnings such as `message.*`, or `*`.
  types text[] not null default '{*}',
  channel_ids text[] not null default '{}',
  format text not null default 'signalbox',
  -- What only the format knows: the kind of a Mobiniti webhook and its switches.
  format_options jsonb not null default '{}',
  enabled boolean not null default true,
  disabled_reason text,
  rate double precision,
  concurrency smallint not null default 8,
  timeout_ms integer not null default 8000,
  -- Waits before the second and later tries, seconds; null = the usual ones.
  schedule integer[],
  ordering text not null default 'none',
  on_exhausted text not null default 'hold',
  -- v1 (HMAC), v1a (Ed25519) or both.
  signing text not null default 'v1',
  -- Sealed JSON of own headers; the endpoint id is the associated data.
  headers text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create index endpoints_of_tenant on endpoints (tenant_id, id) where deleted_at is null;
-- A rule or integration has one endpoint for each address; callbacks one for each origin.
create unique index endpoints_of_source on endpoints (tenant_id, source, source_id, url)
  where deleted_at is null and source <> 'endpoint';

create table endpoint_secrets (
  id text primary key,
  endpoint_id text not null references endpoints (id) on delete cascade,
  -- symmetric (whsec_ or a text of the user's own) or ed25519 (whsk_).
  kind text not null default 'symmetric',
  -- Associated data: endpoint id and secret id.
  sealed text not null,
  created_at timestamptz not null default now(),
  -- Read at each signing: no job has to end an old secret. Null: the current one.
  expires_at timestamptz
);

create index endpoint_secrets_of_endpoint on endpoint_secrets (endpoint_id);

-- One row per delivery, written with its event and once more when it ends. The id is made of the event, the
-- endpoint and the origin, so the same delivery cannot be made twice.
create table deliveries (
  tenant_id text not null,
  id text not null,
  endpoint_id text not null,
  event_id text not null,
  event_type text not null,
  message_id text,
  -- `live`, `test`, or the id of a replay.
  origin text not null default 'live',
  -- Callbacks go to an address of their own.
  url text,
  -- Set where the text of the request is not the event itself; fixed by the first try.
  body text,
  sequence bigint,
  -- open, delivered, cancelled. What is open is told by `hook_queue`.
  state text not null default 'open',
  attempts jsonb not null default '[]',
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id)
) with (fillfactor = 70);

create index deliveries_of_endpoint on deliveries (endpoint_id, id);

-- The work list: every delivery that has not ended.
create table hook_queue (
  id text primary key,
  tenant_id text not null,
  endpoint_id text not null,
  -- waiting, sending, held, exhausted, expired.
  state text not null,
  -- 0 live, 1 by hand, 2 replay.
  priority smallint not null default 0,
  next_at timestamptz not null default now(),
  -- Tries behind it that count.
  step smallint not null default 0,
  tried_at timestamptz,
  -- Asked for by a person: goes past the schedule and a pause of its lane.
  manual boolean not null default false,
  -- Deliveries of one key leave one after the other; null = in any order.
  order_key text,
  claim text,
  node text,
  lease_until timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0);

create index hook_queue_waiting on hook_queue (endpoint_id, priority, next_at) where state = 'waiting';
create index hook_queue_sending on hook_queue (endpoint_id, lease_until) where state = 'sending';
create index hook_queue_stuck on hook_queue (tenant_id, id) where state in ('held', 'exhausted', 'expired');
create index hook_queue_held on hook_queue (endpoint_id) where state = 'held';
create index hook_queue_ordered on hook_queue (endpoint_id, order_key, id) where order_key is not null;
create index hook_queue_age on hook_queue (created_at);

-- One lane per endpoint, with its own overlap, rate and breaker. The only meeting point of several workers.
create table hook_lanes (
  endpoint_id text primary key references endpoints (id) on delete cascade,
  tenant_id text not null,
  is_open boolean not null default true,
  concurrency smallint not null,
  rate double precision,
  burst double precision not null default 1,
  tokens double precision not null default 1,
  refilled_at timestamptz not null default now(),
  paused_until timestamptz,
  paused_since timestamptz,
  -- breaker, retry_after, ours.
  pause_reason text,
  -- After a timed pause: one probe, nothing else.
  half_open boolean not null default false,
  -- Counted failures in a row, and whether they are of at least two deliveries.
  failures integer not null default 0,
  failed_delivery text,
  failed_several boolean not null default false,
  breaker_level smallint not null default 0,
  throttles smallint not null default 0,
  -- Overlap allowed after a pause, doubled by each round of successes; null = all of it.
  ramp smallint,
  -- The clock of five days: since when there was nothing but failure, and how much of it.
  failing_since timestamptz,
  failed_attempts integer not null default 0,
  failed_days smallint not null default 0,
  last_failed_at timestamptz,
  -- How many of the notices of a failing endpoint went out.
  noticed smallint not null default 0,
  last_success_at timestamptz,
  last_error jsonb,
  -- Moving average of how long answers take, ms.
  typical_ms real not null default 0,
  last_served timestamptz not null default 'epoch',
  sequence bigint not null default 0
) with (fillfactor = 50);

-- Per-message callbacks: which endpoint hears of this text.
create table message_callbacks (
  tenant_id text not null,
  message_id text not null,
  endpoint_id text not null,
  url text not null,
  primary key (tenant_id, message_id)
);

-- Sending old events again: a job with progress that a killed process goes on with.
create table replays (
  id text primary key,
  tenant_id text not null,
  endpoint_id text not null,
  since timestamptz not null,
  until timestamptz not null,
  types text[] not null default '{*}',
  -- all, exhausted, missing.
  states text not null default 'exhausted',
  rate double precision not null default 10,
  -- running, done, cancelled, failed.
  state text not null default 'running',
  -- Last event done.
  cursor_id text not null default '',
  matched integer,
  queued integer not null default 0,
  skipped integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);

create index replays_running on replays (id) where state = 'running';

-- Systems that send texts in by posting their own JSON.
create table integrations (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  name text not null,
  preset text not null default 'generic',
  to_path text not null,
  text_path text not null,
  ref_path text not null,
  -- SHA-256 of the public token, and its first characters for people.
  token_hash bytea not null unique,
  token_hint text not null,
  signing_header text not null,
  signing_secret text,
  outbound_url text,
  -- all, replies.
  mirror text not null default 'all',
  ref_is_key boolean not null default false,
  channel_id text,
  country text,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index integrations_of_tenant on integrations (tenant_id, id);

-- The last posts of each integration, with the values found.
create table integration_posts (
  integration_id text not null references integrations (id) on delete cascade,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  status smallint not null,
  error text,
  found jsonb not null default '{}',
  message_id text,
  primary key (integration_id, id)
);

-- Whether an endpoint wants events of a type.
create function wants_event(types text[], type text) returns boolean language sql immutable parallel safe as $$
  select '*' = any (types) or type = any (types) or exists (
    select 1 from unnest(types) as t (pattern)
    where pattern like '%.*' and starts_with(type, left(pattern, -1)))
$$;

-- Made of what a delivery is, it sorts by the time of its event.
create function delivery_id(event_id text, endpoint_id text, origin text) returns text
language sql immutable parallel safe as $$
  select 'dlv_' || substr(event_id, 5, 14) || substr(md5(event_id || endpoint_id || origin), 1, 12)
$$;

create function order_key_of(ordering text, data json) returns text language sql immutable parallel safe as $$
  select case ordering when 'endpoint' then '' when 'key' then coalesce(data->'message'->>'contactId',
    data->>'contactId', data->'item'->>'id', data->'contact'->>'id', '') end
$$;

-- Every event, whoever writes it, has its deliveries in the same commit.
create function deliver_events() returns trigger language plpgsql as $$
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
$$;

create trigger events_deliver after insert on events referencing new table as added
  for each statement execute function deliver_events();
