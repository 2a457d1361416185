import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reader } from "./database.ts";

/*
 * Lists of tables that may hold millions of rows, newest first. What an index answers is read by it. The rest is
 * looked for in windows of that, from the newest row on, so that neither a rare match nor a frequent one costs a walk
 * through all of it. The statements are planned for their values each time: one plan for all of them would begin a
 * page deep in the list at its newest row.
 */

/** Rows of the first window and of the largest; each is four times the one before. */
const FIRST_WINDOW = 2_000;
const LARGEST_WINDOW = 16_000;
/** A search that finds little stops after this time, ms, and says where it goes on. */
const SEARCH_MS = 80;

export interface Found<Row> {
  rows: Row[];
  /** Where to go on: also set when the search stopped before it found a full page. Null: nothing is left. */
  next: string | null;
}

/** A window: `size` rows below a place, which is not one of them; null = from the newest on. */
export interface Window {
  below: string | null;
  size: number;
}

export interface Look<Row> {
  after: string | null;
  limit: number;
  largest?: number;
  placeOf(row: Row): string;
  /** The first matches of a window, at most `limit`. */
  find(window: Window, limit: number): Promise<Row[]>;
  /** The place of the last row of a window that is full. Null: there is nothing behind it. */
  edge(window: Window): Promise<string | null>;
}

export async function searchWindows<Row>(look: Look<Row>): Promise<Found<Row>> {
  const { after, limit, largest = LARGEST_WINDOW, placeOf } = look;
  const stopAt = performance.now() + SEARCH_MS;
  const rows: Row[] = [];
  let below = after;
  for (let size = Math.min(FIRST_WINDOW, largest); ; size = Math.min(size * 4, largest)) {
    rows.push(...(await look.find({ below, size }, limit + 1 - rows.length)));
    if (rows.length > limit) return cut(rows, limit, placeOf);
    below = await look.edge({ below, size });
    if (below === null || performance.now() > stopAt) return { rows, next: below };
  }
}

/** A page of `limit + 1` rows that were found. */
export function cut<Row>(rows: Row[], limit: number, placeOf: (row: Row) => string): Found<Row> {
  const last = rows[limit - 1];
  const more = rows.length > limit && last !== undefined;
  return { rows: rows.slice(0, limit), next: more ? placeOf(last) : null };
}

export interface Search {
  table: string;
  /** Of the row `t`. */
  columns: RawBuilder<unknown>;
  /** What an index answers that ends with the id. */
  narrow: RawBuilder<unknown>[];
  /** What has to be looked for among these rows. */
  filter: RawBuilder<unknown>[];
  after: string | null;
  limit: number;
}

/** Rows of one table by their ids, newest first. */
export function searchRows<Row extends { id: string }>(reader: Reader, search: Search): Promise<Found<Row>> {
  const { table, columns, narrow, filter, after, limit } = search;
  const placeOf = (row: Row) => row.id;
  const from = (below: string | null) => {
    const conditions = below === null ? narrow : [...narrow, sql`t.id < ${below}`];
    return sql`from ${sql.table(table)} t where ${sql.join(conditions, sql` and `)} order by t.id desc`;
  };
  const find = async ({ below, size }: Window, most: number) => {
    const window =
      filter.length === 0
        ? from(below)
        : sql`from (select t.* ${from(below)} limit ${size}) t
      where ${sql.join(filter, sql` and `)} order by t.id desc`;
    return (await sql<Row>`select ${columns} ${window} limit ${most}`.execute(reader.q)).rows;
  };
  if (filter.length === 0) {
    return find({ below: after, size: 0 }, limit + 1).then((rows) => cut(rows, limit, placeOf));
  }
  const edge = async ({ below, size }: Window) => {
    const place = sql<{ id: string }>`select t.id ${from(below)} offset ${size - 1} limit 1`;
    return (await place.execute(reader.q)).rows[0]?.id ?? null;
  };
  return searchWindows({ after, limit, placeOf, find, edge });
}

/**
 * Rows of a few kinds, newest first: of each as many as a page may need, by an index of kind and id. For kinds that
 * are rare among all rows.
 */
export async function searchKinds<Row extends { id: string }>(
  reader: Reader,
  search: Search & { kind: string; kinds: string[] },
): Promise<Found<Row>> {
  const { table, columns, narrow, filter, after, limit, kind, kinds } = search;
  const conditions = [...narrow, ...filter, sql`t.${sql.ref(kind)} = k.kind`];
  if (after !== null) conditions.push(sql`t.id < ${after}`);
  const { rows } = await sql<Row>`
    select ${columns} from unnest(${kinds}::text[]) k (kind) cross join lateral (
      select * from ${sql.table(table)} t where ${sql.join(conditions, sql` and `)}
      order by t.id desc limit ${limit + 1}
    ) t order by t.id desc limit ${limit + 1}`.execute(reader.q);
  return cut(rows, limit, (row) => row.id);
}

/** Which kinds there are that begin like this: one look at the index for each, however many rows there are. */
export async function kindsLike(
  reader: Reader,
  search: Pick<Search, "table" | "narrow"> & { kind: string },
  prefixes: string[],
): Promise<string[]> {
  const { table, narrow } = search;
  const kind = sql`t.${sql.ref(search.kind)}`;
  const first = (conditions: RawBuilder<unknown>[]) => sql`(select ${kind} from ${sql.table(table)} t
    where ${sql.join(conditions, sql` and `)} order by ${kind} limit 1)`;
  const { rows } = await sql<{ kind: string }>`
    with recursive known (kind) as (
      ${first(narrow)} union all
      select ${first([...narrow, sql`${kind} > k.kind`])} from known k where k.kind is not null
    )
    select kind from known where kind is not null
      and exists (select 1 from unnest(${prefixes}::text[]) p (start) where starts_with(kind, p.start))`.execute(
    reader.q,
  );
  return rows.map((row) => row.kind);
}
