/** How a text is cut for the air. Source: 3GPP TS 23.038; parts of a long text carry a 6-octet header. */
export interface TextMeasure {
  encoding: "GSM-7" | "UCS-2";
  /** Septets (GSM-7) or UTF-16 units (UCS-2). */
  units: number;
  segments: number;
}

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "^{}\\[~]|€\f";

/** In GSM-7, but not in the table that Telnyx publishes. */
const NOT_AT_TELNYX = "ΔΦΓΛΩΠΨΣΘΞÇ§¤€";

const SEPTETS = new Map<string, number>();
for (const character of BASIC) SEPTETS.set(character, 1);
for (const character of EXTENSION) SEPTETS.set(character, 2);

/** Whose table a text is measured by: some providers send as UCS-2 what others send as GSM-7. */
export type Alphabet = "gsm7" | "telnyx" | "ascii";

const TABLES: Record<Alphabet, ReadonlyMap<string, number>> = {
  gsm7: SEPTETS,
  telnyx: new Map([...SEPTETS].filter(([character]) => !NOT_AT_TELNYX.includes(character))),
  // Seven bits as well, but without escapes.
  ascii: new Map(Array.from({ length: 128 }, (_, code) => [String.fromCharCode(code), 1])),
};

/** The table by which a provider sends from this number or short code. */
export function alphabetFor(
  provider: { alphabet?: Alphabet; shortCodeAlphabet?: Alphabet },
  address: string,
): Alphabet | undefined {
  const isShortCode = /^\d{3,8}$/.test(address);
  return (isShortCode ? provider.shortCodeAlphabet : undefined) ?? provider.alphabet;
}

/** Septets of one character: 1, 2 with the escape, or 0 when GSM-7 has no such character. */
export function septetsOf(character: string): 0 | 1 | 2 {
  return (SEPTETS.get(character) ?? 0) as 0 | 1 | 2;
}

/** Above this many segments no text leaves, whatever the provider takes: 1,224 septets or 536 units. */
export const MOST_SEGMENTS = 8;

/**
 * Encoding, length and number of segments of a text. An escape pair and a surrogate pair are never cut,
 * so a part may end one unit short. The empty text is one segment.
 */
export function measureText(text: string, alphabet: Alphabet = "gsm7"): TextMeasure {
  const { encoding, units, segments } = layOut(text, alphabet);
  return { encoding, units, segments };
}

/** Septets or units that still fit into the last segment; one more and there is another segment. */
export function unitsLeft(text: string, alphabet: Alphabet = "gsm7"): number {
  const { capacity, used } = layOut(text, alphabet);
  return capacity - used;
}

/** The first character that the alphabet lacks, whole as people see it, and its place in UTF-16 units from 0. */
export function forcedBy(
  text: string,
  alphabet: Alphabet = "gsm7",
): { character: string; at: number } | null {
  let at = 0;
  while (at < text.length && TABLES[alphabet].has(text[at] as string)) at += 1;
  if (at === text.length) return null;
  const seen = new Intl.Segmenter().segment(text).containing(at);
  return seen ? { character: seen.segment, at: seen.index } : null;
}

/** The measure, and how many units the last segment holds and has room for. */
interface Layout extends TextMeasure {
  used: number;
  capacity: number;
}

function layOut(text: string, alphabet: Alphabet): Layout {
  const septets = countSeptets(text, TABLES[alphabet]);
  if (septets >= 0) {
    const whole = { encoding: "GSM-7", units: septets } as const;
    if (septets <= 160) return { ...whole, segments: 1, used: septets, capacity: 160 };
    return { ...whole, ...gsmParts(text, TABLES[alphabet]), capacity: 153 };
  }
  const whole = { encoding: "UCS-2", units: text.length } as const;
  if (text.length <= 70) return { ...whole, segments: 1, used: text.length, capacity: 70 };
  return { ...whole, ...ucsParts(text), capacity: 67 };
}

function countSeptets(text: string, table: ReadonlyMap<string, number>): number {
  let total = 0;
  for (let i = 0; i < text.length; i++) {
    const septets = table.get(text[i] as string);
    if (septets === undefined) return -1;
    total += septets;
  }
  return total;
}

function gsmParts(text: string, table: ReadonlyMap<string, number>): { segments: number; used: number } {
  let segments = 1;
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    const need = table.get(text[i] as string) ?? 1;
    if (used + need > 153) {
      segments += 1;
      used = 0;
    }
    used += need;
  }
  return { segments, used };
}

function ucsParts(text: string): { segments: number; used: number } {
  let segments = 1;
  let used = 0;
  for (const character of text) {
    if (used + character.length > 67) {
      segments += 1;
      used = 0;
    }
    used += character.length;
  }
  return { segments, used };
}

const SOMETHING = /[^\s\p{Cc}\p{Cf}\u2800\u3164]/u;

/** Nothing but blanks and what cannot be seen: a text of those alone is refused by providers, one by one. */
export function isBlank(text: string): boolean {
  return !SOMETHING.test(text);
}

/** Text fit to be stored and sent on: no NUL, no half surrogate pairs. */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
