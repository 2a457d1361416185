/**
 * The longest run of plain letters, digits and blanks that every text must hold, whatever its case, for a
 * regular expression (RE2) to fit; null = none is sure. Where the pattern is anything but simple the answer is
 * null: a rule may be looked at in vain but must never be passed over.
 */
export function literalOf(pattern: string): string | null {
  // The last of them: a repeat behind flags, as in `ab(?i)?`, is about what stands before the flags.
  if (/\\[QCpPx0-9]|\[:|\(\?[a-zA-Z-]*\)[?*+{]/.test(pattern)) return null;
  let best = "";
  let run = "";
  const end = () => {
    if (run.length > best.length) best = run;
    run = "";
  };
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern[i] as string;
    if (sign === "|") return null;
    if (sign === "(" || sign === "[") {
      end();
      const close = sign === "(" ? closeOfGroup(pattern, i) : closeOfClass(pattern, i);
      if (close < 0) return null;
      i = close;
    } else if (sign === "\\") {
      end();
      i++;
    } else if (sign === "?" || sign === "*" || sign === "{") {
      // What stands before may be missing.
      run = run.slice(0, -1);
      end();
      if (sign === "{") i += /^\d*,?\d*\}/.exec(pattern.slice(i + 1))?.[0].length ?? 0;
    } else if (/[A-Za-z0-9 ]/.test(sign)) {
      run += sign;
    } else {
      end();
    }
  }
  end();
  return best.length >= LEAST ? best.toLowerCase() : null;
}

/** A shorter run stands in too many texts to be worth looking for. */
const LEAST = 2;

function closeOfGroup(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    const sign = pattern[i];
    if (sign === "\\") i++;
    else if (sign === "[") {
      i = closeOfClass(pattern, i);
      if (i < 0) return -1;
    } else if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0) return i;
  }
  return -1;
}

function closeOfClass(pattern: string, open: number): number {
  // A bracket that comes first is one of the signs.
  let i = pattern[open + 1] === "^" ? open + 2 : open + 1;
  if (pattern[i] === "]") i++;
  for (; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]") return i;
  }
  return -1;
}
