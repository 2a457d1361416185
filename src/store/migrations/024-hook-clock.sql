-- The clock of five days counts only time in which we tried: it stands still while we were away.
alter table hook_lanes add column failing_ms double precision not null default 0;
update hook_lanes set failing_ms = extract(epoch from last_failed_at - failing_since) * 1000
  where failing_since is not null and last_failed_at is not null;
