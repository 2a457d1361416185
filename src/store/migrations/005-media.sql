-- Files that came with texts: first only where they are, then what they hold.
create table media (
  tenant_id text not null,
  id text not null,
  message_id text not null,
  position smallint not null,
  channel_id text not null,
  -- Where the provider keeps it; forgotten when nobody will ask there again, for it may hold a signature.
  source_url text,
  -- As the provider says until it is fetched, then what it really is.
  content_type text,
  bytes integer,
  file_name text,
  -- waiting, fetched, refused, failed
  state text not null,
  reason text,
  content bytea,
  attempts smallint not null default 0,
  due_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);

-- What is fetched is compressed as it is.
alter table media alter column content set storage external;

create index media_waiting on media (due_at) where state = 'waiting';
create index media_of_message on media (tenant_id, message_id);
create index media_by_age on media (created_at);

-- Until now only the provider's addresses were kept. They have expired, and may hold signatures.
update messages set media = null where media is not null;
