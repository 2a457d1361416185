/** Collects items while earlier batches are under way, so that one commit serves all who wait for it. */
export interface Batcher<Item, Result> {
  /** Resolves with the item's own result once its batch is written; rejects if the batch failed. */
  add(item: Item): Promise<Result>;
  /** Resolves when everything added so far is written. */
  idle(): Promise<void>;
}

export interface BatcherOptions {
  /** More waiting items are split over several batches. */
  maxItems: number;
  /**
   * Batches under way at once. With 1, the order of `add` is the order of the batches; with more, one is
   * prepared while another is written.
   */
  concurrency: number;
}

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** `flush` answers with one result per item, in order. */
export function createBatcher<Item, Result>(
  { maxItems, concurrency }: BatcherOptions,
  flush: (items: Item[]) => Promise<Result[]>,
): Batcher<Item, Result> {
  let queue: Entry<Item, Result>[] = [];
  const running = new Set<Promise<void>>();

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
  }

  function start(): void {
    const runner = run().finally(() => running.delete(runner));
    running.add(runner);
  }

  return {
    add(item) {
      return new Promise<Result>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        // A runner that waits for its batch picks this up afterwards; another may begin now.
        if (running.size < concurrency) start();
      });
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
