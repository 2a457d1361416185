-- What the API around webhooks and integrations needs besides 010.

-- Which deliveries told of this text.
create index deliveries_of_message on deliveries (tenant_id, message_id, id) where message_id is not null;

-- What an inbound text answers: the newest of our texts to a person that carried a reference.
create index messages_with_ref on messages (tenant_id, phone, id) where ref is not null and direction = 'out';

-- Texts for later wait in a lane that nobody claims from, named `later:` and the lane they are for.
create index outbox_later on outbox (due_at) where lane like 'later:%';

-- Whom an integration has texted last, and from which channel: tells what answers it.
create table integration_talks (
  tenant_id text not null,
  phone text not null,
  channel_id text not null,
  integration_id text not null references integrations (id) on delete cascade,
  at timestamptz not null default now(),
  primary key (tenant_id, phone, channel_id, integration_id)
) with (fillfactor = 70);

create index integration_talks_at on integration_talks using brin (at);

-- Whether there is any integration of this kind is asked with every event.
create index endpoints_replies on endpoints (tenant_id, source_id)
  where source = 'integration_replies' and deleted_at is null;

-- Integrations that want only answers to their own texts hear by this way; `deliver_events` passes them over.
create function deliver_replies() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from endpoints where deleted_at is null and source = 'integration_replies') then
    return null;
  end if;
  with wanted as (
    select e.tenant_id, delivery_id(e.id, p.id, 'live') as id, p.id as endpoint_id, e.id as event_id, e.type,
      e.data->'message'->>'id' as message_id
    from added e join integration_talks k on k.tenant_id = e.tenant_id
        and k.phone = e.data->'message'->>'from' and k.channel_id = e.data->'message'->>'channelId'
        and k.at > e.at - interval '7 days'
      join endpoints p on p.tenant_id = e.tenant_id and p.source = 'integration_replies'
        and p.source_id = k.integration_id and p.deleted_at is null
    where e.type = 'message.received'
  ), made as (
    insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id)
    select tenant_id, id, endpoint_id, event_id, type, message_id from wanted
    on conflict do nothing returning tenant_id, id, endpoint_id
  )
  insert into hook_queue (id, tenant_id, endpoint_id, state)
  select m.id, m.tenant_id, m.endpoint_id, case when p.enabled then 'waiting' else 'held' end
  from made m cross join lateral (select * from endpoints where id = m.endpoint_id limit 1) p;
  return null;
end
$$;

create trigger events_deliver_replies after insert on events referencing new table as added
  for each statement execute function deliver_replies();

-- The part of an id that tells its time: ten characters of milliseconds, as `newId` writes them.
create function id_time(at timestamptz) returns text language sql immutable parallel safe as $$
  select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', ((ms >> (45 - 5 * place)) & 31)::int + 1, 1), ''
    order by place)
  from (select greatest(0, floor(extract(epoch from at) * 1000))::bigint as ms) t, generate_series(0, 9) as place
$$;
