import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reader } from "./database.ts";
import { idCeiling, idFloor } from "./id-floor.ts";
import type { Found } from "./search.ts";
import { kindsLike, searchKinds, searchRows } from "./search.ts";

/** An event as everybody reads it. */
export interface StoredEvent {
  id: string;
  type: string;
  at: Date;
  tenantId: string;
  data: unknown;
}

/**
 * A place in the order of commits. Transactions get their number when they first write, yet end in any order:
 * an event may become visible after one with a higher number. So a reader that wants to miss none reads only
 * numbers below `pg_snapshot_xmin`, the oldest transaction that is still under way.
 */
export interface Position {
  tx: string;
  id: string;
}

export interface PlacedEvent extends StoredEvent {
  tx: string;
}

/** Types by their full name, and beginnings that end with a dot; both empty = every type. */
export interface TypeFilter {
  exact: string[];
  prefixes: string[];
}

const COLUMNS = `e.tx::text as tx, e.id, e.type, e.at, e.tenant_id as "tenantId", e.data`;

const OF_TYPE = (
  exact: string,
  prefixes: string,
) => `(cardinality(${exact}::text[]) + cardinality(${prefixes}::text[]) = 0
  or e.type = any(${exact}) or exists (select 1 from unnest(${prefixes}::text[]) as p(start) where starts_with(e.type, p.start)))`;

/** What nearly every text brings about. */
const FREQUENT = [
  ...["message.received", "message.queued", "message.sent", "message.delivered"],
  ...["command.executed", "board.item.changed"],
];
/** Word for word what the index `events_rare` says. */
const IS_RARE = sql.raw(`t.type not in (${FREQUENT.map((type) => `'${type}'`).join(", ")})`);

interface EventFilter {
  types: TypeFilter;
  since: Date | null;
  until: Date | null;
  after: string | null;
  limit: number;
}

/**
 * Newest first, by id: the order of making, not of commits. Rare types are read by an index of their own; types
 * among which are frequent ones are looked for among all events. An event that was made days after what it tells of
 * is passed over by `until`.
 */
export async function listEvents(
  reader: Reader,
  tenantId: string,
  options: EventFilter,
): Promise<Found<StoredEvent>> {
  const { types, since, until, after, limit } = options;
  const narrow: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  const filter: RawBuilder<unknown>[] = [];
  if (since !== null) narrow.push(sql`t.id >= ${idFloor("evt", since)}`);
  if (until !== null) narrow.push(sql`t.id < ${idCeiling("evt", until)}`);
  if (since !== null) filter.push(sql`t.at >= ${since}`);
  if (until !== null) filter.push(sql`t.at < ${until}`);
  const columns = sql`t.id, t.type, t.at, t.tenant_id as "tenantId", t.data`;
  const search = { table: "events", columns, narrow, filter, after, limit };
  const { exact, prefixes } = types;
  if (exact.length + prefixes.length === 0) return searchRows(reader, search);
  if (FREQUENT.some((type) => exact.includes(type) || prefixes.some((start) => type.startsWith(start)))) {
    const ofType = sql`(t.type = any(${exact}::text[])
      or exists (select 1 from unnest(${prefixes}::text[]) p (start) where starts_with(t.type, p.start)))`;
    return searchRows(reader, { ...search, filter: [ofType, ...filter] });
  }
  const rare = { ...search, narrow: [...narrow, IS_RARE], kind: "type" };
  const kinds = prefixes.length === 0 ? [] : await kindsLike(reader, rare, prefixes);
  return searchKinds(reader, { ...rare, kinds: [...new Set([...exact, ...kinds])] });
}

export async function eventById(reader: Reader, tenantId: string, id: string): Promise<StoredEvent | null> {
  const rows = await reader.run<StoredEvent>(
    "events-by-id",
    `select ${COLUMNS} from events e where e.tenant_id = $1 and e.id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** Everything that is not yet sure to be committed lies behind this place. */
export async function currentPosition(reader: Reader): Promise<Position> {
  const rows = await reader.run<{ tx: string }>(
    "events-now",
    "select pg_snapshot_xmin(pg_current_snapshot())::text as tx",
  );
  return { tx: rows[0]?.tx ?? "0", id: "" };
}

/** Where an event lies; null = no such event is kept. */
export async function positionOf(reader: Reader, tenantId: string, id: string): Promise<Position | null> {
  const rows = await reader.run<Position>(
    "events-position",
    "select tx::text as tx, id from events where tenant_id = $1 and id = $2",
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** Events of all tenants behind a place, in the order of commits. */
export function eventsAfter(reader: Reader, after: Position, limit: number): Promise<PlacedEvent[]> {
  return reader.run(
    "events-tail",
    `select ${COLUMNS} from events e
     where (e.tx, e.id) > ($1::xid8, $2) and e.tx < pg_snapshot_xmin(pg_current_snapshot())
     order by e.tx, e.id limit $3`,
    [after.tx, after.id, limit],
  );
}

interface Stretch {
  tenantId: string;
  types: TypeFilter;
  after: Position;
  /** The last place that counts. */
  upTo: Position;
  limit: number;
}

/** The first events of a stretch, in the order of commits. */
export function eventsBetween(reader: Reader, stretch: Stretch): Promise<PlacedEvent[]> {
  return reader.run("events-between", `${STRETCH} order by e.tx, e.id limit $8`, stretchValues(stretch));
}

/** The last events of a stretch, in the order of commits. */
export async function lastEventsBetween(reader: Reader, stretch: Stretch): Promise<PlacedEvent[]> {
  const rows = await reader.run<PlacedEvent>(
    "events-last-between",
    `${STRETCH} order by e.tx desc, e.id desc limit $8`,
    stretchValues(stretch),
  );
  return rows.reverse();
}

const STRETCH = `select ${COLUMNS} from events e
  where e.tenant_id = $1 and ${OF_TYPE("$2", "$3")}
    and (e.tx, e.id) > ($4::xid8, $5) and (e.tx, e.id) <= ($6::xid8, $7)`;

function stretchValues({ tenantId, types, after, upTo, limit }: Stretch): unknown[] {
  return [tenantId, types.exact, types.prefixes, after.tx, after.id, upTo.tx, upTo.id, limit];
}
