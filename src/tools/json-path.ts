/**
 * Where a value lies in JSON, as people write it: `a.b`, `items[0].phone`, `items.0.phone`, `["odd.key"]`, with `$`
 * in front or not. No wildcards. Only own properties are found, so no name reaches what all objects inherit.
 */

const MOST_LEVELS = 16;
const STEP = /^(?:\.?\[(\d{1,9})\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\['((?:[^'\\]|\\.)*)'\]|\.?([^.[\]"']+))/;

/** The names from the outside in; null when the text is no such path, or has more than 16 levels. */
export function parsePath(text: string): string[] | null {
  let rest = text.trim().replace(/^\$(?=$|[.[])/, "");
  const names: string[] = [];
  while (rest !== "") {
    const step = STEP.exec(rest);
    // A dot stands between names, not in front of the first.
    if (!step || (names.length === 0 && rest.startsWith(".") && !text.trim().startsWith("$"))) return null;
    const [whole, index, double, single, bare] = step;
    names.push(index ?? unquote(double ?? single) ?? bare ?? "");
    rest = rest.slice(whole.length);
    if (rest !== "" && rest[0] !== "." && rest[0] !== "[") return null;
  }
  return names.length > 0 && names.length <= MOST_LEVELS ? names : null;
}

function unquote(name: string | undefined): string | undefined {
  return name?.replace(/\\(.)/g, "$1");
}

/** A text or a number there, as text; null for everything else. */
export function textAt(value: unknown, path: readonly string[]): string | null {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return null;
    if (Array.isArray(here) && !/^\d+$/.test(name)) return null;
    here = (here as Record<string, unknown>)[name];
  }
  if (typeof here === "number") return Number.isFinite(here) ? String(here) : null;
  return typeof here === "string" ? here : null;
}
