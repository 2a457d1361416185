import type { Kind, KindField, KindValue } from "../../domain/board.ts";
import type { Token } from "./tokens.ts";
import { tokenise, wordsOf } from "./tokens.ts";

/** What a verb does to an item of one kind. */
export interface VerbMeaning {
  field: KindField;
  value: KindValue;
}

/** A verb as declared: a word or short phrase, and what it means for each kind that knows it. */
export interface Verb {
  phrase: string;
  length: number;
  /** By key of the kind. */
  meanings: Map<string, VerbMeaning>;
}

/** All that is read into a text, compiled from the kinds. */
export interface Grammar {
  verbs: Map<string, Verb>;
  longestVerb: number;
  /** Every word that occurs in some verb. */
  verbWords: Set<string>;
  /** Hint word to the keys of the kinds it narrows a text to. */
  hints: Map<string, Set<string>>;
  /** Words that are dropped; a word that is itself a verb or hint is not among them. */
  fillers: Set<string>;
}

const FILLERS = "the a an please pls now is are has been to as my our put set mark thanks".split(" ");

export function compileGrammar(kinds: readonly Kind[]): Grammar {
  const hints = new Map<string, Set<string>>();
  for (const kind of kinds) {
    for (const hint of kind.hints) {
      for (const word of wordsOf(tokenise(hint, () => false))) {
        const keys = hints.get(word) ?? new Set();
        hints.set(word, keys.add(kind.key));
      }
    }
  }
  const verbs = new Map<string, Verb>();
  const declared = kinds.flatMap((kind) =>
    kind.fields.flatMap((field) =>
      field.values.flatMap((value) => value.verbs.map((verb) => ({ kind, field, value, verb }))),
    ),
  );
  const single = new Set(declared.map(({ verb }) => wordsOf(tokenise(verb, () => false)).join(" ")));
  const fillers = new Set(FILLERS.filter((word) => !single.has(word) && !hints.has(word)));
  for (const { kind, field, value, verb } of declared) {
    const words = withoutFillers(wordsOf(tokenise(verb, () => false)), fillers);
    if (words.length === 0) continue;
    const phrase = words.join(" ");
    const entry = verbs.get(phrase) ?? { phrase, length: words.length, meanings: new Map() };
    if (!entry.meanings.has(kind.key)) entry.meanings.set(kind.key, { field, value });
    verbs.set(phrase, entry);
  }
  const verbWords = new Set([...verbs.keys()].flatMap((phrase) => phrase.split(" ")));
  const longestVerb = Math.max(0, ...[...verbs.values()].map((verb) => verb.length));
  return { verbs, longestVerb, verbWords, hints, fillers };
}

/** The words without fillers, or all of them when nothing would be left. */
export function withoutFillers(words: string[], fillers: ReadonlySet<string>): string[] {
  const kept = words.filter((word) => !fillers.has(word));
  return kept.length > 0 ? kept : words;
}

/** Like `withoutFillers`, for tokens; separators do not count as something left. */
export function dropFillers(tokens: readonly Token[], fillers: ReadonlySet<string>): Token[] {
  const kept = tokens.filter((token) => token.type !== "word" || !fillers.has(token.text));
  return kept.some((token) => token.type !== "separator") ? kept : [...tokens];
}

/** Whether two verbs say the same thing for every kind that knows both, and share a kind. */
export function sameVerb(one: Verb, other: Verb): boolean {
  if (one === other) return true;
  let shared = false;
  for (const [kind, { field, value }] of one.meanings) {
    const meaning = other.meanings.get(kind);
    if (!meaning) continue;
    if (meaning.field.key !== field.key || meaning.value.key !== value.key) return false;
    shared = true;
  }
  return shared;
}

/** The longest verb that begins at this word. */
export function verbAt(grammar: Grammar, words: readonly string[], start: number): Verb | null {
  if (!grammar.verbWords.has(words[start] ?? "")) return null;
  for (let length = Math.min(grammar.longestVerb, words.length - start); length > 0; length--) {
    const verb = grammar.verbs.get(words.slice(start, start + length).join(" "));
    if (verb) return verb;
  }
  return null;
}

/** The longest verb that ends with this word. */
export function verbEndingAt(grammar: Grammar, words: readonly string[], end: number): Verb | null {
  if (!grammar.verbWords.has(words[end] ?? "")) return null;
  for (let length = Math.min(grammar.longestVerb, end + 1); length > 0; length--) {
    const verb = grammar.verbs.get(words.slice(end + 1 - length, end + 1).join(" "));
    if (verb) return verb;
  }
  return null;
}
