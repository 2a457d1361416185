/** One part of a filter of senders; any part that fits lets the sender in. */
export type FromPart =
  | { kind: "part"; text: string }
  | { kind: "wildcard"; text: string }
  | { kind: "regex"; pattern: string };

/**
 * Reads a filter of senders: digits are part of a number, `*` and `?` are wildcards for the whole of it, `/.../`
 * is a regular expression; several with commas between. Letters are part of a sender's name. Nothing but blanks
 * and commas is no filter.
 */
export function readFromFilter(filter: string): FromPart[] {
  return piecesOf(filter).flatMap((piece): FromPart[] => {
    if (piece.length > 2 && piece.startsWith("/") && piece.endsWith("/")) {
      return [{ kind: "regex", pattern: piece.slice(1, -1) }];
    }
    // An ellipsis says "and so on", as a number does that was cut for the eye.
    const text = plainSender(piece.replace(/(?:…|\.{3})$/u, ""));
    if (text === "") return [];
    return [{ kind: /[*?]/.test(text) ? "wildcard" : "part", text }];
  });
}

/** A sender or a part of one without the signs that people group digits with, lower case. */
export function plainSender(text: string): string {
  return text.replace(/[\s().-]/gu, "").toLowerCase();
}

/** Cut at commas, but not at those inside of a regular expression. */
function piecesOf(filter: string): string[] {
  const pieces = filter.match(/\s*\/(?:[^/\\]|\\.)+\/\s*(?=,|$)|[^,]+/gsu) ?? [];
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}
