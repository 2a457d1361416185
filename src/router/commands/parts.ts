import type { Board } from "./board.ts";
import { dropFillers } from "./grammar.ts";
import { joinedKey } from "./name-index.ts";
import { verbReadings } from "./readings.ts";
import type { Token } from "./tokens.ts";

/** "thank you" and the like at the end of a text, where the fillers do not know them. */
const THANKS = new Set(["thank you", "ty", "thx"]);

/**
 * Cuts a text into parts: at lines, and within a line at separators, unless the whole line is one name
 * ("Rock and Roll"). Fillers are gone from the parts; parts of nothing but fillers are too.
 */
export function splitParts(board: Board, tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  for (const line of splitAt(withoutThanks(tokens), (sign) => sign === "\n")) {
    if (line.some((token) => token.type === "separator") && isOneName(board, line)) {
      parts.push(line.filter((token) => token.type !== "separator"));
    } else parts.push(...splitAt(line, () => true));
  }
  const { fillers } = board.grammar;
  const cleaned = parts.map((part) => dropFillers(part, fillers));
  const said = cleaned.filter((part) => !part.every((token) => fillers.has(token.text)));
  return said.length > 0 ? said : cleaned;
}

function splitAt(tokens: readonly Token[], isCut: (sign: string) => boolean): Token[][] {
  const parts: Token[][] = [];
  let part: Token[] = [];
  for (const token of tokens) {
    if (token.type === "separator" && isCut(token.text)) {
      if (part.length > 0) parts.push(part);
      part = [];
    } else part.push(token);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** The tokens without thanks at their end. */
export function withoutThanks(tokens: readonly Token[]): readonly Token[] {
  for (const length of [2, 1]) {
    const end = tokens.slice(-length).map((token) => token.text);
    if (tokens.length > length && THANKS.has(end.join(" "))) return tokens.slice(0, -length);
  }
  return tokens;
}

function isOneName(board: Board, line: readonly Token[]): boolean {
  const { joined } = board.index;
  if (joined.size === 0) return false;
  const { fillers, hints } = board.grammar;
  const plain = dropFillers(line, fillers);
  const rests = [plain, ...verbReadings(board, plain).map((reading) => reading.rest)];
  return rests.some((rest) => {
    let start = 0;
    let end = rest.length;
    while (start < end && hints.has(rest[start]?.text ?? "")) start++;
    while (end > start && hints.has(rest[end - 1]?.text ?? "")) end--;
    return joined.has(joinedKey(rest)) || joined.has(joinedKey(rest.slice(start, end)));
  });
}
