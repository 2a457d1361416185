import type { Verb } from "./grammar.ts";
import { sameVerb } from "./grammar.ts";
import type { MatchRules, PartMatch } from "./match-part.ts";
import { bestExactly, matchExactly, matchLoosely } from "./match-part.ts";
import { splitParts } from "./parts.ts";
import type { Reading, VerbReading } from "./readings.ts";
import { hintReadings, otherVerb, verbReadings } from "./readings.ts";
import type { Scope } from "./scope.ts";
import { readAll, readRange } from "./scope.ts";
import type { Session } from "./session.ts";
import type { Token } from "./tokens.ts";
import { tokenise } from "./tokens.ts";
import { lower } from "./wording.ts";

/*
 * From the words of a text to what it asks for. Every part is read in every way the grammar allows; the
 * readings are tried together, row by row of the matching table, and the best row wins.
 *
 * A part without a verb takes the one before it, else the next one after it. A hint is carried on to later
 * parts that have none, as long as something of that kind is found.
 */

export type Interpretation =
  /** No verb anywhere, or none in a place where one can stand. */
  | { type: "none" }
  /** "dont open gate 5". */
  | { type: "negated" }
  /** A verb alone. */
  | { type: "what"; verb: Verb }
  | { type: "conflict"; verbs: [Verb, Verb] }
  /** The whole text is a name that holds a verb word. */
  | { type: "name" }
  | { type: "parts"; parts: PartResult[] };

export interface PartResult {
  /** What was taken for the name. */
  text: string;
  /** Label of the kind named, or "item". */
  kind: string;
  verb: Verb;
  reading: Reading;
  match: PartMatch | null;
  scope: Scope | null;
}

const NEGATIONS = new Set(["not", "dont", "never", "isnt", "arent", "cant"]);

export function tokensOf(session: Session, text: string): Token[] {
  return tokenise(text, (word) => session.board.grammar.hints.has(word));
}

function matchRules(session: Session): MatchRules {
  const { resemblance, distinguishingWords } = session.commands;
  return { may: session.may, resemblance, distinguishingWords };
}

/** Reads a text as a command that changes something. Looks only; nothing is decided here. */
export function interpret(session: Session, tokens: readonly Token[]): Interpretation {
  const { board } = session;
  const parts = splitParts(board, tokens);
  const verbs = parts.map((part) => verbReadings(board, part));
  const lent = verbs.map((readings) => readings[0]?.verb ?? null);
  if (lent.every((verb) => verb === null)) return { type: "none" };
  const lends = verbs.map((readings) => isVerbAlone(session, readings));
  if (parts.length === 1 && isName(session, parts[0] ?? [], verbs[0] ?? [])) return { type: "name" };
  if (lends.every(Boolean)) {
    const [first, second] = lent;
    if (first && second && second !== first) return { type: "conflict", verbs: [first, second] };
    return first ? { type: "what", verb: first } : { type: "none" };
  }
  const results: PartResult[] = [];
  // Verbs said alone that no part has taken yet, by the place of their part.
  const untaken = new Set(lends.flatMap((alone, i) => (alone ? [i] : [])));
  let carried: Reading | null = null;
  for (const [i, part] of parts.entries()) {
    if (lends[i]) continue;
    const own = verbs[i] ?? [];
    const before = lent.findLastIndex((verb, place) => place < i && verb !== null);
    const after = own.length > 0 ? -1 : lent.findIndex((verb, place) => place > i && verb !== null);
    const lender = before >= 0 ? before : after;
    const inherited = lent[lender] ?? null;
    const readings: VerbReading[] = [...own];
    if (inherited) readings.push({ verb: inherited, rest: part });
    const result = readPart(
      session,
      readings,
      carried,
      results.length === 0 && parts.length === 1 ? part : null,
    );
    if ("type" in result) return result;
    if (result.reading.hint) carried = result.reading;
    if (result.verb === inherited && !own.some(({ verb }) => verb === inherited)) untaken.delete(lender);
    results.push(result);
  }
  // "broadway groomed and open": to do the one and drop the other would be half of what was meant.
  for (const place of untaken) {
    const verb = lent[place];
    const other = results.find((result) => verb && !sameVerb(result.verb, verb));
    if (verb && other) return { type: "conflict", verbs: [other.verb, verb] };
  }
  return { type: "parts", parts: results };
}

/** A part that is only a verb lends it; "hold hold" with an item named Hold is not only a verb. */
function isVerbAlone(session: Session, verbs: VerbReading[]): boolean {
  if (!verbs.some((reading) => reading.rest.length === 0)) return false;
  const { board } = session;
  const named = bestExactly(
    board,
    verbs.flatMap((reading) => hintReadings(board, reading)),
  );
  return !named || named.row > 2;
}

/** A text that spells a name exactly, although it holds a verb, asks for that item. */
function isName(session: Session, part: Token[], verbs: VerbReading[]): boolean {
  const { board } = session;
  const named = bestExactly(board, hintReadings(board, { verb: null, rest: part }));
  if (!named || named.row > 2) return false;
  const changing = bestExactly(
    board,
    verbs.flatMap((reading) => hintReadings(board, reading)),
  );
  return !changing || named.row < changing.row;
}

/** Whether a text is as good a name as it is a command: then it is asked about. */
function isTied(session: Session, part: Token[] | null, row: number): boolean {
  if (!part || row > 2) return false;
  const { board } = session;
  return bestExactly(board, hintReadings(board, { verb: null, rest: part }))?.row === row;
}

function readPart(
  session: Session,
  verbs: VerbReading[],
  carried: Reading | null,
  whole: Token[] | null,
): PartResult | Exclude<Interpretation, { type: "parts" }> {
  const { board } = session;
  const rules = matchRules(session);
  const readings = verbs.flatMap((reading) => hintReadings(board, reading));
  const unhinted = readings.every((reading) => reading.hint === null);
  const withCarried =
    carried && unhinted
      ? readings.map((reading) => ({
          ...reading,
          hint: carried.hint,
          hintWord: carried.hintWord,
          carried: true,
        }))
      : [];
  for (const group of [withCarried, readings]) {
    const match = matchExactly(board, group, rules);
    if (match && match.row <= 2) {
      return resultOf(
        session,
        match.reading,
        isTied(session, whole, match.row) ? asQuestion(match) : match,
        null,
      );
    }
    const limit = session.commands.itemsPerText;
    for (const reading of group) {
      const scope =
        readRange(board, reading, session.may, limit) ?? readAll(board, reading, session.may, limit);
      if (scope) return resultOf(session, reading, null, scope);
    }
    if (match) return resultOf(session, match.reading, match, null);
  }
  const conflict = conflictIn(session, verbs);
  if (conflict) return { type: "conflict", verbs: conflict };
  const open = readings.filter((reading) => !reading.words.some((word) => NEGATIONS.has(word)));
  if (open.length === 0) return { type: "negated" };
  const clear = open.filter((reading) => reading.verb && !otherVerb(board, reading.words, reading.verb));
  const [first] = clear;
  if (!first) return { type: "negated" };
  const match = matchLoosely(board, clear, rules);
  return resultOf(session, match?.reading ?? first, match, null);
}

function asQuestion(match: PartMatch): PartMatch {
  return match.type === "act" ? { ...match, type: "menu" } : match;
}

/** Two verbs that differ, whichever way the part is read. */
function conflictIn(session: Session, verbs: VerbReading[]): [Verb, Verb] | null {
  let found: [Verb, Verb] | null = null;
  for (const { verb, rest } of verbs) {
    const words = rest.map((token) => token.text);
    const other = verb ? otherVerb(session.board, words, verb) : null;
    if (!verb || !other) return null;
    found ??= [verb, other];
  }
  return found;
}

function resultOf(
  session: Session,
  reading: Reading,
  match: PartMatch | null,
  scope: Scope | null,
): PartResult | { type: "none" } {
  if (!reading.verb) return { type: "none" };
  const words = reading.words.length > 0 ? reading.words : [reading.hintWord ?? ""];
  return {
    text: words.join(" "),
    kind: kindName(session, reading),
    verb: reading.verb,
    reading,
    match,
    scope,
  };
}

function kindName(session: Session, reading: Reading): string {
  const [kind] = reading.hint ?? [];
  const declared = reading.hint?.size === 1 && kind !== undefined ? session.board.kinds.get(kind) : undefined;
  return declared ? lower(declared.label) : "item";
}
