/** How far a word is from the one this was made for: insertions, deletions, replacements, neighbour swaps. */
export type DistanceTo = (other: string) => number;

/** Words up to this long are compared with one machine word per row. */
const BITS = 31;

/**
 * Makes a measure of the distance to one word (optimal string alignment). Short words are measured bit by bit
 * in parallel: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances" (2003).
 */
export function distanceTo(word: string): DistanceTo {
  if (word.length === 0 || word.length > BITS) return (other) => slowDistance(word, other);
  const ascii = new Int32Array(128);
  const others = new Map<number, number>();
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code < 128) ascii[code] = (ascii[code] ?? 0) | (1 << i);
    else others.set(code, (others.get(code) ?? 0) | (1 << i));
  }
  const last = 1 << (word.length - 1);
  return (other) => {
    let positive = -1;
    let negative = 0;
    let diagonal = 0;
    let before = 0;
    let score = word.length;
    for (let j = 0; j < other.length; j++) {
      const code = other.charCodeAt(j);
      const match = (code < 128 ? ascii[code] : others.get(code)) ?? 0;
      const swapped = ((~diagonal & match) << 1) & before;
      diagonal = (((match & positive) + positive) ^ positive) | match | negative | swapped;
      let up = negative | ~(diagonal | positive);
      let down = diagonal & positive;
      if ((up & last) !== 0) score += 1;
      if ((down & last) !== 0) score -= 1;
      up = (up << 1) | 1;
      down <<= 1;
      positive = down | ~(diagonal | up);
      negative = up & diagonal;
      before = match;
    }
    return score;
  };
}

/** The distance between two words. */
export function editDistance(one: string, other: string): number {
  return distanceTo(one)(other);
}

function slowDistance(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[other.length] ?? 0;
}
