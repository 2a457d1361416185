import type { KindField, KindValue } from "../../domain/board.ts";
import type { Board } from "./board.ts";
import { findFuzzy } from "./fuzzy.ts";
import type { Verb } from "./grammar.ts";
import type { Found, KindFilter } from "./match.ts";
import { findByName, findNumbered } from "./match.ts";
import type { Entry } from "./name-index.ts";
import { entriesOf, inBoardOrder } from "./name-index.ts";
import type { MayChange } from "./permissions.ts";
import type { Reading } from "./readings.ts";

/** An item and what to set on it. */
export interface Pick {
  entry: Entry;
  field: KindField;
  value: KindValue;
}

export type PartMatch =
  | { type: "act" | "menu" | "mean"; row: number; picks: Pick[]; reading: Reading }
  | { type: "wrongverb"; row: 5; verb: Verb; entry: Entry | null; reading: Reading }
  | { type: "many"; row: number; count: number; reading: Reading }
  | { type: "forbidden"; row: number; entries: Entry[]; reading: Reading };

export interface MatchRules {
  may: MayChange;
  resemblance: "off" | "ask" | "act";
  distinguishingWords: readonly string[];
}

/** More matches than any menu holds: they are counted and not listed. */
const TOO_MANY = 60;

/** A hint without a name lists the kind; it comes after a name that is spelled so, before one that holds it. */
const HINT_ROW = 3.5;

/** Kinds that know the verb, among those the reading names. */
export function kindsFor(reading: Reading): KindFilter {
  const { verb, hint } = reading;
  if (!verb) return hint;
  const kinds = [...verb.meanings.keys()];
  return new Set(hint ? kinds.filter((kind) => hint.has(kind)) : kinds);
}

/** Rows 1 to 4 for one reading. */
function findExactly(board: Board, reading: Reading): Found | null {
  const { words, hint } = reading;
  if (words.length === 0) {
    const entries = [...(hint ?? [])]
      .filter((kind) => !reading.verb || reading.verb.meanings.has(kind))
      .flatMap((kind) => [...entriesOf(board.index, kind)]);
    return hint && entries.length > 0 ? { row: HINT_ROW, entries } : null;
  }
  const kinds = kindsFor(reading);
  return kinds?.size === 0 ? null : findByName(board, words, kinds, hint !== null);
}

/** The readings with the best of rows 1 to 4; a tie leaves several. */
export function bestExactly(
  board: Board,
  readings: readonly Reading[],
): { row: number; found: { reading: Reading; entries: Entry[] }[] } | null {
  let row = Number.POSITIVE_INFINITY;
  let found: { reading: Reading; entries: Entry[] }[] = [];
  for (const reading of readings) {
    const one = findExactly(board, reading);
    if (!one || one.row > row) continue;
    if (one.row < row) found = [];
    row = one.row;
    found.push({ reading, entries: one.entries });
  }
  return found.length > 0 ? { row, found } : null;
}

/** Rows 1 to 4 for all readings of a part with a verb, and what the reporter may do with it. */
export function matchExactly(
  board: Board,
  readings: readonly Reading[],
  rules: MatchRules,
): PartMatch | null {
  const best = bestExactly(board, readings);
  const [first] = best?.found ?? [];
  if (!best || !first) return null;
  const always = best.row === HINT_ROW;
  return judge(best.row, best.found, rules, (picks) => (picks.length === 1 && !always ? "act" : "menu"));
}

function judge(
  row: number,
  found: { reading: Reading; entries: readonly Entry[] }[],
  rules: MatchRules,
  typeOf: (picks: Pick[]) => "act" | "menu" | "mean",
): PartMatch | null {
  const [first] = found;
  if (!first) return null;
  const picks = new Map<string, Pick>();
  let beyond = 0;
  for (const { reading, entries } of found) {
    for (const entry of entries) {
      const meaning = reading.verb?.meanings.get(entry.item.kind);
      if (!meaning || !rules.may(entry.item)) continue;
      if (picks.size > TOO_MANY) beyond += 1;
      else picks.set(`${entry.item.id} ${meaning.field.key} ${meaning.value.key}`, { entry, ...meaning });
    }
  }
  const { reading } = first;
  if (beyond > 0) return { type: "many", row, count: picks.size + beyond, reading };
  if (picks.size === 0) return { type: "forbidden", row, entries: first.entries.slice(0, 2), reading };
  const list = [...picks.values()].sort((a, b) => inBoardOrder(a.entry, b.entry));
  return { type: typeOf(list), row, picks: list, reading };
}

/** Rows 5 to 8, once rows 1 to 4 have found nothing for any reading. */
export function matchLoosely(
  board: Board,
  readings: readonly Reading[],
  rules: MatchRules,
): PartMatch | null {
  const mean = () => "mean" as const;
  for (const reading of readings) {
    const wrong = lackingVerb(board, reading);
    if (wrong) return wrong;
  }
  for (const reading of readings) {
    if (!reading.verb || !reading.hint) continue;
    const entries = findByName(board, reading.words, otherKinds(reading), false)?.entries ?? [];
    if (entries.length > 0) return judge(6, [{ reading, entries }], rules, mean);
  }
  for (const reading of readings) {
    if (!reading.verb) continue;
    const entries = findNumbered(board, reading.words, new Set(reading.verb.meanings.keys()));
    if (entries.length > 0) return judge(7, [{ reading, entries }], rules, mean);
  }
  if (rules.resemblance === "off") return null;
  for (const reading of readings) {
    const kinds = kindsFor(reading);
    if (!reading.verb || kinds?.size === 0) continue;
    const fuzzy = findFuzzy(board, reading.words, kinds, reading.hint !== null, rules.distinguishingWords);
    if (!fuzzy) continue;
    const act = rules.resemblance === "act" ? fuzzy.act : null;
    const found = [{ reading, entries: act ? [act] : fuzzy.ask }];
    return judge(8, found, rules, () => (act ? "act" : "mean"));
  }
  return null;
}

function otherKinds(reading: Reading): Set<string> {
  return new Set([...(reading.verb?.meanings.keys() ?? [])].filter((kind) => !reading.hint?.has(kind)));
}

function lackingVerb(board: Board, reading: Reading): PartMatch | null {
  const { verb, hint, words } = reading;
  if (!verb) return null;
  const lacking = new Set(
    [...(hint ?? board.kinds.keys())].filter((kind) => !verb.meanings.has(kind) && board.kinds.has(kind)),
  );
  if (lacking.size === 0) return null;
  if (words.length === 0) return hint ? { type: "wrongverb", row: 5, verb, entry: null, reading } : null;
  const [entry] = findByName(board, words, lacking, hint !== null)?.entries ?? [];
  return entry ? { type: "wrongverb", row: 5, verb, entry, reading } : null;
}
