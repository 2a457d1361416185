import { isSpelled, spelledNumberAt } from "./number-words.ts";

/** What a text or a board name is cut into. `text` is in the form in which words are compared. */
export type Token =
  | { type: "word"; text: string }
  | { type: "number"; text: string; value: number }
  | { type: "range"; text: string; from: number; to: number }
  | { type: "separator"; text: string };

const APOSTROPHES = /['`´‘’‚‛′ʹʻʼʽˈ＇]/g;
const PLAIN = /^[ -~]*$/;
const SIMPLE = /^[a-z0-9 ]*$/;

// In this order: a range, a number with a point or a sign in front (no number to us), a word, a separator.
const PIECES =
  /(?<from>(?<![\p{L}\p{N}.])\d{1,9})[ \t]*[-–—‒−][ \t]*(?<to>\d{1,9})(?![\p{L}\p{N}])|(?<odd>\d+(?:\.\d+)+)|(?<sign>[+-])(?=\d)|(?<word>[\p{L}\p{N}]+)|(?<separator>[,;&+/\n])/gu;

/** One way of writing: compatibility forms, case, accents and apostrophes gone. Lines stay lines. */
export function clean(text: string): string {
  const lower = text.replace(APOSTROPHES, "").toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .normalize("NFC")
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, "\n")
    .replace(APOSTROPHES, "");
}

/**
 * Cuts a text into words, numbers, ranges and separators. Number words become digits; a hint word glued to
 * digits is split. `25.0`, `1e2` and `+25` come out as words that are no numbers.
 */
export function tokenise(text: string, isHint: (word: string) => boolean): Token[] {
  const cleaned = clean(text);
  if (SIMPLE.test(cleaned)) return tokeniseSimple(cleaned, isHint);
  const raw: Token[] = [];
  let signed = "";
  for (const match of cleaned.matchAll(PIECES)) {
    const { from, to, odd, sign, word, separator } = match.groups ?? {};
    if (sign !== undefined) {
      const before = raw.at(-1);
      const glued = /[\p{L}\p{N}]/u.test(cleaned[match.index - 1] ?? "");
      // "1 +2" and "1+2" are lists; a sign after anything else belongs to its digits.
      if (sign === "+" && (glued || before?.type === "number")) raw.push({ type: "separator", text: "and" });
      else if (!glued) signed = sign;
      continue;
    }
    if (signed !== "") {
      raw.push({ type: "word", text: signed + match[0] });
      signed = "";
    } else if (from !== undefined && to !== undefined) raw.push(rangeToken(Number(from), Number(to)));
    else if (odd !== undefined) raw.push({ type: "word", text: odd });
    else if (word !== undefined) pushWord(raw, word, isHint);
    else if (separator !== undefined) raw.push({ type: "separator", text: separatorOf(separator) });
  }
  return joinRanges(joinNumberWords(raw));
}

/** Most names and texts: letters, digits and blanks, no signs to look at. */
function tokeniseSimple(cleaned: string, isHint: (word: string) => boolean): Token[] {
  const raw: Token[] = [];
  for (const word of cleaned.split(" ")) if (word !== "") pushWord(raw, word, isHint);
  return joinRanges(joinNumberWords(raw));
}

function separatorOf(sign: string): string {
  return sign === "&" || sign === "+" ? "and" : sign;
}

function rangeToken(from: number, to: number): Token {
  return { type: "range", text: `${from}-${to}`, from: Math.min(from, to), to: Math.max(from, to) };
}

function numberToken(digits: string): Token {
  const text = digits.replace(/^0+(?=\d)/, "");
  return { type: "number", text, value: Number(text) };
}

function pushWord(tokens: Token[], word: string, isHint: (word: string) => boolean): void {
  if (word === "and") tokens.push({ type: "separator", text: "and" });
  else if (/^[0-9]+$/.test(word)) tokens.push(numberToken(word));
  else {
    const glued = /^(\D+)([0-9]+)$/.exec(word);
    const [, letters = "", digits = ""] = glued ?? [];
    if (glued && isHint(letters)) tokens.push({ type: "word", text: letters }, numberToken(digits));
    else tokens.push({ type: "word", text: word });
  }
}

function joinNumberWords(tokens: Token[]): Token[] {
  if (!tokens.some((token) => token.type === "word" && isSpelled(token.text))) return tokens;
  const words = tokens.map((token) => (token.type === "word" ? token.text : ""));
  const joined: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const spelled = words[i] === "" ? null : spelledNumberAt(words, i);
    if (spelled) {
      joined.push(numberToken(String(spelled.value)));
      i += spelled.length - 1;
    } else joined.push(tokens[i] as Token);
  }
  return joined;
}

const UNTIL = new Set(["to", "thru", "through"]);

function joinRanges(tokens: Token[]): Token[] {
  if (!tokens.some((token) => token.type === "word" && UNTIL.has(token.text))) return tokens;
  const joined: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const middle = tokens[i + 1];
    const end = tokens[i + 2];
    if (
      token.type === "number" &&
      middle?.type === "word" &&
      UNTIL.has(middle.text) &&
      end?.type === "number"
    ) {
      joined.push(rangeToken(token.value, end.value));
      i += 2;
    } else joined.push(token);
  }
  return joined;
}

/** Words of a name or of a part, without separators. */
export function wordsOf(tokens: readonly Token[]): string[] {
  const words: string[] = [];
  for (const token of tokens) if (token.type !== "separator") words.push(token.text);
  return words;
}

/** Whether a word, as `tokenise` writes it, is a number. */
export function isNumber(word: string): boolean {
  return /^[0-9]+$/.test(word);
}
