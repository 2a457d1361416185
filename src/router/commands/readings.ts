import type { Board } from "./board.ts";
import type { Verb } from "./grammar.ts";
import { sameVerb, verbAt, verbEndingAt } from "./grammar.ts";
import type { Token } from "./tokens.ts";

/** One way to understand a part of a text: what is the verb, what narrows the kind, what is the name. */
export interface Reading {
  /** null = the part says no verb: it asks for a state. */
  verb: Verb | null;
  /** Kinds named by hint words; null = none named. */
  hint: ReadonlySet<string> | null;
  hintWord: string | null;
  /** The hint comes from a part before this one. */
  carried: boolean;
  /** What is left for the name. */
  words: string[];
  tokens: Token[];
}

/** A verb and what is left of the part without it. */
export interface VerbReading {
  verb: Verb | null;
  rest: Token[];
}

const MOST_HINTS = 3;

/**
 * Where the verb of a part may be: first or last, once hints are taken out. Both ends may say the same; if
 * they differ each is one reading, and the other verb is left among the words of the name.
 */
export function verbReadings(board: Board, tokens: readonly Token[]): VerbReading[] {
  const { grammar } = board;
  const words = tokens.map((token) => token.text);
  const isHint = (word: string | undefined) => word !== undefined && grammar.hints.has(word);
  let first = 0;
  while (first < words.length && isHint(words[first])) first++;
  let last = words.length - 1;
  while (last >= 0 && isHint(words[last])) last--;
  const readings: VerbReading[] = [];
  const start = verbAt(grammar, words, 0) ?? verbAt(grammar, words, first);
  const startPlace = start && verbAt(grammar, words, 0) === start ? 0 : first;
  const end = verbEndingAt(grammar, words, words.length - 1) ?? verbEndingAt(grammar, words, last);
  const endPlace = end && verbEndingAt(grammar, words, words.length - 1) === end ? words.length - 1 : last;
  const cut = (verb: Verb, from: number): Token[] => [
    ...tokens.slice(0, from),
    ...tokens.slice(from + verb.length),
  ];
  const endStart = end ? endPlace + 1 - end.length : 0;
  if (start) readings.push({ verb: start, rest: cut(start, startPlace) });
  if (end && !(start && endStart === startPlace)) {
    const apart = !start || endStart >= startPlace + start.length;
    readings.push({ verb: end, rest: cut(end, endStart) });
    if (start && apart && sameVerb(start, end)) {
      readings.push({ verb: start, rest: tokens.slice(startPlace + start.length, endStart) });
    }
  }
  return readings;
}

/** Each hint word may narrow the kind or belong to the name: all ways to read the rest of a part. */
export function hintReadings(board: Board, { verb, rest }: VerbReading): Reading[] {
  const { hints } = board.grammar;
  const places: number[] = [];
  for (const [i, token] of rest.entries()) {
    if (token.type === "word" && hints.has(token.text)) places.push(i);
  }
  const readings: Reading[] = [];
  const everything = 2 ** Math.min(places.length, MOST_HINTS) - 1;
  for (let chosen = everything; chosen >= 0; chosen--) {
    const taken = new Set(
      places.filter((_, n) => (n < MOST_HINTS ? ((chosen >> n) & 1) === 1 : chosen === everything)),
    );
    const kinds = intersection([...taken].map((place) => hints.get(rest[place]?.text ?? "")));
    if (taken.size > 0 && (!kinds || kinds.size === 0)) continue;
    const tokens = rest.filter((_, place) => !taken.has(place));
    const [first] = taken;
    readings.push({
      verb,
      hint: taken.size > 0 ? kinds : null,
      hintWord: first === undefined ? null : (rest[first]?.text ?? null),
      carried: false,
      words: tokens.map((token) => token.text),
      tokens,
    });
  }
  return readings;
}

function intersection(sets: (Set<string> | undefined)[]): Set<string> | null {
  let common: Set<string> | null = null;
  for (const set of sets) if (set) common = common ? common.intersection(set) : set;
  return common;
}

/** A verb among these words other than the one already read. */
export function otherVerb(board: Board, words: readonly string[], verb: Verb): Verb | null {
  for (let i = 0; i < words.length; i++) {
    const found = verbAt(board.grammar, words, i);
    if (found && !sameVerb(found, verb)) return found;
  }
  return null;
}
