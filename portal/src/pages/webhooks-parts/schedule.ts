/** Waits between tries, as people write them: "5 s, 5 min, 2 h". */

const SECONDS: Record<string, number> = { s: 1, sec: 1, m: 60, min: 60, h: 3_600, d: 86_400 };

/** Seconds; null when a part is no length of time. */
export function readWaits(text: string): number[] | null {
  const parts = text
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "");
  const waits = parts.map((part) => {
    const [, number, unit = "s"] = /^(\d+)\s*([a-z]*)$/.exec(part) ?? [];
    return Number(number) * (SECONDS[unit || "s"] ?? Number.NaN);
  });
  return waits.some((wait) => Number.isNaN(wait)) ? null : waits;
}

export function writeWaits(waits: readonly number[]): string {
  return waits
    .map((wait) => {
      if (wait % 3_600 === 0) return `${wait / 3_600} h`;
      return wait % 60 === 0 ? `${wait / 60} min` : `${wait} s`;
    })
    .join(", ");
}
