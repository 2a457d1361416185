-- What happened to a conversation beside its texts. Columns of their own, because a worker replaces the state.
-- A person released its guards; we wrote of our own accord.
alter table conversations add column released_at timestamptz, add column spoken_at timestamptz;

-- Guards that held something back. One row for each trip, however often it held.
create table guard_trips (
  tenant_id text not null,
  id text not null,
  at timestamptz not null,
  last_at timestamptz not null,
  -- L1 ... L10
  rule text not null,
  channel_id text,
  address text not null,
  -- Null for a budget, which is no person's.
  phone text,
  counter integer not null,
  "limit" integer not null,
  -- Fingerprint of the text.
  text_hash bigint,
  -- reply: it was not sent; text: it was recorded and not processed.
  withheld text not null,
  -- How often.
  times integer not null default 1,
  -- Whether the owner was told.
  told boolean not null default false,
  ends_at timestamptz not null,
  released_at timestamptz,
  primary key (tenant_id, id)
);

create index guard_trips_phone on guard_trips (tenant_id, phone, id);
create index guard_trips_budget on guard_trips (tenant_id, address, ends_at) where rule = 'L9';
create index guard_trips_channel on guard_trips (channel_id, phone, ends_at) where released_at is null;

-- Segments that left, by the day of the tenant's zone. The row of address '*' holds none: what was told of all.
create table budget_days (
  tenant_id text not null,
  address text not null,
  day date not null,
  segments bigint not null default 0,
  -- Highest share of the budget that was told, percent.
  told smallint not null default 0,
  -- A person lifted the budget for this day.
  released_at timestamptz,
  primary key (tenant_id, address, day)
) with (fillfactor = 50);
