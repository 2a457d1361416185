import { hash } from "node:crypto";
import { bulk } from "./bulk.ts";
import type { Database, Tx } from "./database.ts";
import type { Kept, NewArrival } from "./inbox.ts";
import { countRepeats, keepArrivals } from "./inbox.ts";

/** A request with nonces, none of which another request of the channel may carry. */
export interface OnceRequest {
  channelId: string;
  once: readonly string[];
  arrivals: NewArrival[];
}

interface NonceRow {
  channelId: string;
  /** First 16 bytes of its SHA-256, base64. */
  nonce: string;
}

const NONCES = bulk<NonceRow>([
  ["channel_id", "word", (row) => row.channelId],
  ["nonce", "base64", (row) => row.nonce],
]);

// In one order, so that two processes which spend the same nonces wait for each other and do not lock each other out.
const SPEND = `
  insert into door_nonces (${NONCES.names}) ${NONCES.select} order by channel_id, nonce
  on conflict do nothing returning channel_id as "channelId", encode(nonce, 'base64') as nonce`;

/**
 * Keeps requests together with their nonces, in one commit: what was not kept has not used up its nonce. A request
 * whose nonce was there before is a repeat whatever it says: it counts on the arrivals that are known, and the
 * answer holds no others. Answers in the order of the input.
 */
export function keepOnce(database: Database, requests: readonly OnceRequest[]): Promise<Kept[][]> {
  return database.transact(async (tx) => {
    const isNew = await spend(tx, requests);
    const fresh = requests.filter((_, index) => isNew[index]).flatMap((request) => request.arrivals);
    const again = requests.filter((_, index) => !isNew[index]).flatMap((request) => request.arrivals);
    const kept = (fresh.length > 0 ? await keepArrivals(tx, fresh) : []).values();
    const repeats = (again.length > 0 ? await countRepeats(tx, again) : []).values();
    return requests.map(({ arrivals }, index) => {
      const answers = [...(isNew[index] ? kept : repeats).take(arrivals.length)];
      return answers.filter((answer) => answer !== null);
    });
  });
}

/** Which requests are the first with their nonces. */
async function spend(tx: Tx, requests: readonly OnceRequest[]): Promise<boolean[]> {
  const rows = new Map<string, NonceRow>();
  const wanted = requests.map(({ channelId, once }) => {
    const own = once.map((nonce) => ({
      channelId,
      nonce: hash("sha256", nonce, "buffer").toString("base64", 0, 16),
    }));
    // Whoever comes second in the batch is a repeat.
    if (own.some((row) => rows.has(keyOf(row)))) return null;
    for (const row of own) rows.set(keyOf(row), row);
    return own;
  });
  const spent = await tx.run<NonceRow>("door-nonces", SPEND, NONCES.values([...rows.values()]));
  const news = new Set(spent.map(keyOf));
  return wanted.map((own) => own?.every((row) => news.has(keyOf(row))) ?? false);
}

function keyOf({ channelId, nonce }: NonceRow): string {
  return `${channelId} ${nonce}`;
}
