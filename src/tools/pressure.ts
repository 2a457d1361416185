/** Tells whether a batcher is flooded, so that work that can wait makes room for work that cannot. */
export interface Pressure {
  /** A batch of this many items was written. */
  note(items: number): void;
  isHigh(): boolean;
}

/** Batches of at least `items` within the last `withinMs` count as pressure. */
export function createPressure(options: { items: number; withinMs: number }): Pressure {
  let highUntil = 0;
  return {
    note(items) {
      if (items >= options.items) highUntil = performance.now() + options.withinMs;
    },
    isHigh: () => performance.now() < highUntil,
  };
}
