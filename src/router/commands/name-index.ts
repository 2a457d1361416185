import type { BoardItem, Kind } from "../../domain/board.ts";
import type { Grammar } from "./grammar.ts";
import { dropFillers, withoutFillers } from "./grammar.ts";
import type { Token } from "./tokens.ts";
import { isNumber, tokenise, wordsOf } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { addWord, dropWord, emptyVocabulary } from "./vocabulary.ts";

/** An item that is not archived, with its names in the form in which words are compared. */
export interface Entry {
  item: BoardItem;
  /** Words of the whole name. */
  name: string[];
  /** The name without hint words of its own kind; null where that changes nothing or leaves nothing. */
  short: string[] | null;
  aliases: string[][];
  area: string[];
  /** Names that hold a separator, spelled with it. */
  joined: string[];
}

type Found = Map<string, Set<Entry>>;

/** Ways to find items without looking at each. Archived items are in none of them. */
export interface NameIndex {
  entries: Map<string, Entry>;
  names: Found;
  shorts: Found;
  aliases: Found;
  numbers: Map<number, Set<Entry>>;
  /** By kind, then by the number that is all of the short name. */
  numbered: Map<string, Map<number, Set<Entry>>>;
  /** Words of names and aliases. */
  words: Found;
  areaWords: Found;
  areas: Found;
  /** Names with separators, as `joinedKey` writes them. */
  joined: Found;
  kinds: Found;
  /** Items of a kind in board order; made when asked for, forgotten when the kind gains or loses an item. */
  ordered: Map<string, Entry[]>;
  vocabulary: Vocabulary;
}

export function emptyIndex(): NameIndex {
  return {
    entries: new Map(),
    names: new Map(),
    shorts: new Map(),
    aliases: new Map(),
    numbers: new Map(),
    numbered: new Map(),
    words: new Map(),
    areaWords: new Map(),
    areas: new Map(),
    joined: new Map(),
    kinds: new Map(),
    ordered: new Map(),
    vocabulary: emptyVocabulary(),
  };
}

/** How a row of words is looked up. */
export function keyOf(words: readonly string[]): string {
  return words.join(" ");
}

/** How a name with separators is looked up: its words and its separators. */
export function joinedKey(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(" ");
}

/** Puts an active item into every map. It must not be there yet. */
export function indexItem(index: NameIndex, item: BoardItem, kind: Kind, grammar: Grammar): void {
  const entry = entryOf(item, kind, grammar);
  index.entries.set(item.id, entry);
  index.ordered.delete(item.kind);
  for (const [map, key] of placesOf(index, entry)) put(map, key, entry);
  if (item.number !== null) put(index.numbers, item.number, entry);
  const short = shortNumber(entry);
  if (short !== null) {
    const numbers = index.numbered.get(item.kind) ?? new Map<number, Set<Entry>>();
    index.numbered.set(item.kind, numbers);
    put(numbers, short, entry);
  }
  for (const word of wordSet(entry)) {
    if (put(index.words, word, entry) === 1) addWord(index.vocabulary, word);
  }
}

/** Takes an item out of every map; does nothing when it is in none. */
export function unindexItem(index: NameIndex, id: string): void {
  const entry = index.entries.get(id);
  if (!entry) return;
  index.entries.delete(id);
  index.ordered.delete(entry.item.kind);
  for (const [map, key] of placesOf(index, entry)) take(map, key, entry);
  if (entry.item.number !== null) take(index.numbers, entry.item.number, entry);
  const short = shortNumber(entry);
  const numbers = index.numbered.get(entry.item.kind);
  if (short !== null && numbers) take(numbers, short, entry);
  for (const word of wordSet(entry)) {
    if (take(index.words, word, entry) === 0) dropWord(index.vocabulary, word);
  }
}

/** Items of a kind in board order. The array is the index's own. */
export function entriesOf(index: NameIndex, kind: string): readonly Entry[] {
  const known = index.ordered.get(kind);
  if (known) return known;
  const entries = [...(index.kinds.get(kind) ?? [])].sort(inBoardOrder);
  index.ordered.set(kind, entries);
  return entries;
}

/** For sorting: the owner's order of the board. */
export function inBoardOrder(one: Entry, other: Entry): number {
  return one.item.position - other.item.position || (one.item.id < other.item.id ? -1 : 1);
}

function entryOf(item: BoardItem, kind: Kind, grammar: Grammar): Entry {
  const isHint = (word: string) => grammar.hints.has(word);
  const read = (text: string) => tokenise(text, isHint);
  const words = (tokens: Token[]) => withoutFillers(wordsOf(tokens), grammar.fillers);
  const tokens = read(item.name);
  const aliases = item.aliases.map(read);
  const name = words(tokens);
  const short = name.filter((word) => !grammar.hints.get(word)?.has(kind.key));
  return {
    item,
    name,
    short: short.length > 0 && short.length < name.length ? short : null,
    aliases: aliases.map(words).filter((alias) => alias.length > 0),
    area: item.area === null ? [] : words(read(item.area)),
    joined: [tokens, ...aliases]
      .filter(hasSeparator)
      .map((each) => joinedKey(dropFillers(each, grammar.fillers))),
  };
}

function hasSeparator(tokens: Token[]): boolean {
  return tokens.some((token) => token.type === "separator");
}

function* placesOf(index: NameIndex, entry: Entry): Generator<[Found, string]> {
  yield [index.kinds, entry.item.kind];
  if (entry.name.length > 0) yield [index.names, keyOf(entry.name)];
  if (entry.short) yield [index.shorts, keyOf(entry.short)];
  for (const alias of entry.aliases) yield [index.aliases, keyOf(alias)];
  for (const name of entry.joined) yield [index.joined, name];
  if (entry.area.length > 0) yield [index.areas, keyOf(entry.area)];
  for (const word of entry.area) yield [index.areaWords, word];
}

function wordSet(entry: Entry): Set<string> {
  const words = new Set(entry.name);
  for (const alias of entry.aliases) for (const word of alias) words.add(word);
  return words;
}

function shortNumber(entry: Entry): number | null {
  const [only, ...more] = entry.short ?? entry.name;
  return only !== undefined && more.length === 0 && isNumber(only) ? Number(only) : null;
}

function put<K>(map: Map<K, Set<Entry>>, key: K, entry: Entry): number {
  const present = map.get(key);
  if (present) return present.add(entry).size;
  const fresh = new Set<Entry>();
  map.set(key, fresh.add(entry));
  return 1;
}

function take<K>(map: Map<K, Set<Entry>>, key: K, entry: Entry): number {
  const present = map.get(key);
  if (!present) return 0;
  present.delete(entry);
  if (present.size === 0) map.delete(key);
  return present.size;
}
