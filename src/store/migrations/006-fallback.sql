-- A channel may name another one that takes over its texts while it is down.
alter table channels add column fallback_id text references channels (id) on delete set null;

-- Why a lane is paused, as a code of a closed list; the words are in pause_reason.
alter table lanes add column pause_cause text;
-- The provider takes texts, but not from this sender, since: until it takes one again.
alter table lanes add column refused_since timestamptz;
alter table lanes add column refused_reason text;

-- The segments the provider counted, where its answer says so.
alter table messages add column provider_segments smallint;

-- Null: no id is known yet, the text is looked for at the provider.
alter table polls alter column provider_message_id drop not null;

-- How each part of a long text ended, where a provider tells it part by part.
create table receipt_parts (
  channel_id text not null,
  provider_message_id text not null,
  part smallint not null,
  parts smallint not null,
  status text not null,
  at timestamptz not null default now(),
  primary key (channel_id, provider_message_id, part)
);

create index receipt_parts_at on receipt_parts using brin (at);

-- When something came in last, by channel: written at most once a second by each process.
create table channel_activity (
  channel_id text primary key,
  last_inbound_at timestamptz,
  last_receipt_at timestamptz
) with (fillfactor = 50);
