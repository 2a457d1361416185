import type { Arrival } from "../domain/arrival.ts";
import type { Reader, Tx } from "./database.ts";

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

/** Newest first, from before `before`. */
export function listArrivals(
  reader: Reader,
  tenantId: string,
  options: { aside: boolean; before: number | null; limit: number },
): Promise<StoredArrival[]> {
  const name = options.aside ? "arrivals-aside" : "arrivals-all";
  const only = options.aside ? "and aside is not null" : "";
  return reader.run(
    name,
    `select ${COLUMNS} from arrivals where tenant_id = $1 ${only} and ($2::bigint is null or seq < $2)
     order by seq desc limit $3`,
    [tenantId, options.before, options.limit],
  );
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
