import { shortName } from "../sms-fit.ts";
import type { Board } from "./board.ts";
import type { Pick } from "./match-part.ts";
import { kindsFor } from "./match-part.ts";
import type { Entry } from "./name-index.ts";
import { entriesOf, inBoardOrder, keyOf } from "./name-index.ts";
import type { MayChange } from "./permissions.ts";
import type { Reading } from "./readings.ts";
import { lower } from "./wording.ts";

/** What a part means that names no single item: ALL, or a range of numbers. */
export type Scope =
  | {
      type: "all";
      /** "lifts", "items in North". */
      kinds: string;
      /** How many items are meant, and how many of them would change. */
      total: number;
      changing: number;
      /** Items that would change, and those that are so already; empty beyond the limit. */
      picks: Pick[];
    }
  | { type: "range"; picks: Pick[]; count: number; missing: string[]; forbidden: Entry[] };

const ALL_WORDS = new Set(["all", "every", "everything"]);

/** "all", "all lifts", "everything north": what it means, or null when the reading says no such thing. */
export function readAll(board: Board, reading: Reading, may: MayChange, limit: number): Scope | null {
  const { words, verb } = reading;
  const kinds = kindsFor(reading);
  const said = words.find((word) => ALL_WORDS.has(word));
  if (said === undefined || !verb || !kinds) return null;
  const rest = words.filter((word, i) => i !== words.indexOf(said) && word !== "of");
  const area = rest.length === 0 ? null : board.index.areas.get(keyOf(rest));
  if (area === undefined) return null;
  let total = 0;
  let changing = 0;
  const found: Entry[] = [];
  for (const kind of kinds) {
    const meaning = verb.meanings.get(kind);
    if (!meaning) continue;
    for (const entry of entriesOf(board.index, kind)) {
      if ((area && !area.has(entry)) || !may(entry.item)) continue;
      total += 1;
      if (entry.item.fields[meaning.field.key] !== meaning.value.key) changing += 1;
      if (found.length <= 2 * limit) found.push(entry);
    }
  }
  const sorted = changing > limit ? [] : allOf(board, reading, kinds, area, may, found, total, limit);
  const picks = sorted.flatMap((entry) => pickOf(reading, entry) ?? []);
  return { type: "all", kinds: nameOf(board, kinds, area), total, changing, picks };
}

/** The items of ALL in board order: those that would change, or all where that is not too many. */
function allOf(
  board: Board,
  reading: Reading,
  kinds: ReadonlySet<string>,
  area: Set<Entry> | null,
  may: MayChange,
  found: Entry[],
  total: number,
  limit: number,
): Entry[] {
  if (total === found.length && total <= 2 * limit) return found.sort(inBoardOrder);
  const changing: Entry[] = [];
  for (const kind of kinds) {
    const meaning = reading.verb?.meanings.get(kind);
    for (const entry of entriesOf(board.index, kind)) {
      if (!meaning || entry.item.fields[meaning.field.key] === meaning.value.key) continue;
      if ((!area || area.has(entry)) && may(entry.item)) changing.push(entry);
    }
  }
  return changing.sort(inBoardOrder);
}

function nameOf(board: Board, kinds: ReadonlySet<string>, area: Set<Entry> | null): string {
  const [kind] = kinds;
  const declared = kinds.size === 1 && kind !== undefined ? board.kinds.get(kind) : undefined;
  const noun = declared ? lower(declared.plural) : "items";
  const [inArea] = area ?? [];
  return inArea?.item.area ? `${noun} in ${shortName(inArea.item.area)}` : noun;
}

function pickOf(reading: Reading, entry: Entry): Pick | null {
  const meaning = reading.verb?.meanings.get(entry.item.kind);
  return meaning ? { entry, ...meaning } : null;
}

const MISSING_SHOWN = 5;

/** "gates 1-5" by name, "1-5" by item number. */
export function readRange(board: Board, reading: Reading, may: MayChange, limit: number): Scope | null {
  const [range] = reading.tokens;
  const kinds = kindsFor(reading);
  if (range?.type !== "range" || reading.tokens.length !== 1 || !kinds) return null;
  const tables = reading.hint
    ? [...kinds].flatMap((kind) => board.index.numbered.get(kind) ?? [])
    : [board.index.numbers];
  const at = (number: number): Entry[] =>
    tables.flatMap((table) => [...(table.get(number) ?? [])]).filter((entry) => kinds.has(entry.item.kind));
  const present = new Set<number>();
  for (const table of tables) {
    for (const number of table.keys()) if (number >= range.from && number <= range.to) present.add(number);
  }
  const entries: Entry[] = [];
  for (const number of [...present].sort((a, b) => a - b)) {
    if (entries.length > 2 * limit) break;
    entries.push(...at(number));
  }
  const missing: string[] = [];
  const last = entries.length > 2 * limit ? range.from - 1 : range.to;
  for (let number = range.from; number <= last && missing.length < MISSING_SHOWN; number++) {
    if (at(number).length === 0) missing.push(String(number));
  }
  const allowed = entries.filter((entry) => may(entry.item));
  return {
    type: "range",
    picks: allowed.flatMap((entry) => pickOf(reading, entry) ?? []),
    count: entries.length,
    missing,
    forbidden: entries.filter((entry) => !may(entry.item)),
  };
}
