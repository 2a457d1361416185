import { distanceTo } from "./edit-distance.ts";

/**
 * The words of all names, made for two questions: which begin like this, and which resemble this. Words lie
 * in one bucket per length; each has two bit masks, of its letters and of its letter pairs. An edit changes
 * few bits, so almost every word is ruled out by two integer operations before its letters are compared.
 */
export interface Vocabulary {
  byLength: Map<number, Bucket>;
  /** By the first three characters. */
  byStart: Map<string, Set<string>>;
}

interface Bucket {
  words: string[];
  letters: number[];
  pairs: number[];
  places: Map<string, number>;
}

const PREFIX_LENGTH = 3;

export function emptyVocabulary(): Vocabulary {
  return { byLength: new Map(), byStart: new Map() };
}

export function addWord(vocabulary: Vocabulary, word: string): void {
  let bucket = vocabulary.byLength.get(word.length);
  if (!bucket) {
    bucket = { words: [], letters: [], pairs: [], places: new Map() };
    vocabulary.byLength.set(word.length, bucket);
  }
  if (bucket.places.has(word)) return;
  bucket.places.set(word, bucket.words.length);
  bucket.words.push(word);
  bucket.letters.push(letterMask(word));
  bucket.pairs.push(pairMask(word));
  const start = word.slice(0, PREFIX_LENGTH);
  const same = vocabulary.byStart.get(start);
  if (same) same.add(word);
  else vocabulary.byStart.set(start, new Set([word]));
}

export function dropWord(vocabulary: Vocabulary, word: string): void {
  const bucket = vocabulary.byLength.get(word.length);
  const place = bucket?.places.get(word);
  if (!bucket || place === undefined) return;
  const last = bucket.words.length - 1;
  const moved = bucket.words[last] as string;
  bucket.words[place] = moved;
  bucket.letters[place] = bucket.letters[last] as number;
  bucket.pairs[place] = bucket.pairs[last] as number;
  bucket.places.set(moved, place);
  bucket.places.delete(word);
  bucket.words.pop();
  bucket.letters.pop();
  bucket.pairs.pop();
  const start = word.slice(0, PREFIX_LENGTH);
  const same = vocabulary.byStart.get(start);
  same?.delete(word);
  if (same?.size === 0) vocabulary.byStart.delete(start);
}

/** Words that begin with this one and are longer; none for fewer than three letters. */
export function wordsBeginningWith(vocabulary: Vocabulary, start: string): string[] {
  if (start.length < PREFIX_LENGTH) return [];
  const found: string[] = [];
  for (const word of vocabulary.byStart.get(start.slice(0, PREFIX_LENGTH)) ?? []) {
    if (word.length > start.length && word.startsWith(start)) found.push(word);
  }
  return found;
}

/** Words within `nearLimit` edits of this one, with their distance; the word itself is left out. */
export function resemblingWords(vocabulary: Vocabulary, word: string): Map<string, number> {
  const found = scan(vocabulary, word, 3, nearLimit);
  found.delete(word);
  return found;
}

/** Words within this many edits, with their distance; the word itself is among them. */
export function wordsWithin(vocabulary: Vocabulary, word: string, edits: number): Map<string, number> {
  return scan(vocabulary, word, edits, () => edits);
}

function scan(
  vocabulary: Vocabulary,
  word: string,
  reach: number,
  limitOf: (longer: number) => number,
): Map<string, number> {
  const found = new Map<string, number>();
  const letters = letterMask(word);
  const pairs = pairMask(word);
  const measure = distanceTo(word);
  for (let length = Math.max(1, word.length - reach); length <= word.length + reach; length++) {
    const limit = limitOf(Math.max(length, word.length));
    const bucket = vocabulary.byLength.get(length);
    if (!bucket || limit === 0 || Math.abs(length - word.length) > limit) continue;
    for (let i = 0; i < bucket.words.length; i++) {
      const other = bucket.letters[i] as number;
      if (bits(letters & ~other) > limit || bits(other & ~letters) > limit) continue;
      // An edit gives and takes three pairs at most (a swap of neighbours).
      if (bits(pairs ^ (bucket.pairs[i] as number)) > limit * 6) continue;
      const candidate = bucket.words[i] as string;
      const distance = measure(candidate);
      if (distance <= limit) found.set(candidate, distance);
    }
  }
  return found;
}

/** Edits up to which two words, the longer of this length, count as the same word mistyped. */
export function typoLimit(length: number): number {
  if (length <= 3) return 0;
  return length <= 7 ? 1 : 2;
}

/** Edits up to which two words, the longer of this length, are worth a question. */
export function nearLimit(length: number): number {
  const most = length <= 3 ? 1 : length <= 7 ? 2 : 3;
  return Math.min(most, Math.floor(length * 0.4));
}

function letterMask(word: string): number {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31);
  return mask;
}

function pairMask(word: string): number {
  let mask = 0;
  for (let i = 1; i < word.length; i++) {
    mask |= 1 << ((word.charCodeAt(i - 1) * 7 + word.charCodeAt(i)) & 31);
  }
  return mask;
}

function bits(value: number): number {
  let n = value - ((value >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
