import type { Database } from "../store/database.ts";
import { isDeadlock, isStatementFault } from "../store/database.ts";
import type { OnceRequest } from "../store/door-nonces.ts";
import { keepOnce } from "../store/door-nonces.ts";
import type { Kept } from "../store/inbox.ts";
import { bucketOf, conversationKey, keepArrivals } from "../store/inbox.ts";
import type { Batcher } from "../tools/batcher.ts";
import { createBatcher } from "../tools/batcher.ts";

/**
 * From the doors into the inbox: requests that arrive together are committed together. Those with nonces go a way
 * of their own, so that the others do not pay for them; a provider's requests mostly all have some, or none.
 */

/** Arrivals in one commit. */
const COMMIT_AT_MOST = 500;
/** One commit is prepared while another is written. All texts of a conversation take the same way, in order. */
const WAYS = 2;

/** What a believed request leaves. */
export type DoorItem = OnceRequest;

type KeepTogether = (items: DoorItem[]) => Promise<Kept[][]>;

/**
 * Answers how to keep a request: it resolves after the commit, with what is known of each arrival. Fewer than it
 * has: a nonce came again with something new, which was not kept.
 */
export function createDoorWays(deps: {
  database: Database;
  onKept: (requests: number) => void;
}): (item: DoorItem) => Promise<Kept[]> {
  const open = (together: KeepTogether) =>
    Array.from({ length: WAYS }, () =>
      createBatcher<DoorItem, Kept[] | Error>({ maxItems: COMMIT_AT_MOST, concurrency: 1 }, (items) =>
        keepAll(items, together, deps.onKept),
      ),
    );
  const plain = open((items) => keepPlain(deps.database, items));
  const once = open((items) => keepOnce(deps.database, items));
  return async (item) => {
    if (item.arrivals.length === 0 && item.once.length === 0) return [];
    const kept = await wayOf(item.once.length > 0 ? once : plain, item).add(item);
    if (kept instanceof Error) throw kept;
    return kept;
  };
}

function wayOf(ways: Batcher<DoorItem, Kept[] | Error>[], { channelId, arrivals: [first] }: DoorItem) {
  const way = ways[bucketOf(first ? conversationKey(first) : channelId) % WAYS];
  if (!way) throw new Error("door: there is no such way");
  return way;
}

async function keepPlain(database: Database, items: DoorItem[]): Promise<Kept[][]> {
  const kept = await keepArrivals(
    database,
    items.flatMap((item) => item.arrivals),
  );
  let from = 0;
  return items.map(({ arrivals }) => {
    from += arrivals.length;
    return kept.slice(from - arrivals.length, from);
  });
}

/** A commit that fails for what one request holds, or for two that met, is done again request by request. */
async function keepAll(
  items: DoorItem[],
  together: KeepTogether,
  onKept: (requests: number) => void,
): Promise<(Kept[] | Error)[]> {
  let kept: Kept[][];
  try {
    kept = await together(items);
  } catch (error) {
    if (items.length === 1 || !(isStatementFault(error) || isDeadlock(error))) throw error;
    const alone: (Kept[] | Error)[] = [];
    for (const item of items) {
      alone.push(...(await keepAll([item], together, onKept).catch((fault: Error) => [fault])));
    }
    return alone;
  }
  onKept(items.length);
  return kept;
}
