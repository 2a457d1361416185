import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { GuardRule } from "../domain/guard.ts";
import type { Reader, Tx } from "./database.ts";
import type { Found } from "./search.ts";
import { searchRows } from "./search.ts";

/** Trips of the guards: what was held back, for how long, and who let it go. */

export interface TripRow {
  tenantId: string;
  id: string;
  at: string;
  rule: GuardRule;
  channelId: string | null;
  address: string;
  phone: string | null;
  counter: number;
  limit: number;
  textHash: number | null;
  withheld: string;
  told: boolean;
  endsAt: string;
}

/** Writes trips, several of one id as one row that counts them. */
export async function writeTrips(tx: Tx, trips: readonly TripRow[]): Promise<void> {
  if (trips.length === 0) return;
  const rows = [...Map.groupBy(trips, (trip) => trip.id).values()].map((same) => {
    const last = same.at(-1) as TripRow;
    const told = same.some((trip) => trip.told);
    return { ...last, told, at: same[0]?.at, lastAt: last.at, times: same.length };
  });
  await tx.run(
    "guards-write-trips",
    `insert into guard_trips as t (tenant_id, id, at, last_at, rule, channel_id, address, phone, counter, "limit",
       text_hash, withheld, times, told, ends_at)
     select "tenantId", id, at, "lastAt", rule, "channelId", address, phone, counter, "limit", "textHash", withheld,
       times, told, "endsAt"
     from json_to_recordset($1::json) as x("tenantId" text, id text, at timestamptz, "lastAt" timestamptz,
       rule text, "channelId" text, address text, phone text, counter int, "limit" int, "textHash" bigint,
       withheld text, times int, told boolean, "endsAt" timestamptz)
     on conflict (tenant_id, id) do update set last_at = excluded.last_at, times = t.times + excluded.times,
       counter = greatest(t.counter, excluded.counter), "limit" = excluded."limit",
       told = t.told or excluded.told, ends_at = greatest(t.ends_at, excluded.ends_at)`,
    [JSON.stringify(rows)],
  );
}

export interface StoredTrip {
  id: string;
  at: Date;
  lastAt: Date;
  rule: GuardRule;
  channelId: string | null;
  address: string;
  phone: string | null;
  counter: number;
  limit: number;
  textHash: number | null;
  withheld: "reply" | "text";
  times: number;
  told: boolean;
  endsAt: Date;
  releasedAt: Date | null;
}

const COLUMNS = `id, at, last_at as "lastAt", rule, channel_id as "channelId", address, phone, counter, "limit",
  text_hash as "textHash", withheld, times, told, ends_at as "endsAt", released_at as "releasedAt"`;

export interface TripFilter {
  phone?: string | undefined;
  rule?: GuardRule | undefined;
  /** Those that still hold something back, or those that no longer do. */
  open?: boolean | undefined;
}

/** Newest first. Those that are open are few at a time, and told by when they end. */
export function listTrips(
  reader: Reader,
  tenantId: string,
  options: { filter: TripFilter; now: Date; after: string | null; limit: number },
): Promise<Found<StoredTrip>> {
  const { filter, now, after, limit } = options;
  const { phone, rule, open } = filter;
  const narrow: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  const others: RawBuilder<unknown>[] = [];
  if (phone !== undefined) narrow.push(sql`t.phone = ${phone}`);
  const isOpen = sql`t.released_at is null and t.ends_at > ${now}`;
  if (open === true) narrow.push(isOpen);
  if (open === false) others.push(sql`not (${isOpen})`);
  if (rule !== undefined) others.push(sql`t.rule = ${rule}`);
  const columns = sql.raw(COLUMNS);
  return searchRows(reader, { table: "guard_trips", columns, narrow, filter: others, after, limit });
}

/**
 * Releases a trip: all that is open of the same conversation ends, and its counters are forgotten with the next text.
 * Answers the trip as it is then, or null when there is none.
 */
export async function releaseTrip(
  tx: Tx,
  tenantId: string,
  id: string,
  now: Date,
): Promise<StoredTrip | null> {
  const [trip] = await tx.run<StoredTrip>(
    "guards-release-trip",
    `update guard_trips set released_at = coalesce(released_at, $3) where tenant_id = $1 and id = $2
     returning ${COLUMNS}`,
    [tenantId, id, now],
  );
  if (!trip || trip.channelId === null || trip.phone === null) return trip ?? null;
  await tx.run(
    "guards-release-others",
    `update guard_trips set released_at = $3
     where channel_id = $1 and phone = $2 and released_at is null and ends_at > $3`,
    [trip.channelId, trip.phone, now],
  );
  await tx.run(
    "guards-release-conversation",
    "update conversations set released_at = $3 where channel_id = $1 and phone = $2",
    [trip.channelId, trip.phone, now],
  );
  return trip;
}

/** We wrote to somebody of our own accord: replies of ours that led nowhere are forgotten. */
export async function noteSpoken(tx: Tx, channelId: string, phone: string, at: Date): Promise<void> {
  await tx.run(
    "guards-note-spoken",
    `update conversations set spoken_at = $3
     where channel_id = $1 and phone = $2 and state->'fruitless' is not null`,
    [channelId, phone, at],
  );
}

/** Counts texts that the used-up budget of an address, or of all together, holds back. False: there is no trip yet. */
export async function countBudgetTrip(
  tx: Tx,
  row: { tenantId: string; address: string; times: number; at: string },
): Promise<boolean> {
  const rows = await tx.run(
    "guards-count-budget",
    `update guard_trips set times = times + $3, last_at = $4
     where tenant_id = $1 and rule = 'L9' and address = $2 and released_at is null and ends_at > $4
     returning 1 as one`,
    [row.tenantId, row.address, row.times, row.at],
  );
  return rows.length > 0;
}
