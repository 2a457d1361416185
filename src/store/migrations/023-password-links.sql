-- Links by which somebody chooses a new password. Of several each is good until one was used; then all are gone.
create table password_links (
  token_hash bytea primary key,
  user_id text not null references auth_user (id) on delete cascade,
  -- `mail`, `command` on the server, or the id of somebody of the team or of a key.
  made_by text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

create index password_links_of_user on password_links (user_id);
