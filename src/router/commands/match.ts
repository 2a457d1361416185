import type { Board } from "./board.ts";
import type { Entry, NameIndex } from "./name-index.ts";
import { keyOf } from "./name-index.ts";
import { isNumber } from "./tokens.ts";
import { wordsBeginningWith } from "./vocabulary.ts";

/** Kinds in which to look; null = all. */
export type KindFilter = ReadonlySet<string> | null;

export interface Found {
  /** Row of the matching table. */
  row: number;
  entries: Entry[];
}

/** Whether words are nothing but one number. */
export function isBareNumber(words: readonly string[]): boolean {
  return words.length === 1 && isNumber(words[0] ?? "");
}

/**
 * Rows 1 to 4 of the matching table: exact name, alias, number, part of a name. The first row that finds
 * something wins. `hinted` = the text named the kind.
 */
export function findByName(
  board: Board,
  words: readonly string[],
  kinds: KindFilter,
  hinted: boolean,
): Found | null {
  if (words.length === 0) return null;
  const { index } = board;
  const key = keyOf(words);
  const bare = isBareNumber(words);
  const exact = new Set(within(index.names.get(key), kinds));
  if (hinted || !bare) for (const entry of within(index.shorts.get(key), kinds)) exact.add(entry);
  if (exact.size > 0) return { row: 1, entries: [...exact] };
  const alias = within(index.aliases.get(key), kinds);
  if (alias.length > 0) return { row: 2, entries: alias };
  const numbered = bare ? within(index.numbers.get(Number(key)), kinds) : [];
  if (numbered.length > 0) return { row: 3, entries: numbered };
  if (bare && !hinted) return null;
  const parts = findByParts(index, words, kinds);
  return parts.length > 0 ? { row: 4, entries: parts } : null;
}

/** Row 7: names like "Gate 5" for a number that no item has. */
export function findNumbered(board: Board, words: readonly string[], kinds: KindFilter): Entry[] {
  const [word = ""] = words;
  if (!isBareNumber(words)) return [];
  const found: Entry[] = [];
  for (const [kind, numbers] of board.index.numbered) {
    if (!kinds || kinds.has(kind)) found.push(...(numbers.get(Number(word)) ?? []));
  }
  return found.length > 0 ? found : within(board.index.words.get(word), kinds);
}

function within(entries: Iterable<Entry> | undefined, kinds: KindFilter): Entry[] {
  if (!entries) return [];
  if (!kinds) return [...entries];
  const found: Entry[] = [];
  for (const entry of entries) if (kinds.has(entry.item.kind)) found.push(entry);
  return found;
}

/** Row 4. Looks only at the items that hold the rarest of the words. */
function findByParts(index: NameIndex, words: readonly string[], kinds: KindFilter): Entry[] {
  let rarest: Set<Entry>[] = [];
  let least = Number.POSITIVE_INFINITY;
  let areas = false;
  for (const word of words) {
    const holders = holdersOf(index, word);
    const inArea = words.length > 1 ? index.areaWords.get(word) : undefined;
    if (inArea) {
      areas = true;
      holders.push(inArea);
    }
    const size = holders.reduce((sum, set) => sum + set.size, 0);
    if (size === 0) return [];
    if (size < least) {
      least = size;
      rarest = holders;
    }
  }
  const sure = words.length === 1 && !areas;
  const found = new Set<Entry>();
  for (const holders of rarest) {
    for (const entry of holders) {
      if (kinds && !kinds.has(entry.item.kind)) continue;
      if (sure || namedByParts(entry, words)) found.add(entry);
    }
  }
  return [...found];
}

function holdersOf(index: NameIndex, word: string): Set<Entry>[] {
  const holders: Set<Entry>[] = [];
  const equal = index.words.get(word);
  if (equal) holders.push(equal);
  if (!isNumber(word)) {
    for (const longer of wordsBeginningWith(index.vocabulary, word)) {
      const set = index.words.get(longer);
      if (set) holders.push(set);
    }
  }
  return holders;
}

/** Whether every word equals or begins a different word of the name or of one alias; area words may be added. */
export function namedByParts(entry: Entry, words: readonly string[]): boolean {
  if (assign(words, entry.name, entry.area)) return true;
  return entry.aliases.some((alias) => assign(words, alias, entry.area));
}

/** Names have few words: places taken are bits of a number. */
const MOST_WORDS = 31;

function assign(words: readonly string[], name: readonly string[], area: readonly string[]): boolean {
  return name.length <= MOST_WORDS && place(words, name, area, 0, 0);
}

function place(
  words: readonly string[],
  name: readonly string[],
  area: readonly string[],
  at: number,
  taken: number,
): boolean {
  const word = words[at];
  if (word === undefined) return taken !== 0;
  for (let i = 0; i < name.length; i++) {
    const bit = 1 << i;
    if ((taken & bit) !== 0 || !agrees(word, name[i] ?? "")) continue;
    if (place(words, name, area, at + 1, taken | bit)) return true;
  }
  return area.includes(word) && place(words, name, area, at + 1, taken);
}

function agrees(typed: string, word: string): boolean {
  return typed === word || (typed.length >= 3 && !isNumber(typed) && word.startsWith(typed));
}
