import type { Arrival } from "../domain/arrival.ts";
import type { Reader, Tx } from "./database.ts";
import type { Found, Window } from "./search.ts";
import { cut, searchWindows } from "./search.ts";

/** The journal as people see it: what came in, and what was set aside. */

export interface StoredArrival {
  seq: number;
  channelId: string;
  kind: string;
  door: string;
  client: string | null;
  receivedAt: Date;
  deliveries: number;
  attempts: number;
  aside: string | null;
  raw: Buffer | null;
  headers: Record<string, unknown> | null;
  payload: Arrival | null;
}

const COLUMNS = `seq, channel_id as "channelId", kind, door, client, received_at as "receivedAt", deliveries,
  attempts, aside, raw, headers, payload`;

/** Numbers one look goes through. */
const LOOK = 16_000;
const PAST_ALL = "9223372036854775807";

/**
 * Newest first, from before `before`. All tenants share the numbers, and no index tells whose they are: a tenant of
 * few among many is looked for stretch by stretch.
 */
export function listArrivals(
  reader: Reader,
  tenantId: string,
  options: { aside: boolean; before: number | null; limit: number },
): Promise<Found<StoredArrival>> {
  const { aside, limit } = options;
  const placeOf = (row: StoredArrival) => String(row.seq);
  const after = options.before === null ? PAST_ALL : String(options.before);
  const find = async ({ below }: Window, most: number) =>
    reader.run<StoredArrival>(
      aside ? "arrivals-aside" : "arrivals-all",
      `select ${COLUMNS} from arrivals where tenant_id = $1 and seq < $2
         ${aside ? "and aside is not null" : `and seq >= $2 - ${LOOK}`} order by seq desc limit $3`,
      [tenantId, below, most],
    );
  if (aside) return find({ below: after, size: 0 }, limit + 1).then((rows) => cut(rows, limit, placeOf));
  const edge = async ({ below }: Window) => {
    const rows = await reader.run<{ place: string }>(
      "arrivals-edge",
      `select (seq + 1)::text as place from arrivals where seq < $1::bigint - ${LOOK} order by seq desc limit 1`,
      [below],
    );
    return rows[0]?.place ?? null;
  };
  return searchWindows({ after, limit, placeOf, find, edge });
}

export async function arrivalBySeq(
  reader: Reader,
  tenantId: string,
  seq: number,
): Promise<StoredArrival | null> {
  const rows = await reader.run<StoredArrival>(
    "arrivals-one",
    `select ${COLUMNS} from arrivals where tenant_id = $1 and seq = $2`,
    [tenantId, seq],
  );
  return rows[0] ?? null;
}

/** Puts an arrival that could not be routed back on the work list. Answers false if it was not aside any more. */
export async function requeueArrival(tx: Tx, seq: number, bucket: number): Promise<boolean> {
  const rows = await tx.run<{ seq: number }>(
    "arrivals-requeue",
    `with back as (
       update arrivals set aside = null, attempts = 0 where seq = $1 and aside is not null returning seq
     )
     insert into inbox (bucket, seq) select $2, seq from back on conflict do nothing returning seq`,
    [seq, bucket],
  );
  return rows.length > 0;
}

/** Notes that what was not understood has been read again: its arrivals have rows of their own. */
export async function settleAside(tx: Tx, seq: number): Promise<void> {
  await tx.run(
    "arrivals-settle-aside",
    "update arrivals set aside = null, kind = 'replayed' where seq = $1",
    [seq],
  );
}
