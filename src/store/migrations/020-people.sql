-- People who sign in to the portal, and the teams they belong to.

-- The tables named auth_ are those that better-auth (core, two-factor, rate limit) reads and writes.
create table auth_user (
  id text primary key,
  name text not null,
  -- In lower case.
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table auth_session (
  id text primary key,
  token text not null unique,
  user_id text not null references auth_user (id) on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index auth_session_of_user on auth_session (user_id);

-- How a person proves who they are: a password, as an scrypt hash.
create table auth_account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references auth_user (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index auth_account_of_user on auth_account (user_id);

-- Sign-ins that wait for their second factor, and devices that need none for a while.
create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index auth_verification_by_identifier on auth_verification (identifier);

-- Secret and backup codes are encrypted.
create table auth_two_factor (
  id text primary key,
  secret text not null,
  backup_codes text not null,
  user_id text not null references auth_user (id) on delete cascade,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamptz
);

create index auth_two_factor_of_user on auth_two_factor (user_id);

-- Calls by address and path.
create table auth_rate_limit (
  id text primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

create table team_members (
  tenant_id text not null references tenants (id) on delete cascade,
  user_id text not null references auth_user (id) on delete cascade,
  -- owner, admin, operator, viewer.
  role text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);

create index team_members_of_user on team_members (user_id);

create table invitations (
  id text primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  -- In lower case.
  email text not null,
  role text not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now()
);

create index invitations_of_tenant on invitations (tenant_id, id);

-- Links that make the first owner. Each start makes one; all are gone once one was used.
create table setup_links (
  token_hash bytea primary key,
  tenant_id text not null references tenants (id) on delete cascade,
  created_at timestamptz not null default now()
);

-- Sign-ins that failed, by account: the hash of its address, whether or not there is such a person.
create table sign_in_failures (
  account bytea primary key,
  failures integer not null,
  -- When the first of them was.
  since timestamptz not null
);
