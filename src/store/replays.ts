import type { Reader, Tx } from "./database.ts";

/** Sending old events again. The row is the truth: whoever works on it goes on from its cursor. */

export interface RunningReplay {
  id: string;
  tenantId: string;
  endpointId: string;
  since: Date;
  until: Date;
  types: string[];
  states: "all" | "exhausted" | "missing";
  rate: number;
  cursorId: string;
  matched: number | null;
  queued: number;
  skipped: number;
}

const COLUMNS = `r.id, r.tenant_id as "tenantId", r.endpoint_id as "endpointId", r.since, r.until, r.types,
  r.states, r.rate, r.cursor_id as "cursorId", r.matched, r.queued, r.skipped`;

/**
 * A replay that runs and that no other process works on, locked until the transaction ends: the one behind `after`,
 * or the first again, so that one that cannot go on keeps no other waiting.
 */
export async function lockReplay(tx: Tx, after: string): Promise<RunningReplay | null> {
  const rows = await tx.run<RunningReplay>(
    "replays-lock",
    `select ${COLUMNS} from replays r where r.state = 'running' order by r.id <= $1, r.id limit 1
     for update skip locked`,
    [after],
  );
  return rows[0] ?? null;
}

/**
 * Events a replay means: in its time, of its types, what the endpoint hears of at all, and by what became of them
 * there. What hears of chosen texts only hears of no others by this way. No event is made before what it tells of, by
 * any clock: the ids tell where to begin.
 */
const MEANT = `
  from events e join endpoints p on p.id = $2
  where e.tenant_id = $1 and e.at >= $3 and e.at < $4
    and e.id >= 'evt_' || id_time($3::timestamptz - interval '1 day') and wants_event($5, e.type) and e.type <> 'webhook.test'
    and wants_event(p.types, e.type) and not (e.type like 'endpoint.%' and e.data->>'endpointId' = p.id)
    and (cardinality(p.channel_ids) = 0
      or coalesce(e.data->'message'->>'channelId', e.data->>'channelId') is null
      or coalesce(e.data->'message'->>'channelId', e.data->>'channelId') = any (p.channel_ids))
    and (p.source in ('endpoint', 'forward_all', 'integration') or exists (select 1 from deliveries d
      where d.tenant_id = e.tenant_id and d.id = delivery_id(e.id, p.id, 'live')))
    and case $6
      when 'missing' then not exists (select 1 from deliveries d where d.tenant_id = e.tenant_id
        and d.id >= 'dlv_' || substr(e.id, 5, 14) and d.id < 'dlv_' || substr(e.id, 5, 14) || '~'
        and d.endpoint_id = p.id and d.event_id = e.id)
      when 'exhausted' then exists (select 1 from deliveries d join hook_queue q on q.id = d.id
        where d.tenant_id = e.tenant_id and d.id = delivery_id(e.id, p.id, 'live')
          and q.state in ('exhausted', 'expired'))
      else true end`;

function meant(replay: RunningReplay): unknown[] {
  const { tenantId, endpointId, since, until, types, states } = replay;
  return [tenantId, endpointId, since, until, types, states];
}

export async function countMatches(tx: Tx, replay: RunningReplay): Promise<number> {
  const rows = await tx.run<{ count: number }>(
    "replays-count",
    `select count(*)::int as count ${MEANT}`,
    meant(replay),
  );
  return rows[0]?.count ?? 0;
}

/** Deliveries of the endpoint that are sent again soon: $2 within so many seconds. Not those that wait for a retry. */
const SOON = `hook_queue q where q.endpoint_id = $1 and q.priority = 2 and q.state = 'waiting'
  and q.next_at <= now() + $2::float8 * interval '1 second'`;

/** Within how many seconds a page and the one before it have left. */
function twoPages({ rate }: RunningReplay, page: number): number {
  return (2 * page) / rate;
}

/** From when on the next page may leave: when the last one has. */
async function startOfPage(tx: Tx, replay: RunningReplay, page: number): Promise<Date | null> {
  const rows = await tx.run<{ at: Date | null }>("replays-start", `select max(next_at) as at from ${SOON}`, [
    replay.endpointId,
    twoPages(replay, page),
  ]);
  return rows[0]?.at ?? null;
}

/**
 * Queues the next events behind the cursor, at replay priority, each a little later than the one before. The
 * delivery's id holds the replay: a page that is done twice makes nothing twice. Answers how many were looked at.
 */
export async function queueReplayPage(tx: Tx, replay: RunningReplay, page: number): Promise<number> {
  const start = await startOfPage(tx, replay, page);
  const rows = await tx.run<{ looked: number; queued: number; last: string | null }>(
    "replays-page",
    `with meant as (
       select e.id, e.type, e.tenant_id, e.data->'message'->>'id' as message_id
       ${MEANT} and e.id > $7 order by e.id limit $8
     ), made as (
       insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, message_id, origin, url)
       select m.tenant_id, delivery_id(m.id, $2, $9), $2, m.id, m.type, m.message_id, $9, d.url
       from meant m left join lateral (select * from deliveries
         where tenant_id = m.tenant_id and id = delivery_id(m.id, $2, 'live') limit 1) d on true
       on conflict do nothing returning tenant_id, id
     ), queued as (
       insert into hook_queue (id, tenant_id, endpoint_id, state, priority, next_at)
       select m.id, m.tenant_id, $2, case when p.enabled then 'waiting' else 'held' end, 2,
         greatest(now(), $11::timestamptz) + (row_number() over (order by m.id) - case when $7 = '' then 1 else 0 end)
           / $10::float8 * interval '1 second'
       from made m cross join lateral (select * from endpoints where id = $2 limit 1) p returning id
     )
     select (select count(*)::int from meant) as looked, (select count(*)::int from queued) as queued,
       (select max(id) from meant) as last`,
    [...meant(replay), replay.cursorId, page, replay.id, replay.rate, start],
  );
  const { looked = 0, queued = 0, last = null } = rows[0] ?? {};
  await tx.run(
    "replays-move",
    `update replays set cursor_id = coalesce($2, cursor_id), queued = queued + $3, skipped = skipped + $4
     where id = $1`,
    [replay.id, last, queued, looked - queued],
  );
  return looked;
}

export async function setMatched(tx: Tx, id: string, matched: number): Promise<void> {
  await tx.run("replays-matched", "update replays set matched = $2 where id = $1", [id, matched]);
}

export async function finishReplay(tx: Tx, id: string): Promise<{ queued: number; skipped: number }> {
  const rows = await tx.run<{ queued: number; skipped: number }>(
    "replays-finish",
    "update replays set state = 'done', finished_at = now() where id = $1 returning queued, skipped",
    [id],
  );
  return rows[0] ?? { queued: 0, skipped: 0 };
}

/** Deliveries of a replay that are about to leave: the next page comes when most of the last has gone. */
export async function waitingOfReplay(reader: Reader, replay: RunningReplay, page: number): Promise<number> {
  const rows = await reader.run<{ count: number }>(
    "replays-waiting",
    `select count(*)::int as count from (select 1 from ${SOON} limit 1000) w`,
    [replay.endpointId, twoPages(replay, page)],
  );
  return rows[0]?.count ?? 0;
}
