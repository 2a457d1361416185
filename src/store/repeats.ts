import { idAt } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";

/** Texts that may be repeats of others, found among the few messages of a person. */

interface PersonKey {
  tenantId: string;
  phone: string;
}

/** When the same words last came from this person within that time; null = they did not. */
export async function heardAt(
  reader: Reader,
  heard: PersonKey & { channelId: string; to: string; text: string; since: Date; until: Date },
): Promise<Date | null> {
  const { tenantId, phone, channelId, to, text, since, until } = heard;
  const rows = await reader.run<{ at: Date | null }>(
    "repeats-heard",
    `select max(created_at) as at from messages
     where tenant_id = $1 and phone = $2 and id >= $3 and direction = 'in' and channel_id = $4 and recipient = $5
       and text = $6 and created_at > $7 and created_at <= $8`,
    [tenantId, phone, leastId(since), channelId, to, text, since, until],
  );
  return rows[0]?.at ?? null;
}

/** Whether a text of ours was written to this person between two moments. */
export async function spokeBetween(
  reader: Reader,
  { tenantId, phone }: PersonKey,
  after: Date,
  before: Date,
): Promise<boolean> {
  const rows = await reader.run(
    "repeats-spoke",
    `select 1 as one from messages
     where tenant_id = $1 and phone = $2 and id >= $3 and direction = 'out' and created_at > $4 and created_at < $5
     limit 1`,
    [tenantId, phone, leastId(after), after, before],
  );
  return rows.length > 0;
}

/** Notes in the journal that these arrivals were repeats: they are kept, and nothing follows from them. */
export async function markRepeats(tx: Tx, seqs: number[]): Promise<void> {
  if (seqs.length === 0) return;
  await tx.run("repeats-mark", "update arrivals set kind = 'repeat' where seq = any($1)", [seqs]);
}

/** Ids are made a little after the time they are about, by clocks that differ. */
function leastId(at: Date): string {
  return idAt("msg", at.getTime() - 60_000);
}
