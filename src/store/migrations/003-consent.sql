-- What a route will refuse, whatever consent says: the layer beneath consent. One row per person and channel;
-- a lifted block stays, to tell when it was.
create table provider_blocks (
  tenant_id text not null,
  phone text not null,
  channel_id text not null,
  -- The provider's own code, the evidence.
  code text not null,
  message_id text,
  since timestamptz not null,
  last_seen_at timestamptz not null,
  lifted_at timestamptz,
  -- When a line of the log told of it last: one a day is enough.
  logged_at timestamptz,
  primary key (tenant_id, phone, channel_id)
);

-- `suppressions.address` is '*', an address of ours, or 'topic:' and the key of a topic.

-- Actions besides revoke and restore: block and lift, of the route of one channel.
alter table consent_events add column channel_id text;
-- Who recorded it, where a person did.
alter table consent_events add column actor jsonb;
alter table consent_events add column note text;
-- A form's page, version and wording, the address it was sent from.
alter table consent_events add column evidence jsonb;

-- Opt-outs in words of the sender's own, honoured at once; and texts that only a person can judge.
create table consent_reviews (
  tenant_id text not null,
  id text not null,
  phone text not null,
  channel_id text not null,
  -- opt_out: it was honoured. review_only: it was not.
  kind text not null,
  -- What was removed, as in `suppressions`.
  scope text not null,
  text text not null,
  -- The entry of the phrase list that matched, and the list's version.
  phrase text not null,
  version text not null,
  message_id text not null,
  -- Broadcasts leave this person out until somebody has looked.
  pauses_broadcasts boolean not null,
  state text not null default 'open',
  decided_by jsonb,
  decided_at timestamptz,
  reason text,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);

create index consent_reviews_by_state on consent_reviews (tenant_id, state, id);
create index consent_reviews_by_phone on consent_reviews (tenant_id, phone, id);

-- A text that is nothing but STOP: its bucket is worked on before others, in its own order.
alter table arrivals add column urgent boolean not null default false;
alter table inbox add column urgent boolean not null default false;
create index inbox_urgent on inbox (bucket) where urgent;
