/** Moments, oldest first, in whole seconds: the first since 1970, all as distance from it. Short in JSON. */
export interface Times {
  base: number;
  at: number[];
}

/** The moments that are younger than `withinMs`, as milliseconds since 1970. */
export function recentTimes(times: Times | undefined, withinMs: number, now: number): number[] {
  if (!times) return [];
  return times.at.map((offset) => (times.base + offset) * 1_000).filter((at) => now - at < withinMs);
}

/** Milliseconds since 1970; 0 = never. */
export function newestOf({ base, at }: Times): number {
  return (base + (at.at(-1) ?? 0)) * 1_000;
}

export function packTimes(moments: readonly number[]): Times {
  const seconds = moments.map((at) => Math.floor(at / 1_000));
  const base = seconds[0] ?? 0;
  return { base, at: seconds.map((second) => second - base) };
}

/** How many may come within what time. */
export interface Limit {
  within: number;
  most: number;
}

/** The first limit that these moments, oldest first, fill, and when there is room again; null = one more may come. */
export function fullLimit(
  moments: readonly number[],
  limits: readonly Limit[],
  now: number,
): (Limit & { counter: number; until: number }) | null {
  for (const limit of limits) {
    const oldest = moments.at(-limit.most);
    if (oldest === undefined || now - oldest >= limit.within) continue;
    const counter = moments.filter((at) => now - at < limit.within).length;
    return { ...limit, counter, until: oldest + limit.within };
  }
  return null;
}
