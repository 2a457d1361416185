-- What proves requests at the doors.

-- Nonces of signed requests that were kept: each counts once.
create table door_nonces (
  channel_id text not null,
  -- First 16 bytes of the SHA-256 of the nonce.
  nonce bytea not null,
  at timestamptz not null default now(),
  primary key (channel_id, nonce)
);

-- Tiny, for the rows are in the order of time: finds what retention wants.
create index door_nonces_at on door_nonces using brin (at);

-- Sealed JSON of the settings that proved requests before they were changed; requests are believed by them until then.
alter table channels add column proof_before text, add column proof_before_until timestamptz;
