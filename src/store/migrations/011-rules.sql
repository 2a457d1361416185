-- What owners want to happen when a text comes in, and the mails that follow.

create table rules (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  name text not null,
  -- The lowest comes first; of two alike the older one.
  priority integer not null,
  enabled boolean not null default true,
  -- {type, pattern, wholeWord}
  match jsonb not null,
  -- Which senders; null = everybody.
  sender_filter text,
  channel_id text,
  cooldown_seconds integer not null default 60,
  short_codes boolean not null default false,
  -- [{type, ...}]. Addresses that are called have an endpoint, which holds the secret.
  actions jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index rules_in_order on rules (tenant_id, priority, id);

-- Moves with each change of the rules, so that ten thousand of them are not read again for another change.
alter table tenants add column rules_version integer not null default 0;

-- Mails to people, with every attempt to hand them over.
create table mails (
  tenant_id text not null,
  id text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  -- waiting, sent, failed.
  state text not null default 'waiting',
  attempts jsonb not null default '[]',
  -- Attempts begun.
  step smallint not null default 0,
  -- When it is due; while an attempt is under way, when that one counts as lost.
  next_at timestamptz not null default now(),
  -- What caused it: `rule`, or the type of an event.
  event text not null,
  rule_id text,
  message_id text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
) with (fillfactor = 70);

create index mails_due on mails (next_at) where state = 'waiting';
