import { idAt } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";
import { TRIES } from "./hook-queue.ts";
import type { Found, Window } from "./search.ts";
import { searchWindows } from "./search.ts";

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
  coalesce(q.state, d.state) as state, ${TRIES} as tries,
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

/** Rows of the largest look: each of them has to be found in the work list too. */
const LARGEST_WINDOW = 8_000;
/** More tries than any schedule has. */
const PAST_ALL_STEPS = 1000;
const PAST_ALL_IDS = "dlv_z";

/** Newest first by their events. */
export function listDeliveries(
  reader: Reader,
  tenantId: string,
  filter: DeliveryFilter,
  before: string | null,
  limit: number,
): Promise<Found<DeliveryRow>> {
  const stretchAt = ({ below }: Window) => stretchOf(tenantId, filter, below);
  return searchWindows({
    after: before,
    limit,
    largest: LARGEST_WINDOW,
    placeOf: (row) => row.id,
    find: (window, most) => search(reader, stretchAt(window), window.size, filter, most),
    edge: (window) => edgeOf(reader, stretchAt(window), window.size),
  });
}

interface Stretch {
  name: string;
  /** Rows of `deliveries`, or of the work list, newest first. */
  text: string;
  /** The deliveries of its first rows, as `d`. */
  rows(size: number): string;
  values: unknown[];
}

const QUEUED = new Set<DeliveryState>(["waiting", "sending", "held", "exhausted", "expired"]);

/** What an index answers: a stretch of ids, of one endpoint or one message where the filter names it. */
function stretchOf(tenantId: string, filter: DeliveryFilter, before: string | null): Stretch {
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
  const text = `from ${queued ? "hook_queue" : "deliveries"} w where ${conditions.join(" and ")} order by w.id desc`;
  const rows = (size: number) =>
    queued
      ? `(select w.id ${text} limit ${size}) w join deliveries d on d.id = w.id`
      : `(select w.* ${text} limit ${size}) d`;
  return { name: names.join("-"), text, rows, values };
}

function search(
  reader: Reader,
  stretch: Stretch,
  size: number,
  filter: DeliveryFilter,
  limit: number,
): Promise<DeliveryRow[]> {
  const values = [...stretch.values, limit];
  const names: string[] = [];
  const conditions = [`d.tenant_id = $1`];
  const where = (name: string, condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    names.push(name);
    conditions.push(condition.replace("?", `$${values.length}`));
  };
  const ended = filter.state === "delivered" || filter.state === "cancelled";
  // What is tried again by hand has ended before, and is on the work list again.
  where("state", "d.state = ? and q.id is null", ended ? filter.state : undefined);
  where("message", "d.message_id = ?", filter.messageId);
  if (filter.type?.endsWith(".*")) where("types", "starts_with(d.event_type, ?)", filter.type.slice(0, -1));
  else where("type", "d.event_type = ?", filter.type);
  where("code", "d.attempts->-1->>'code' = ?", filter.code);
  return reader.run<DeliveryRow>(
    ["deliveries-search", size, stretch.name, ...names].join("-"),
    `select ${COLUMNS} from ${stretch.rows(size)} ${FROM}
     where ${conditions.join(" and ")} order by d.id desc limit $${stretch.values.length + 1}`,
    values,
  );
}

/** The last id of a window that was full: where the next one begins. Null: there is nothing more. */
async function edgeOf(reader: Reader, stretch: Stretch, size: number): Promise<string | null> {
  const rows = await reader.run<{ id: string }>(
    `deliveries-edge-${size}-${stretch.name}`,
    `select w.id ${stretch.text} offset ${size - 1} limit 1`,
    stretch.values,
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
