import { interpret } from "./interpret.ts";
import type { Session } from "./session.ts";
import type { Token } from "./tokens.ts";

/** "What's" comes here as "whats": apostrophes are deleted. */
const QUESTION_WORDS = new Set(
  "is are was do does did has have can could should will what which who when why how whats whos hows wheres whens".split(
    " ",
  ),
);
/** Words between a question word and what is asked about: "can you", "what is the status of". */
const BETWEEN = new Set([
  ...QUESTION_WORDS,
  ..."the a not you we i it there status state of please".split(" "),
]);

/**
 * What a question asks about: a text that ends with a question mark or begins with a question word, unless
 * that word begins the name that is meant. null = no question. A question never changes anything.
 */
export function questionIn(session: Session, text: string, tokens: readonly Token[]): Token[] | null {
  const [first] = tokens;
  const marked = /[?？]\s*$/u.test(text);
  const asked = first?.type === "word" && QUESTION_WORDS.has(first.text);
  if (!marked && !asked) return null;
  if (!marked && first && beginsName(session, tokens, first.text)) return null;
  let start = 0;
  while (start < tokens.length && BETWEEN.has(tokens[start]?.text ?? "")) start++;
  const silent =
    start === tokens.length && !tokens.some(({ text: word }) => word === "status" || word === "state");
  if (silent) return [...tokens];
  const { words } = session.board.index;
  return tokens.slice(start).filter((token) => token.text !== "not" || words.has("not"));
}

function beginsName(session: Session, tokens: readonly Token[], word: string): boolean {
  const { words } = session.board.index;
  if (!words.has(word)) return false;
  const meaning = interpret(session, tokens);
  if (meaning.type === "name") return true;
  const match = meaning.type === "parts" ? meaning.parts[0]?.match : null;
  if (!match || match.row > 4 || !("picks" in match)) return false;
  return match.picks.some(
    ({ entry }) => entry.name[0] === word || entry.aliases.some((alias) => alias[0] === word),
  );
}
