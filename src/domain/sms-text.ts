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

const SEPTETS = new Map<string, number>();
for (const character of BASIC) SEPTETS.set(character, 1);
for (const character of EXTENSION) SEPTETS.set(character, 2);

/** Septets of one character: 1, 2 with the escape, or 0 when GSM-7 has no such character. */
export function septetsOf(character: string): 0 | 1 | 2 {
  return (SEPTETS.get(character) ?? 0) as 0 | 1 | 2;
}

/**
 * Encoding, length and number of segments of a text. An escape pair and a surrogate pair are never cut,
 * so a part may end one unit short. The empty text is one segment.
 */
export function measureText(text: string): TextMeasure {
  const septets = countSeptets(text);
  if (septets >= 0) {
    return { encoding: "GSM-7", units: septets, segments: septets <= 160 ? 1 : gsmParts(text) };
  }
  return { encoding: "UCS-2", units: text.length, segments: text.length <= 70 ? 1 : ucsParts(text) };
}

function countSeptets(text: string): number {
  let total = 0;
  for (let i = 0; i < text.length; i++) {
    const septets = SEPTETS.get(text[i] as string);
    if (septets === undefined) return -1;
    total += septets;
  }
  return total;
}

function gsmParts(text: string): number {
  let parts = 1;
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    const need = SEPTETS.get(text[i] as string) ?? 1;
    if (used + need > 153) {
      parts += 1;
      used = 0;
    }
    used += need;
  }
  return parts;
}

function ucsParts(text: string): number {
  let parts = 1;
  let used = 0;
  for (const character of text) {
    if (used + character.length > 67) {
      parts += 1;
      used = 0;
    }
    used += character.length;
  }
  return parts;
}

/** Text fit to be stored and sent on: no NUL, no half surrogate pairs. */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
