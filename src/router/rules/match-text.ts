/** A text in the forms in which rules look at it. */
export interface MatchText {
  /** Compatibility forms made plain (NFKC); regular expressions look at this. */
  plain: string;
  /** `plain` with the case folded. */
  folded: string;
  /** `folded`, trimmed, each run of white space one blank. */
  joined: string;
}

/** No rule looks further into a text, characters: what comes in is rarely longer than 1,600. */
const LONGEST = 2_000;

export function matchText(text: string): MatchText {
  // Cut before, for no more is worth the work, and after: one character may be eighteen plain ones.
  const plain = text.slice(0, LONGEST).normalize("NFKC").slice(0, LONGEST);
  const folded = foldCase(plain);
  return { plain, folded, joined: joinBlanks(folded) };
}

/** A pattern in the form of `folded`. */
export function foldPattern(pattern: string): string {
  return foldCase(pattern.normalize("NFKC"));
}

/** Folding as Unicode means it, by way of capitals: STRASSE is Straße, and a final sigma is a sigma. */
function foldCase(plain: string): string {
  return plain.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

export function joinBlanks(text: string): string {
  return text.trim().replace(/\s+/gu, " ");
}

const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Whether `part` stands in `folded` with an edge of a word on each side that begins or ends with a word. */
export function holdsWord(folded: string, part: string): boolean {
  const startsWord = isWordAt(part, 0);
  const endsWord = isWordBefore(part, part.length);
  for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + 1)) {
    const end = at + part.length;
    if (!(startsWord && isWordBefore(folded, at)) && !(endsWord && isWordAt(folded, end))) return true;
  }
  return false;
}

function isWordAt(text: string, at: number): boolean {
  const code = text.codePointAt(at);
  return code !== undefined && WORD.test(String.fromCodePoint(code));
}

function isWordBefore(text: string, at: number): boolean {
  const isPair = at > 1 && /[\udc00-\udfff]/.test(text[at - 1] as string);
  return at > 0 && isWordAt(text, at - (isPair ? 2 : 1));
}
