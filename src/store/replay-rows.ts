import type { Reader, Tx } from "./database.ts";

/** Replays as people ask for them and look at them; what works on them is in `replays.ts`. */

export interface ReplayRow {
  id: string;
  endpointId: string;
  since: Date;
  until: Date;
  types: string[];
  states: "exhausted" | "all" | "missing";
  rate: number;
  state: "running" | "done" | "cancelled" | "failed";
  /** Null: not counted yet. */
  matched: number | null;
  queued: number;
  skipped: number;
  delivered: number;
  waiting: number;
  failed: number;
  createdAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = `r.id, r.endpoint_id as "endpointId", r.since, r.until, r.types, r.states, r.rate, r.state,
  r.matched, r.queued, r.skipped, r.created_at as "createdAt", r.finished_at as "finishedAt"`;

/** Word for word what the index `deliveries_of_replay` says. */
const OWN = "d.origin = r.id and d.origin not in ('live', 'test')";

/** What became of what was queued so far. What was delivered may have been asked for once more by hand. */
const COUNTS = `select count(*) filter (where d.state = 'delivered')::int as delivered,
    count(*) filter (where q.state in ('waiting', 'sending', 'held'))::int as waiting,
    count(*) filter (where q.state in ('exhausted', 'expired'))::int as failed
  from deliveries d left join lateral (select state from hook_queue where id = d.id limit 1) q on true
  where ${OWN}`;

/** Deliveries that are counted while somebody waits: of one replay, and of each in a list. */
const MOST_OF_ONE = 10_000;
const MOST_IN_LIST = 500;

/** Of a larger replay, what a worker counted last (see `countProgress`); of none yet, that all of it waits. */
const PROGRESS = (most: number) => `cross join lateral (
    select * from (${COUNTS}) n where r.queued <= ${most}
    union all
    select coalesce((r.counted->>'delivered')::int, 0), coalesce((r.counted->>'waiting')::int, r.queued),
      coalesce((r.counted->>'failed')::int, 0) where r.queued > ${most}
  ) n`;

/** How often a replay is counted that still moves, and one of which a person may try again what was given up. */
const COUNTED_EVERY = "interval '15 seconds'";
const FAILED_EVERY = "interval '5 minutes'";

/** Counts a large replay, the one that was counted longest ago. Answers false when none needs it. */
export async function countProgress(reader: Reader): Promise<boolean> {
  const rows = await reader.run(
    "replay-rows-count",
    `with chosen as (
       select id from replays r where queued > ${MOST_IN_LIST} and (counted_at is null
         or counted_at < now() - case when state = 'running' or counted_at < finished_at
             or (counted->>'waiting')::int > 0 then ${COUNTED_EVERY}
           when (counted->>'failed')::int > 0 then ${FAILED_EVERY} end)
       order by counted_at nulls first limit 1 for update skip locked
     )
     update replays r set counted_at = now(), counted = (select to_json(n) from (${COUNTS}) n)
     from chosen c where r.id = c.id returning 1 as one`,
  );
  return rows.length > 0;
}

export async function insertReplay(
  tx: Tx,
  replay: {
    id: string;
    tenantId: string;
    endpointId: string;
    since: Date;
    until: Date;
    types: string[];
    states: ReplayRow["states"];
    rate: number;
  },
): Promise<void> {
  await tx.q
    .insertInto("replays")
    .values({
      id: replay.id,
      tenant_id: replay.tenantId,
      endpoint_id: replay.endpointId,
      since: replay.since,
      until: replay.until,
      types: replay.types,
      states: replay.states,
      rate: replay.rate,
      matched: null,
      finished_at: null,
    })
    .execute();
}

export async function replayById(reader: Reader, tenantId: string, id: string): Promise<ReplayRow | null> {
  const rows = await reader.run<ReplayRow>(
    "replay-rows-by-id",
    `select ${COLUMNS}, n.* from replays r ${PROGRESS(MOST_OF_ONE)} where r.tenant_id = $1 and r.id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** Newest first. */
export function listReplays(
  reader: Reader,
  tenantId: string,
  filter: { endpointId: string | null; before: string | null; limit: number },
): Promise<ReplayRow[]> {
  return reader.run<ReplayRow>(
    "replay-rows-list",
    `select ${COLUMNS}, n.* from (
       select * from replays where tenant_id = $1 and ($2::text is null or endpoint_id = $2)
         and ($3::text is null or id < $3)
       order by id desc limit $4
     ) r ${PROGRESS(MOST_IN_LIST)} order by r.id desc`,
    [tenantId, filter.endpointId, filter.before, filter.limit],
  );
}

/** Ends a replay that runs, or has queued more than has left; what still waits of it is cancelled. */
export async function cancelReplay(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  // Alone, so that the next statement sees the page that somebody may just be queueing.
  await tx.run("replay-rows-lock", "select 1 from replays where tenant_id = $1 and id = $2 for update", [
    tenantId,
    id,
  ]);
  const rows = await tx.run<{ state: string }>(
    "replay-rows-cancel",
    `with prior as (
       select id, state from replays where tenant_id = $1 and id = $2
     ), gone as (
       delete from hook_queue q using replays r, deliveries d
       where r.tenant_id = $1 and r.id = $2 and ${OWN}
         and q.id = d.id and q.state in ('waiting', 'held')
       returning q.id
     ), cancelled as (
       update deliveries d set state = 'cancelled', ended_at = now()
       from gone g where d.tenant_id = $1 and d.id = g.id and d.state = 'open' returning 1
     )
     update replays r set state = 'cancelled', finished_at = coalesce(r.finished_at, now())
     from prior p where r.id = p.id and (p.state = 'running' or exists (select 1 from gone))
     returning p.state`,
    [tenantId, id],
  );
  return rows.length > 0;
}
