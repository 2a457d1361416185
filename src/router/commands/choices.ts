import type { PlannedChange } from "../state.ts";
import type { Board } from "./board.ts";
import { editDistance } from "./edit-distance.ts";
import { namedByParts } from "./match.ts";
import type { Pick } from "./match-part.ts";
import type { Entry } from "./name-index.ts";
import { keyOf } from "./name-index.ts";
import { hintReadings } from "./readings.ts";
import type { Token } from "./tokens.ts";
import { isNumber } from "./tokens.ts";
import { typoLimit } from "./vocabulary.ts";

/** The item, field and value of a planned change as the board knows them now; null = gone or archived. */
export function pickOf(board: Board, change: PlannedChange): Pick | null {
  const entry = board.index.entries.get(change.item);
  const kind = entry ? board.kinds.get(entry.item.kind) : undefined;
  const field = kind?.fields.find((each) => each.key === change.field);
  const value = field?.values.find((each) => each.key === change.to);
  return entry && field && value ? { entry, field, value } : null;
}

/** The number that an answer to a list says: "2", "#2", "2.", "two", "option 2". */
export function choiceNumber(tokens: readonly Token[]): number | null {
  const [first, second, ...more] = tokens;
  if (first?.type === "number" && second === undefined) return first.value;
  const option = first?.type === "word" && first.text === "option";
  return option && second?.type === "number" && more.length === 0 ? second.value : null;
}

/**
 * Places of the choices that a text names: exactly, by an alias, in part, or mistyped. The first of these
 * ways that finds one counts; more than one place is no answer.
 */
export function choicesNamed(
  board: Board,
  choices: readonly PlannedChange[],
  tokens: readonly Token[],
): number[] {
  const readings = hintReadings(board, { verb: null, rest: [...tokens] }).filter(
    ({ words }) => words.length > 0,
  );
  for (const names of [namesExactly, namedByParts, namesMistyped]) {
    const found = new Set<number>();
    for (const [place, choice] of choices.entries()) {
      const entry = board.index.entries.get(choice.item);
      if (!entry) continue;
      for (const { words, hint } of readings) {
        if ((!hint || hint.has(entry.item.kind)) && names(entry, words)) found.add(place);
      }
    }
    if (found.size > 0) return [...found];
  }
  return [];
}

function formsOf(entry: Entry): string[][] {
  return [entry.name, ...(entry.short ? [entry.short] : []), ...entry.aliases];
}

function namesExactly(entry: Entry, words: readonly string[]): boolean {
  const key = keyOf(words);
  return formsOf(entry).some((form) => keyOf(form) === key);
}

function namesMistyped(entry: Entry, words: readonly string[]): boolean {
  return formsOf(entry).some((form) => {
    const free = [...form];
    return words.every((word) => {
      const place = free.findIndex((each) => isTypo(word, each));
      if (place >= 0) free.splice(place, 1);
      return place >= 0;
    });
  });
}

function isTypo(typed: string, word: string): boolean {
  if (typed === word) return true;
  if (isNumber(typed) || isNumber(word)) return false;
  const limit = typoLimit(Math.max(typed.length, word.length));
  return limit > 0 && editDistance(typed, word) <= limit;
}
