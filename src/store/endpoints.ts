import type { Selectable } from "kysely";
import type { Reader, Tx } from "./database.ts";
import type { EndpointTable } from "./hook-tables.ts";

/** Endpoints as people set them up, each with its lane, and what becomes of its deliveries when it changes. */

export type StoredEndpoint = Selectable<EndpointTable>;

export type EndpointSource =
  | "endpoint"
  | "forward_all"
  | "rule"
  | "integration"
  | "integration_replies"
  | "callback";

export interface NewEndpoint {
  id: string;
  tenantId: string;
  source: EndpointSource;
  sourceId: string | null;
  url: string;
  types: string[];
  channelIds: string[];
  format: string;
  formatOptions: Record<string, unknown>;
  enabled: boolean;
  rate: number | null;
  concurrency: number;
  timeoutMs: number;
  schedule: number[] | null;
  ordering: "none" | "key" | "endpoint";
  onExhausted: "hold" | "skip";
  signing: "v1" | "v1a" | "both";
  /** Sealed. */
  headers: string | null;
}

/** Makes an endpoint and its lane. */
export async function insertEndpoint(tx: Tx, endpoint: NewEndpoint): Promise<void> {
  await tx.q
    .insertInto("endpoints")
    .values({
      id: endpoint.id,
      tenant_id: endpoint.tenantId,
      source: endpoint.source,
      source_id: endpoint.sourceId,
      url: endpoint.url,
      types: endpoint.types,
      channel_ids: endpoint.channelIds,
      format: endpoint.format,
      format_options: JSON.stringify(endpoint.formatOptions),
      enabled: endpoint.enabled,
      disabled_reason: endpoint.enabled ? null : "by_user",
      rate: endpoint.rate,
      concurrency: endpoint.concurrency,
      timeout_ms: endpoint.timeoutMs,
      schedule: endpoint.schedule,
      ordering: endpoint.ordering,
      on_exhausted: endpoint.onExhausted,
      signing: endpoint.signing,
      headers: endpoint.headers,
    })
    .execute();
  await saveHookLane(tx, endpoint);
}

/** Brings the lane up to what its endpoint says; makes it where there is none. */
async function saveHookLane(
  tx: Tx,
  lane: { id: string; tenantId: string; enabled: boolean; concurrency: number; rate: number | null },
): Promise<void> {
  const burst = Math.max(1, 2 * (lane.rate ?? 1));
  await tx.run(
    "endpoints-save-lane",
    `insert into hook_lanes (endpoint_id, tenant_id, is_open, concurrency, rate, burst, tokens)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (endpoint_id) do update set is_open = $3, concurrency = $4, rate = $5, burst = $6,
       tokens = least(hook_lanes.tokens, $6)`,
    [lane.id, lane.tenantId, lane.enabled, lane.concurrency, lane.rate, burst],
  );
}

export type EndpointChange = Partial<
  Omit<NewEndpoint, "id" | "tenantId" | "source" | "sourceId"> & {
    source: EndpointSource;
    disabledReason: string | null;
  }
>;

const COLUMNS: { [Key in keyof EndpointChange]-?: string } = {
  source: "source",
  url: "url",
  types: "types",
  channelIds: "channel_ids",
  format: "format",
  formatOptions: "format_options",
  enabled: "enabled",
  disabledReason: "disabled_reason",
  rate: "rate",
  concurrency: "concurrency",
  timeoutMs: "timeout_ms",
  schedule: "schedule",
  ordering: "ordering",
  onExhausted: "on_exhausted",
  signing: "signing",
  headers: "headers",
};

/** Writes what is given, and the lane with it. */
export async function updateEndpoint(tx: Tx, row: StoredEndpoint, change: EndpointChange): Promise<void> {
  const values = Object.entries(change).map(([key, value]) => [
    COLUMNS[key as keyof EndpointChange],
    key === "formatOptions" ? JSON.stringify(value) : value,
  ]);
  await tx.q
    .updateTable("endpoints")
    .set({ ...Object.fromEntries(values), updated_at: new Date() })
    .where("id", "=", row.id)
    .execute();
  await saveHookLane(tx, {
    id: row.id,
    tenantId: row.tenant_id,
    enabled: change.enabled ?? row.enabled,
    concurrency: change.concurrency ?? row.concurrency,
    rate: change.rate === undefined ? row.rate : change.rate,
  });
}

/** What waits is put into the order that is wanted now, or into none. */
export async function orderAnew(
  tx: Tx,
  row: StoredEndpoint,
  ordering: StoredEndpoint["ordering"],
): Promise<void> {
  await tx.run(
    "endpoints-order-anew",
    `update hook_queue q set order_key = order_key_of($3, e.data)
     from deliveries d left join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     where q.tenant_id = $1 and q.endpoint_id = $2 and d.tenant_id = $1 and d.id = q.id and d.origin = 'live'`,
    [row.tenant_id, row.id, ordering],
  );
}

/** A pause was for the old address or the old settings: one probe says how the new ones do. */
export async function probeLane(tx: Tx, endpointId: string): Promise<void> {
  await tx.run(
    "endpoints-probe-lane",
    `update hook_lanes set paused_until = null, paused_since = null, pause_reason = null, half_open = true
     where endpoint_id = $1 and paused_until > now()`,
    [endpointId],
  );
}

/** What waits is kept until the endpoint is enabled again. */
export async function holdWaiting(tx: Tx, endpointId: string): Promise<void> {
  await tx.run(
    "endpoints-hold",
    "update hook_queue set state = 'held' where endpoint_id = $1 and state = 'waiting'",
    [endpointId],
  );
}

/**
 * Everything that was held leaves, after what is new, and a probe goes first: nothing that failed counts now. Its
 * life begins anew, or what was held for a week would expire instead.
 */
export async function releaseHeld(tx: Tx, row: StoredEndpoint): Promise<void> {
  await tx.run(
    "endpoints-release",
    `update hook_queue set state = 'waiting', priority = 2, next_at = now(), created_at = now()
     where tenant_id = $1 and endpoint_id = $2 and state = 'held'`,
    [row.tenant_id, row.id],
  );
  await clearLane(tx, row.id);
}

/** Everything that was held is given up. */
export async function discardHeld(tx: Tx, row: StoredEndpoint): Promise<void> {
  await tx.run(
    "endpoints-discard",
    `with gone as (
       delete from hook_queue where tenant_id = $1 and endpoint_id = $2 and state = 'held' returning id
     ) ${CANCEL_GONE}`,
    [row.tenant_id, row.id],
  );
  await clearLane(tx, row.id);
}

const CANCEL_GONE = `update deliveries d set state = 'cancelled', ended_at = now()
  from gone g where d.tenant_id = $1 and d.id = g.id and d.state = 'open'`;

async function clearLane(tx: Tx, endpointId: string): Promise<void> {
  await tx.run(
    "endpoints-clear-lane",
    `update hook_lanes set half_open = true, paused_until = null, paused_since = null, pause_reason = null,
       failures = 0, failed_delivery = null, failed_several = false, breaker_level = 0, throttles = 0,
       failing_since = null, failing_ms = 0, failed_attempts = 0, failed_days = 0, noticed = 0
     where endpoint_id = $1`,
    [endpointId],
  );
}

/** Removes an endpoint with its secrets and lane; what has not left is cancelled in the same commit. */
export async function dropEndpoint(tx: Tx, row: StoredEndpoint): Promise<void> {
  const of = [row.tenant_id, row.id];
  await tx.run(
    "endpoints-drop",
    `update endpoints set enabled = false, headers = null, deleted_at = now(), updated_at = now()
     where tenant_id = $1 and id = $2`,
    of,
  );
  await tx.run("endpoints-drop-secrets", "delete from endpoint_secrets where endpoint_id = $1", [row.id]);
  await tx.run("endpoints-drop-lane", "delete from hook_lanes where endpoint_id = $1", [row.id]);
  await tx.run(
    "endpoints-drop-replays",
    `update replays set state = 'cancelled', finished_at = now()
     where tenant_id = $1 and endpoint_id = $2 and state = 'running'`,
    of,
  );
  // One condition for each partial index.
  await tx.run(
    "endpoints-drop-queue",
    `with gone as (
       delete from hook_queue
       where (endpoint_id = $2 and state = 'waiting') or (endpoint_id = $2 and state = 'sending')
         or (tenant_id = $1 and endpoint_id = $2 and state in ('held', 'exhausted', 'expired'))
       returning id
     ) ${CANCEL_GONE}`,
    of,
  );
}

export async function endpointById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<StoredEndpoint | null> {
  const row = await reader.q
    .selectFrom("endpoints")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row ?? null;
}

/** The same, locked until the transaction ends: its lane first, as everybody does who locks both. */
export async function lockEndpoint(tx: Tx, tenantId: string, id: string): Promise<StoredEndpoint | null> {
  await tx.run(
    "endpoints-lock-lane",
    "select 1 from hook_lanes where endpoint_id = $1 and tenant_id = $2 for update",
    [id, tenantId],
  );
  const row = await tx.q
    .selectFrom("endpoints")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Newest first; no sources: all of them. */
export function listEndpoints(
  reader: Reader,
  tenantId: string,
  filter: { sources: EndpointSource[]; before: string | null; limit: number },
): Promise<StoredEndpoint[]> {
  let query = reader.q
    .selectFrom("endpoints")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("deleted_at", "is", null);
  if (filter.sources.length > 0) query = query.where("source", "in", filter.sources);
  if (filter.before !== null) query = query.where("id", "<", filter.before);
  return query.orderBy("id", "desc").limit(filter.limit).execute();
}

/** The endpoints that serve one way out: a rule, an integration, the address of callbacks, forward-all. */
export function endpointsOf(
  reader: Reader,
  tenantId: string,
  sources: EndpointSource[],
  sourceId: string | null,
): Promise<StoredEndpoint[]> {
  let query = reader.q
    .selectFrom("endpoints")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("source", "in", sources)
    .where("deleted_at", "is", null);
  if (sourceId !== null) query = query.where("source_id", "=", sourceId);
  return query.orderBy("id").execute();
}

/** How many endpoints people have made, counted up to `most`. */
export async function countEndpoints(reader: Reader, tenantId: string, most: number): Promise<number> {
  const rows = await reader.run<{ count: number }>(
    "endpoints-count",
    `select count(*)::int as count from (
       select 1 from endpoints where tenant_id = $1 and deleted_at is null limit $2) e`,
    [tenantId, most],
  );
  return rows[0]?.count ?? 0;
}
