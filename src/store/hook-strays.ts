import type { Reader } from "./database.ts";

/*
 * Deliveries that are not what their endpoint is. Whoever writes an event reads the endpoints and waits for nobody, so
 * an endpoint may be enabled, disabled or deleted in the same moment. What came out wrong is put right here, a page at
 * a time. Each answers how many.
 */

/** Lets go what was made for an endpoint as disabled while somebody enabled it. */
export async function releaseStrayHooks(reader: Reader, most: number): Promise<number> {
  const rows = await reader.run<{ id: string }>(
    "hooks-release-stray",
    `update hook_queue set state = 'waiting', next_at = now() where id = any (array(
       select h.id from hook_lanes l cross join lateral (
         select id from hook_queue h where h.endpoint_id = l.endpoint_id and h.state = 'held' limit $1) h
       where l.is_open limit $1))
     and state = 'held' returning id`,
    [most],
  );
  return rows.length;
}

/** Keeps what was made while its endpoint was disabled, and the rest of a long backlog: it must not grow old. */
export async function holdStrayHooks(reader: Reader, most: number): Promise<number> {
  const rows = await reader.run<{ id: string }>(
    "hooks-hold-stray",
    `update hook_queue set state = 'held' where id = any (array(
       select h.id from hook_lanes l cross join lateral (
         select id from hook_queue h where h.endpoint_id = l.endpoint_id and h.state = 'waiting' and not h.manual
         limit $1) h
       where not l.is_open limit $1))
     and state = 'waiting' and not manual returning id`,
    [most],
  );
  return rows.length;
}

/** Cancels what was made for an endpoint while somebody deleted it: it has no lane, so nobody would ever take it. */
export async function cancelStrayHooks(reader: Reader, most: number): Promise<number> {
  const rows = await reader.run<{ count: number }>(
    "hooks-cancel-stray",
    `with gone as (
       delete from hook_queue where id = any (array(
         select h.id from endpoints p cross join lateral (
           select id from hook_queue h where h.endpoint_id = p.id and h.state = 'waiting'
           union all select id from hook_queue h where h.endpoint_id = p.id and h.state = 'held'
           limit $1) h
         where p.deleted_at > now() - interval '1 day' limit $1))
       returning id, tenant_id
     ), cancelled as (
       update deliveries d set state = 'cancelled', ended_at = now()
       from gone g where d.tenant_id = g.tenant_id and d.id = g.id and d.state = 'open'
     )
     select count(*)::int as count from gone`,
    [most],
  );
  return rows[0]?.count ?? 0;
}
