/** Bodies rewritten without knowing what they say: one byte changed, one text replaced, fields nobody knows. */

export function isForm(contentType: string): boolean {
  return contentType.startsWith("application/x-www-form-urlencoded");
}

/** Another character of the same kind, never the same letter in another case. */
function otherCharacter(character: string): string {
  if (/\d/.test(character)) return String((Number(character) + 1) % 10);
  return String.fromCharCode(character.charCodeAt(0) + (/[zZ]/.test(character) ? -1 : 1));
}

/** The text with one letter or digit changed near `share` (0 to 1) of its length; escapes such as %2B stay. */
export function withOneChange(text: string, share = 0.5): string {
  const spots = [...text.matchAll(/%[0-9A-Fa-f]{2}|[A-Za-z0-9]/g)].filter((match) => match[0].length === 1);
  const spot = spots[Math.min(spots.length - 1, Math.floor(spots.length * share))];
  if (!spot) return `${text}x`;
  return text.slice(0, spot.index) + otherCharacter(spot[0]) + text.slice(spot.index + 1);
}

/** Bodies that differ from the given one by a byte. */
export function oneByteOff(body: string): string[] {
  const changed = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => withOneChange(body, share));
  const shorter = /[\w}\]]$/.test(body) ? [body.slice(0, -1)] : [];
  return [...new Set([...changed, ...shorter, `${body}x`])];
}

/** Addresses that differ from the given one in path or query. */
export function otherUrls(url: string): string[] {
  const mark = url.indexOf("?");
  const query = mark < 0 ? "" : url.slice(mark);
  const path = mark < 0 ? url : url.slice(0, mark);
  const others = [`${withOneChange(path, 1)}${query}`, `${path}x${query}`, `${path}${query || "?"}&x=1`];
  return query === "" ? others : [...others, path, path + withOneChange(query, 1)];
}

/** Replaces the value `from` wherever it stands as a whole; null if it stands nowhere. */
export function withText(contentType: string, body: string, from: string, to: string): string | null {
  let found = false;
  const swap = (value: unknown): unknown => {
    if (value === from) {
      found = true;
      return to;
    }
    if (Array.isArray(value)) return value.map(swap);
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swap(inner)]));
  };
  if (!isForm(contentType)) {
    const changed = JSON.stringify(swap(readJson(body)));
    return found ? changed : null;
  }
  const pairs = [...new URLSearchParams(body)].map(([key, value]) => {
    return `${encodeURIComponent(key)}=${percentEncoded(swap(value) as string)}`;
  });
  return found ? pairs.join("&") : null;
}

/** Also what is no Unicode: a lone surrogate goes out as the three bytes it would have. */
function percentEncoded(text: string): string {
  return text.replace(/[\s\S]/gu, (character) => {
    if (character.isWellFormed()) return encodeURIComponent(character);
    const code = character.charCodeAt(0);
    const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join("");
  });
}

/** The same with a field nobody knows, on every level. */
export function withUnknownFields(contentType: string, body: string): string {
  const more = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(more);
    if (!isFields(value)) return value;
    const known = Object.entries(value).map(([key, inner]) => [key, more(inner)]);
    return { ...Object.fromEntries(known), x_not_in_any_documentation: { deep: [1, null, "two"] } };
  };
  if (isForm(contentType)) return `${body}&XNotInAnyDocumentation=1`;
  return JSON.stringify(more(readJson(body)));
}

const ODD_VALUES: unknown[] = [
  null,
  5,
  -1.5e300,
  true,
  [],
  {},
  [null],
  "",
  " ",
  "\0",
  "\ud83d",
  "x".repeat(5_000),
];

/** Bodies in which one value after the other is of a kind nobody expects, or is missing. */
export function* withOddValues(contentType: string, body: string): Generator<string> {
  if (isForm(contentType)) {
    const pairs = [...new URLSearchParams(body)];
    const write = (list: [string, string][]) =>
      list.map(([key, value]) => `${encodeURIComponent(key)}=${percentEncoded(value)}`).join("&");
    for (const [index, [key, value]] of pairs.entries()) {
      yield write(pairs.toSpliced(index, 1));
      yield write([...pairs, [key, value]]);
      yield write([...pairs, [`${key}[]`, value]]);
      for (const odd of ODD_VALUES) {
        if (typeof odd === "string") yield write(pairs.with(index, [key, odd]));
      }
    }
    return;
  }
  const whole = readJson(body);
  for (const path of pathsOf(whole)) {
    for (const odd of [undefined, ...ODD_VALUES]) yield JSON.stringify(withValue(whole, path, odd)) ?? "";
  }
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([key, one]) => pathsOf(one).map((path) => [key, ...path]));
  return [[], ...inner];
}

function withValue(whole: unknown, [key, ...rest]: string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy = Array.isArray(whole) ? [...whole] : { ...(whole as object) };
  const fields = copy as Record<string, unknown>;
  fields[key] = withValue(fields[key], rest, odd);
  return copy;
}

/** Vendors print JSON with commas at its ends. */
function readJson(body: string): unknown {
  return JSON.parse(body.replace(/,\s*([}\]])/g, "$1"));
}

/** Appends to every string that is a sentence, in JSON; anything else gets it at its end. */
export function withSaying(body: string, saying: string): string {
  const more = (value: unknown): unknown => {
    if (typeof value === "string") return /\s/.test(value) ? `${value} ${saying}` : value;
    if (Array.isArray(value)) return value.map(more);
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, more(inner)]));
  };
  try {
    return JSON.stringify(more(JSON.parse(body)));
  } catch {
    return `${body} ${saying}`;
  }
}

/** A body as its fields; repeated form fields become a list. */
export function fieldsOf(encoding: "json" | "form" | "none", body: string): Record<string, unknown> | null {
  if (encoding === "none") return body === "" ? null : { unexpected: body };
  if (encoding === "json") return JSON.parse(body) as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  const pairs = new URLSearchParams(body);
  for (const key of new Set(pairs.keys())) {
    const values = pairs.getAll(key);
    fields[key] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

/** The values of all places in `actual` where `pattern` holds exactly `text`. */
export function valuesWhere(pattern: unknown, text: string, actual: unknown): unknown[] {
  if (pattern === text) return [actual];
  if (typeof pattern !== "object" || pattern === null) return [];
  const other = isFields(actual) || Array.isArray(actual) ? (actual as Record<string, unknown>) : {};
  return Object.entries(pattern).flatMap(([key, inner]) => valuesWhere(inner, text, other[key]));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
