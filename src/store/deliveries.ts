import { idAt } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";

/** Deliveries as people look at them. What has not ended has a row on the work list, which tells its state. */

export type DeliveryState =
  | "waiting"
  | "sending"
  | "held"
  | "exhausted"
  | "expired"
  | "delivered"
  | "cancelled";

export interface DeliveryRow {
  id: string;
  endpointId: string;
  eventId: string;
  eventType: string;
  messageId: string | null;
  origin: string;
  url: string | null;
  state: DeliveryState;
  tries: number;
  lastAttempt: Record<string, unknown> | null;
  nextAt: Date | null;
  createdAt: Date;
  endedAt: Date | null;
}

const COLUMNS = `d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", d.event_type as "eventType",
  d.message_id as "messageId", d.origin, coalesce(d.url, p.url) as url,
  coalesce(q.state, d.state) as state, jsonb_array_length(d.attempts) as tries,
  (d.attempts->-1) - 'request' - 'response' as "lastAttempt",
  case when q.state = 'waiting' then q.next_at end as "nextAt", d.created_at as "createdAt",
  case when q.id is null then d.ended_at end as "endedAt"`;

/** One look for each row, never a join over all that waits. */
const FROM = `left join lateral (select * from hook_queue where id = d.id offset 0) q on true
  left join endpoints p on p.id = d.endpoint_id`;

export interface DeliveryFilter {
  endpointId?: string | undefined;
  state?: DeliveryState | undefined;
  type?: string | undefined;
  messageId?: string | undefined;
  /** When its event came about. */
  since?: Date | undefined;
  until?: Date | undefined;
  /** What the last try came to. */
  code?: string | undefined;
}

/** Rows looked at in one statement, and how long a search goes on, ms: a rare match must not hold a connection. */
const WINDOW = 50_000;
const SEARCH_MS = 1_500;
/** More tries than any schedule has. */
const PAST_ALL_STEPS = 1000;
const PAST_ALL_IDS = "dlv_z";

/** Newest first by their events. `next` is also set when the search stopped before it found a full page. */
export async function listDeliveries(
  reader: Reader,
  tenantId: string,
  filter: DeliveryFilter,
  before: string | null,
  limit: number,
): Promise<{ rows: DeliveryRow[]; next: string | null }> {
  const stopAt = performance.now() + SEARCH_MS;
  const rows: DeliveryRow[] = [];
  let from = before;
  for (;;) {
    const window = windowOf(tenantId, filter, from);
    rows.push(...(await search(reader, window, filter, limit + 1 - rows.length)));
    if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1]?.id ?? null };
    from = await edgeOf(reader, window);
    if (from === null || performance.now() > stopAt) return { rows, next: from };
  }
}

interface Window {
  name: string;
  /** Rows of `deliveries`, or of the work list, newest first. */
  text: string;
  values: unknown[];
}

const QUEUED = new Set<DeliveryState>(["waiting", "sending", "held", "exhausted", "expired"]);

/** What an index answers: a stretch of ids, of one endpoint or one message where the filter names it. */
function windowOf(tenantId: string, filter: DeliveryFilter, before: string | null): Window {
  const least = filter.since ? idAt("dlv", filter.since.getTime()) : "";
  const latest = filter.until ? idAt("dlv", filter.until.getTime()) : PAST_ALL_IDS;
  const values: unknown[] = [tenantId, least, before !== null && before < latest ? before : latest];
  const conditions = ["w.tenant_id = $1", "w.id >= $2", "w.id < $3"];
  const { state } = filter;
  const queued = state !== undefined && QUEUED.has(state);
  // Written out, so that the indexes over some states fit.
  if (queued) conditions.push(`w.state = '${state}'`);
  const names = [queued ? state : "all"];
  const narrow = (name: string, column: string, value: string | undefined) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`w.${column} = $${values.length}`);
    names.push(name);
  };
  narrow("endpoint", "endpoint_id", filter.endpointId);
  if (!queued) narrow("message", "message_id", filter.messageId);
  return {
    name: names.join("-"),
    text: `from ${queued ? "hook_queue" : "deliveries"} w where ${conditions.join(" and ")} order by w.id desc`,
    values,
  };
}

function search(
  reader: Reader,
  window: Window,
  filter: DeliveryFilter,
  limit: number,
): Promise<DeliveryRow[]> {
  const values = [...window.values, limit];
  const names: string[] = [];
  const conditions = [`d.tenant_id = $1`];
  const where = (name: string, condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    names.push(name);
    conditions.push(condition.replace("?", `$${values.length}`));
  };
  const ended = filter.state === "delivered" || filter.state === "cancelled";
  where("state", "coalesce(q.state, d.state) = ?", ended ? filter.state : undefined);
  where("message", "d.message_id = ?", filter.messageId);
  if (filter.type?.endsWith(".*")) where("types", "starts_with(d.event_type, ?)", filter.type.slice(0, -1));
  else where("type", "d.event_type = ?", filter.type);
  where("code", "d.attempts->-1->>'code' = ?", filter.code);
  return reader.run<DeliveryRow>(
    ["deliveries-search", window.name, ...names].join("-"),
    `select ${COLUMNS} from (select w.id ${window.text} limit ${WINDOW}) w join deliveries d on d.id = w.id ${FROM}
     where ${conditions.join(" and ")} order by w.id desc limit $${window.values.length + 1}`,
    values,
  );
}

/** The last id of a window that was full: where the next one begins. Null: there is nothing more. */
async function edgeOf(reader: Reader, window: Window): Promise<string | null> {
  const rows = await reader.run<{ id: string }>(
    `deliveries-edge-${window.name}`,
    `select w.id ${window.text} offset ${WINDOW - 1} limit 1`,
    window.values,
  );
  return rows[0]?.id ?? null;
}

export interface WholeDelivery extends DeliveryRow {
  attempts: Record<string, unknown>[];
  /** Kept from the first try, where the format is not the event itself. */
  body: string | null;
  format: string | null;
  sequence: number | null;
  event: { id: string; type: string; at: Date; data: string } | null;
}

export async function deliveryById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<WholeDelivery | null> {
  const rows = await reader.run<
    Omit<WholeDelivery, "event"> & { eventAt: Date | null; eventData: string | null }
  >(
    "deliveries-by-id",
    `select ${COLUMNS}, d.attempts, d.body, p.format, d.sequence, e.at as "eventAt", e.data::text as "eventData"
     from deliveries d ${FROM} left join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     where d.tenant_id = $1 and d.id = $2`,
    [tenantId, id],
  );
  const [row] = rows;
  if (!row) return null;
  const { eventAt: at, eventData: data, ...delivery } = row;
  const event =
    at === null || data === null ? null : { id: delivery.eventId, type: delivery.eventType, at, data };
  return { ...delivery, event };
}

/**
 * Puts a delivery on the work list for a try at once, past its schedule and a pause of its lane. `sending`: it is
 * under way already. `gone`: its endpoint was deleted.
 */
export async function retryDelivery(
  tx: Tx,
  tenantId: string,
  id: string,
): Promise<"queued" | "sending" | "gone"> {
  const rows = await tx.run<{ there: boolean; queued: boolean }>(
    "deliveries-retry",
    `with wanted as (
       select d.id, d.tenant_id, d.endpoint_id, p.id is not null as there from deliveries d
       left join endpoints p on p.id = d.endpoint_id and p.deleted_at is null
       where d.tenant_id = $1 and d.id = $2
     ), queued as (
       -- What had ended has no schedule any more: this one try, and no others after it.
       insert into hook_queue as h (id, tenant_id, endpoint_id, state, priority, manual, step)
       select id, tenant_id, endpoint_id, 'waiting', 1, true, ${PAST_ALL_STEPS} from wanted where there
       on conflict (id) do update set state = 'waiting', priority = 1, manual = true, next_at = now(),
         created_at = case when h.state = 'waiting' then h.created_at else now() end
       where h.state <> 'sending' returning id
     )
     select w.there, q.id is not null as queued from wanted w left join queued q on true`,
    [tenantId, id],
  );
  if (rows[0]?.queued) return "queued";
  return rows[0]?.there ? "sending" : "gone";
}

/**
 * A test: its event is written, and of the deliveries made with it only the one to this endpoint is kept, as one
 * that a person asked for.
 */
export async function makeTestDelivery(
  tx: Tx,
  test: { tenantId: string; eventId: string; eventType: string; endpointId: string },
): Promise<string> {
  const { tenantId, eventId, eventType, endpointId } = test;
  await tx.run(
    "deliveries-test-alone",
    `with others as (
       delete from deliveries where tenant_id = $1 and event_id = $2
         and id >= 'dlv_' || substr($2, 5, 14) and id < 'dlv_' || substr($2, 5, 14) || '~' returning id
     )
     delete from hook_queue q using others o where q.id = o.id`,
    [tenantId, eventId],
  );
  const rows = await tx.run<{ id: string }>(
    "deliveries-test",
    `with made as (
       insert into deliveries (tenant_id, id, endpoint_id, event_id, event_type, origin)
       values ($1, delivery_id($2, $4, 'test'), $4, $2, $3, 'test') returning id
     )
     insert into hook_queue (id, tenant_id, endpoint_id, state, priority, manual)
     select id, $1, $4, 'waiting', 1, true from made returning id`,
    [tenantId, eventId, eventType, endpointId],
  );
  return rows[0]?.id ?? "";
}
