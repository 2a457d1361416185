import { de } from "./consent-data/de.ts";
import { en } from "./consent-data/en.ts";
import { es } from "./consent-data/es.ts";
import { fr } from "./consent-data/fr.ts";
import { pt } from "./consent-data/pt.ts";

/**
 * The words of one language about consent. All of it is written as it is compared: small letters, no accents, no
 * punctuation, no apostrophes. In phrases `(a|b)` is one of these, `[a|b]` may be left out, `*` is any word.
 */
export interface ConsentLanguage {
  language: string;
  /** The whole message, courtesy aside: opts out, and no person is asked. */
  stop: string[];
  /** Those among them that opt out where the language is off too; a person looks at it. */
  stopWhereOff: string[];
  help: string[];
  /** May stand in front of a phrase: "I want to ...". */
  leadIns: string[];
  /** Read over wherever they stand in a phrase. */
  polite: string[];
  /** Whole sentences that opt out at once; a person looks at it. */
  optOut: string[];
  /** Whole sentences that only a person can judge. */
  review: string[];
}

/** Counts up with every change of the lists, so that a review tells by which it was found. */
export const CONSENT_WORDS_VERSION = "2026-11-20";

const LANGUAGES = new Map([en, fr, es, pt, de].map((one) => [one.language, one]));

/** The words of the languages that are on, made ready to be asked. */
export interface Lexicon {
  stop: ReadonlySet<string>;
  stopWhereOff: ReadonlySet<string>;
  help: ReadonlySet<string>;
  polite: ReadonlySet<string>;
  /** Courtesy of the other languages; that of English is taken away before. */
  courtesy: ReadonlySet<string>;
  optOut: PhraseList;
  review: PhraseList;
}

/** Finds the entry that a sentence is; null = none. */
type PhraseList = (sentence: string) => string | null;

const made = new Map<string, Lexicon>();

/** The lexicon of these languages; English is always among them. */
export function lexiconOf(languages: readonly string[]): Lexicon {
  const key = languages.join(" ");
  let lexicon = made.get(key);
  if (!lexicon) {
    lexicon = makeLexicon(languages);
    made.set(key, lexicon);
  }
  return lexicon;
}

function makeLexicon(languages: readonly string[]): Lexicon {
  const on = [...LANGUAGES.values()].filter(
    ({ language }) => language === "en" || languages.includes(language),
  );
  const off = [...LANGUAGES.values()].filter((one) => !on.includes(one));
  const words = (of: ConsentLanguage[], key: "stop" | "stopWhereOff" | "help" | "polite") =>
    new Set(of.flatMap((one) => one[key]));
  return {
    stop: words(on, "stop"),
    stopWhereOff: words(off, "stopWhereOff"),
    help: words(on, "help"),
    polite: words(on, "polite"),
    courtesy: words(
      on.filter((one) => one !== en),
      "polite",
    ),
    optOut: phraseList(on.map((one) => ({ phrases: one.optOut, leadIns: one.leadIns }))),
    review: phraseList(on.map((one) => ({ phrases: one.review, leadIns: [] }))),
  };
}

/** Words of all languages that are honoured wherever the hub is, for warnings. */
export function wordsHonouredEverywhere(): string[] {
  return [...LANGUAGES.values()].flatMap((one) => (one === en ? one.stop : one.stopWhereOff));
}

interface Phrases {
  phrases: string[];
  leadIns: string[];
}

function phraseList(lists: Phrases[]): PhraseList {
  const entries = lists.flatMap(({ phrases, leadIns }) => {
    const before = leadIns.length > 0 ? `(?:(?:${leadIns.join("|")}) )*` : "";
    return phrases.map((phrase) => ({ phrase, source: before + patternOf(phrase) }));
  });
  // Nearly every text is none of them: one look says so.
  const any = new RegExp(`^(?:${entries.map(({ source }) => source).join("|")})$`, "u");
  const each = entries.map(({ phrase, source }) => ({ phrase, pattern: new RegExp(`^(?:${source})$`, "u") }));
  return (sentence) => {
    if (!any.test(sentence)) return null;
    return each.find(({ pattern }) => pattern.test(sentence))?.phrase ?? null;
  };
}

function patternOf(phrase: string): string {
  return phrase
    .replace(/\(/g, "(?:")
    .replace(/\*/g, "\\S+")
    .replace(/^\[([^\]]+)\] /, "(?:(?:$1) )?")
    .replace(/ \[([^\]]+)\]/g, "(?: (?:$1))?");
}
