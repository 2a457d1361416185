/** Collects items while the last batch is under way, so that one commit serves all who wait for it. */
export interface Batcher<Item, Result> {
  /** Resolves with the item's own result once its batch is written; rejects if the batch failed. */
  add(item: Item): Promise<Result>;
  /** Resolves when everything added so far is written. */
  idle(): Promise<void>;
  /** Items waiting for the next batch. */
  readonly waiting: number;
}

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * One batch at a time keeps the order of `add`. `flush` answers with one result per item, in order.
 * More than `maxItems` waiting are split over several batches.
 */
export function createBatcher<Item, Result>(
  maxItems: number,
  flush: (items: Item[]) => Promise<Result[]>,
): Batcher<Item, Result> {
  let queue: Entry<Item, Result>[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    // Lets everything that became ready in this turn of the event loop join the batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = queue.slice(0, maxItems);
      queue = queue.slice(maxItems);
      try {
        const results = await flush(batch.map((entry) => entry.item));
        for (let i = 0; i < batch.length; i++) batch[i]?.resolve(results[i] as Result);
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    running = null;
  }

  return {
    add(item) {
      return new Promise<Result>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= run();
      });
    },
    async idle() {
      while (running) await running;
    },
    get waiting() {
      return queue.length;
    },
  };
}
