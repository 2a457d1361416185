-- Lists that stay fast over a million rows. Tables that grow with each text get as little as can be.

-- What nearly every text brings about is found among all events soon; the rest is few.
create index events_rare on events (tenant_id, type, id)
  where type not in ('message.received', 'message.queued', 'message.sent', 'message.delivered',
    'command.executed', 'board.item.changed');

create index audit_by_action on audit (tenant_id, action, id);
create index audit_by_actor on audit (tenant_id, (actor->>'id'), id);
create index audit_by_object on audit (tenant_id, object, id);

create index mails_not_sent on mails (tenant_id, state, id) where state <> 'sent';
create index mails_of_rule on mails (tenant_id, rule_id, id) where rule_id is not null;

create index guard_trips_open on guard_trips (tenant_id, ends_at) where released_at is null;

create index reporters_of_tenant on reporters (tenant_id, id);
create index reporters_inactive on reporters (tenant_id, id) where not active;

create index api_keys_of_tenant on api_keys (tenant_id, id) where revoked_at is null;

create index board_items_in_order on board_items (tenant_id, position, id) where deleted_at is null;

-- What was given up or is kept, of one endpoint and of all: each state by itself.
create index hook_queue_kept on hook_queue (endpoint_id, state, id) where state in ('held', 'exhausted', 'expired');
create index hook_queue_kept_of_tenant on hook_queue (tenant_id, state, id)
  where state in ('held', 'exhausted', 'expired');
drop index hook_queue_held, hook_queue_stuck;

-- What became of a large replay, as counted last: {delivered, waiting, failed}.
alter table replays add column counted json, add column counted_at timestamptz;
create index replays_of_tenant on replays (tenant_id, id);
-- Of what never changes only: a delivery that ends is written in its place.
create index deliveries_of_replay on deliveries (origin, id) where origin not in ('live', 'test');

create index orphan_receipts_since on orphan_receipts (since);

-- Whether an endpoint wants events of a type, asked for each event and each endpoint. The same as before, in words that
-- PostgreSQL takes into the statement instead of calling a function. Types have three parts at most.
create or replace function wants_event(types text[], type text) returns boolean language sql immutable parallel safe as $$
  select '*' = any (types) or type = any (types)
    or (position('.' in type) > 0 and split_part(type, '.', 1) || '.*' = any (types))
    or (split_part(type, '.', 3) <> '' and
      split_part(type, '.', 1) || '.' || split_part(type, '.', 2) || '.*' = any (types))
$$;
