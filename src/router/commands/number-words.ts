const UNITS = new Map<string, number>();
const TENS = new Map<string, number>();
const below20 =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
for (const [value, word] of below20.split(" ").entries()) UNITS.set(word, value);
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";
for (const [place, word] of tens.split(" ").entries()) TENS.set(word, (place + 2) * 10);

/** Whether a number may begin with this word. */
export function isSpelled(word: string): boolean {
  return UNITS.has(word) || TENS.has(word);
}

export interface SpelledNumber {
  value: number;
  /** How many words it takes. */
  length: number;
}

/** The number from zero to 999 that is spelled out at this place of the words, the longest reading of it. */
export function spelledNumberAt(words: readonly string[], start: number): SpelledNumber | null {
  const first = underHundred(words, start);
  if (!first) return null;
  if (first.value < 1 || first.value > 9 || words[start + first.length] !== "hundred") return first;
  const rest = underHundred(words, start + first.length + 1);
  if (!rest || rest.value === 0) return { value: first.value * 100, length: first.length + 1 };
  return { value: first.value * 100 + rest.value, length: first.length + 1 + rest.length };
}

function underHundred(words: readonly string[], start: number): SpelledNumber | null {
  const word = words[start];
  if (word === undefined) return null;
  const small = UNITS.get(word);
  if (small !== undefined) return { value: small, length: 1 };
  const ten = TENS.get(word);
  if (ten === undefined) return null;
  const unit = UNITS.get(words[start + 1] ?? "");
  return unit !== undefined && unit >= 1 && unit <= 9
    ? { value: ten + unit, length: 2 }
    : { value: ten, length: 1 };
}
