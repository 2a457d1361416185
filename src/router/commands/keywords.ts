/**
 * Words that mean something as the whole message. Punctuation, "please" and "thanks" around them are
 * ignored.
 */
export type Keyword = "status" | "help" | "undo" | "yes" | "no" | "more";

const WORDS: Record<Keyword, string[]> = {
  status: ["status", "stat", "info"],
  help: ["help", "?", "commands", "menu"],
  undo: ["undo", "u", "revert"],
  yes: ["ok", "okay", "yes", "y", "confirm"],
  no: ["no", "n", "nope"],
  more: ["more"],
};

const KEYWORDS = new Map<string, Keyword>();
for (const [keyword, words] of Object.entries(WORDS)) {
  for (const word of words) KEYWORDS.set(word, keyword as Keyword);
}

/** The keyword that these words are, as the whole message. */
export function keywordOf(words: string): Keyword | null {
  return KEYWORDS.get(words) ?? null;
}

/** Whether a verb, name or alias in this form could never be reached, because it is a keyword alone. */
export function isKeyword(words: string): boolean {
  return KEYWORDS.has(words);
}
