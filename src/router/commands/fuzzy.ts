import type { Board } from "./board.ts";
import { editDistance } from "./edit-distance.ts";
import type { KindFilter } from "./match.ts";
import { isBareNumber } from "./match.ts";
import type { Entry } from "./name-index.ts";
import { isNumber } from "./tokens.ts";
import { resemblingWords, typoLimit, wordsBeginningWith, wordsWithin } from "./vocabulary.ts";

/*
 * Row 8 of the matching table: names that are only like what was typed. What is found is asked about; only
 * where a mistake is as good as ruled out is it acted on. Each typed word brings the words of names that it
 * may stand for, with their distance; the items that hold the rarest of them are weighed one by one.
 */

const DISTINGUISHING =
  "upper lower middle mid top bottom north south east west left right inner outer front back old new big little".split(
    " ",
  );

/** At most this many choices are offered. */
const CHOICES = 3;
/** Items weighed at most; beyond that the words are so common that the answer would be "add a word". */
const WEIGHED = 1_000;
/** How far a word that is only begun counts, against edits. */
const BEGUN = 0.5;

export interface FuzzyFound {
  /** Sure enough to act on. */
  act: Entry | null;
  ask: Entry[];
}

/** `hinted`: the kind was named, which counts as a word that agrees when only numbers differ. */
export function findFuzzy(
  board: Board,
  words: readonly string[],
  kinds: KindFilter,
  hinted: boolean,
  extraDistinguishing: readonly string[],
): FuzzyFound | null {
  if (words.length === 0 || words.length > 12) return null;
  if (isBareNumber(words)) {
    const ask = hinted && kinds ? nearestNumbers(board, Number(words[0]), kinds) : [];
    return ask.length > 0 ? { act: null, ask } : null;
  }
  const near = words.map((word) => nearWords(board, word));
  const meant = words.map((word, i) => meanings(board, word, near[i]));
  const alike = weigh(itemsWithAll(board, words, meant, kinds), words, meant);
  if (alike.length > 0) {
    const distinguishing = new Set([...DISTINGUISHING, ...extraDistinguishing]);
    const sure = alike.find((one) => isSure(board, one, words, near, kinds, distinguishing));
    return { act: sure?.entry ?? null, ask: alike.slice(0, CHOICES).map((one) => one.entry) };
  }
  const ask = oneWordOff(board, words, meant, kinds);
  return ask.length > 0 ? { act: null, ask } : null;
}

/** Words of names that resemble a typed word, with their edits. A number resembles nothing. */
function nearWords(board: Board, word: string): Map<string, number> {
  if (isNumber(word)) return new Map();
  const found = resemblingWords(board.index.vocabulary, word);
  for (const other of found.keys()) if (isNumber(other)) found.delete(other);
  return found;
}

/** Words of names that a typed word may stand for: 0 equal, else edits or `BEGUN`. */
function meanings(
  board: Board,
  word: string,
  near: ReadonlyMap<string, number> | undefined,
): Map<string, number> {
  const { vocabulary, words } = board.index;
  const found = new Map(near);
  if (!isNumber(word)) for (const longer of wordsBeginningWith(vocabulary, word)) found.set(longer, BEGUN);
  if (words.has(word)) found.set(word, 0);
  return found;
}

function holders(board: Board, words: Iterable<string>): Set<Entry>[] {
  const sets: Set<Entry>[] = [];
  for (const word of words) {
    const set = board.index.words.get(word);
    if (set) sets.push(set);
  }
  return sets;
}

function sizeOf(sets: Set<Entry>[]): number {
  return sets.reduce((sum, set) => sum + set.size, 0);
}

function collect(sets: Set<Entry>[], kinds: KindFilter): Set<Entry> {
  const found = new Set<Entry>();
  for (const set of sets) {
    for (const entry of set) {
      if (kinds && !kinds.has(entry.item.kind)) continue;
      found.add(entry);
      if (found.size >= WEIGHED) return found;
    }
  }
  return found;
}

function itemsWithAll(
  board: Board,
  words: readonly string[],
  meant: Map<string, number>[],
  kinds: KindFilter,
): Set<Entry> {
  let rarest: Set<Entry>[] | null = null;
  for (let i = 0; i < words.length; i++) {
    const sets = holders(board, meant[i]?.keys() ?? []);
    if (!rarest || sizeOf(sets) < sizeOf(rarest)) rarest = sets;
  }
  return collect(rarest ?? [], kinds);
}

interface Alike {
  entry: Entry;
  /** The name, short name or alias that is meant. */
  form: readonly string[];
  /** For each typed word the place in the form. */
  places: number[];
  cost: number;
}

function weigh(items: Set<Entry>, words: readonly string[], meant: Map<string, number>[]): Alike[] {
  const found: Alike[] = [];
  for (const entry of items) {
    let best: Alike | null = null;
    for (const form of formsOf(entry)) {
      const pairing = pair(words.length, form, (i, word) => meant[i]?.get(word));
      if (!pairing) continue;
      // A word too few is worse than any typing mistake within the words.
      const cost = pairing.cost + (form.length - words.length) * 0.1;
      if (!best || cost < best.cost) best = { entry, form, places: pairing.places, cost };
    }
    if (best) found.push(best);
  }
  return found.sort((a, b) => a.cost - b.cost || a.entry.item.position - b.entry.item.position);
}

function formsOf(entry: Entry): (readonly string[])[] {
  return [entry.name, ...(entry.short ? [entry.short] : []), ...entry.aliases];
}

/** The cheapest way to give each typed word a place of its own in the form. */
function pair(
  count: number,
  form: readonly string[],
  costOf: (typed: number, word: string) => number | undefined,
): { places: number[]; cost: number } | null {
  if (form.length < count) return null;
  let best: { places: number[]; cost: number } | null = null;
  const places: number[] = [];
  const place = (typed: number, cost: number): void => {
    if (best && cost >= best.cost) return;
    if (typed === count) {
      best = { places: [...places], cost };
      return;
    }
    for (let i = 0; i < form.length; i++) {
      const step = places.includes(i) ? undefined : costOf(typed, form[i] ?? "");
      if (step === undefined) continue;
      places.push(i);
      place(typed + 1, cost + step);
      places.pop();
    }
  };
  place(0, 0);
  return best;
}

function isSure(
  board: Board,
  alike: Alike,
  words: readonly string[],
  near: readonly Map<string, number>[],
  kinds: KindFilter,
  distinguishing: ReadonlySet<string>,
): boolean {
  if (alike.form.length !== words.length) return false;
  for (const [i, typed] of words.entries()) {
    const word = alike.form[alike.places[i] ?? -1] ?? "";
    if (typed === word) continue;
    const limit = typoLimit(Math.max(typed.length, word.length));
    if (editDistance(typed, word) > limit) return false;
    if ([typed, word].some((each) => isNumber(each) || distinguishing.has(each))) return false;
    if (othersHave(board, typed, alike.entry) || othersHave(board, word, alike.entry)) return false;
  }
  return !hasRival(board, words, near, alike.entry, kinds);
}

function othersHave(board: Board, word: string, entry: Entry): boolean {
  const having = board.index.words.get(word);
  return having !== undefined && having.size > (having.has(entry) ? 1 : 0);
}

/** From this length on, every word within two edits is also near. */
const NEAR_HOLDS_TWO = 5;

/** Whether another candidate lies within two edits of what was typed. */
function hasRival(
  board: Board,
  words: readonly string[],
  near: readonly Map<string, number>[],
  entry: Entry,
  kinds: KindFilter,
): boolean {
  const close = words.map((word, i) => {
    const known = word.length >= NEAR_HOLDS_TWO && !isNumber(word) ? near[i] : undefined;
    return known ? new Map([...known, [word, 0]]) : wordsWithin(board.index.vocabulary, word, 2);
  });
  for (const other of itemsWithAll(board, words, close, kinds)) {
    if (other === entry) continue;
    for (const form of formsOf(other)) {
      if (form.length !== words.length) continue;
      const pairing = pair(words.length, form, (i, word) => close[i]?.get(word));
      if (pairing && pairing.cost <= 2) return true;
    }
  }
  return false;
}

/** Names of as many words, one of them wholly different while another agrees: "west face" for East Face. */
function oneWordOff(
  board: Board,
  words: readonly string[],
  meant: Map<string, number>[],
  kinds: KindFilter,
): Entry[] {
  if (words.length < 2) return [];
  // Only one word may differ, so any two words will do to find the items: the two rarest.
  const sets = meant.map((each) => holders(board, each.keys())).sort((a, b) => sizeOf(a) - sizeOf(b));
  const found: { entry: Entry; cost: number }[] = [];
  const DIFFERENT = 100;
  for (const entry of collect([...(sets[0] ?? []), ...(sets[1] ?? [])], kinds)) {
    for (const form of formsOf(entry)) {
      if (form.length !== words.length) continue;
      const pairing = pair(words.length, form, (i, word) => meant[i]?.get(word) ?? DIFFERENT);
      if (!pairing || pairing.cost < DIFFERENT || pairing.cost >= 2 * DIFFERENT) continue;
      const agrees = pairing.places.some((place, i) => form[place] === words[i]);
      if (!agrees) continue;
      const off = pairing.places.findIndex((place, i) => !meant[i]?.has(form[place] ?? ""));
      found.push({ entry, cost: pairing.cost + gap(words[off], form[pairing.places[off] ?? -1]) });
      break;
    }
  }
  found.sort((a, b) => a.cost - b.cost || a.entry.item.position - b.entry.item.position);
  return found.slice(0, CHOICES).map((one) => one.entry);
}

/** Between two numbers the nearest comes first; below 1, so that no edit weighs less. */
function gap(typed: string | undefined, word: string | undefined): number {
  if (typed === undefined || word === undefined || !isNumber(typed) || !isNumber(word)) return 1;
  return 1 - 1 / (1 + Math.abs(Number(typed) - Number(word)));
}

function nearestNumbers(board: Board, number: number, kinds: ReadonlySet<string>): Entry[] {
  let nearest: { entry: Entry; gap: number }[] = [];
  let farthest = Number.POSITIVE_INFINITY;
  for (const kind of kinds) {
    for (const [other, entries] of board.index.numbered.get(kind) ?? []) {
      const distance = Math.abs(other - number);
      if (distance >= farthest) continue;
      for (const entry of entries) nearest.push({ entry, gap: distance });
      // Sorted now and then only: a board may hold its numbers in rising order.
      if (nearest.length < 64) continue;
      nearest = nearest.sort((a, b) => a.gap - b.gap).slice(0, CHOICES);
      farthest = nearest.at(-1)?.gap ?? farthest;
    }
  }
  nearest.sort((a, b) => a.gap - b.gap);
  return nearest.slice(0, CHOICES).map((one) => one.entry);
}
