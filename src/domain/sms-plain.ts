import { measureText, septetsOf } from "./sms-text.ts";

/*
 * Typographic characters silently make a text UCS-2 and so double its price. Here they give way to plain ones.
 * Links and codes are left as they are: one other character and they lead nowhere. Emoji stay, and so do marks
 * that hold an emoji together or that a script needs to be read.
 */

/** Which characters give way. Each switch stands for itself. */
export interface PlainSwitches {
  /** Typographic marks: curly quotes, long dashes, odd blanks and the like. */
  substitute: boolean;
  /** Accented Latin letters that GSM-7 lacks; those it has (é à ñ ü ...) stay. */
  dropAccents: boolean;
}

export interface PlainText {
  text: string;
  changed: PlainChange[];
}

export interface PlainChange {
  /** Where `to` begins in the new text, in UTF-16 units from 0. */
  at: number;
  from: string;
  /** May be empty: the character was left out. */
  to: string;
}

const FORMS: [from: string, to: string][] = [
  ["‘’‚‛′‵´`", "'"],
  ["“”„‟″‶", '"'],
  ["–—―−", "-"],
  ["\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\t", " "],
  ["•·", "-"],
  ["…", "..."],
  ["\u00ad\u200b\u2060\ufeff", ""],
  ["°", " deg"],
  ["½", "1/2"],
  ["×", "x"],
  ["→", "->"],
  ["™", "(TM)"],
  ["©", "(C)"],
];

const PLAIN = new Map(FORMS.flatMap(([from, to]) => [...from].map((each) => [each, to] as const)));

/** Strokes are accents to those who read them, though Unicode takes them for a part of the letter. */
const STROKES: Record<string, string> = { ł: "l", Ł: "L", đ: "d", Đ: "D", ħ: "h", Ħ: "H" };

/** Joiners and marks of direction: nothing in most scripts, spelling in some. */
const JOINER = /^[\u200c\u200d]$/;
const DIRECTION = /^[\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
/** Asks for the picture or the letter form of the character before it. */
const VARIATION = /^[\ufe0e\ufe0f]$/;
const KEYCAP = "\u20e3";
const PICTURE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
/** A letter of a script that joins its letters or runs from right to left. */
const NEEDS_MARKS = /(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Common})\p{L}/u;

const COMBINING = /^\p{M}$/u;
const LATIN = /^\p{Script=Latin}$/u;
const DIGIT = /^\p{Nd}$/u;
const LETTER = /^\p{L}$/u;

/** What stands for a typographic mark wherever it is; undefined = it is none. */
export function plainForm(character: string): string | undefined {
  return PLAIN.get(character);
}

/** A Latin letter that GSM-7 lacks, without its accent; undefined = there is nothing to take off. */
export function withoutAccent(character: string): string | undefined {
  if (septetsOf(character) > 0) return undefined;
  const known = STROKES[character];
  if (known !== undefined) return known;
  // A letter written in two characters may be one that GSM-7 has.
  const composed = character.normalize("NFC");
  if (septetsOf(composed) > 0) return composed;
  const [base = "", ...marks] = character.normalize("NFD");
  if (marks.length === 0 || !LATIN.test(base)) return undefined;
  return marks.every((mark) => COMBINING.test(mark)) ? (STROKES[base] ?? base) : undefined;
}

/**
 * The text with its costly characters replaced. What would take more segments than before is left as typed:
 * longer plain forms save nothing where another character makes the text UCS-2 anyway.
 */
export function plainText(text: string, switches: PlainSwitches): PlainText {
  const before = measureText(text);
  if (before.encoding === "GSM-7" || !(switches.substitute || switches.dropAccents)) {
    return { text, changed: [] };
  }
  const plain = replaceAll(text, switches);
  return measureText(plain.text).segments > before.segments ? { text, changed: [] } : plain;
}

function replaceAll(text: string, switches: PlainSwitches): PlainText {
  const characters = charactersOf(text, switches.dropAccents);
  const kept = untouchable(text);
  const marksMatter = NEEDS_MARKS.test(text);
  const changed: PlainChange[] = [];
  let out = "";
  let place = 0;
  let span = 0;
  for (const [index, from] of characters.entries()) {
    while ((kept[span]?.end ?? Number.POSITIVE_INFINITY) <= place) span += 1;
    const inside = (kept[span]?.start ?? Number.POSITIVE_INFINITY) <= place;
    const around = {
      before: characters[index - 1] ?? "",
      after: characters[index + 1] ?? "",
      written: out,
      marksMatter,
    };
    const to = inside ? from : replacement(from, around, switches);
    if (to !== from) changed.push({ at: out.length, from, to });
    out += to;
    place += from.length;
  }
  return { text: out, changed };
}

/** Characters; with `joined`, Latin letters together with the accents that follow them. */
function charactersOf(text: string, joined: boolean): string[] {
  return joined ? (text.match(/\p{Script=Latin}[\u0300-\u036f]+|./gsu) ?? []) : [...text];
}

interface Around {
  /** The neighbours as typed. */
  before: string;
  after: string;
  /** The new text so far. */
  written: string;
  marksMatter: boolean;
}

function replacement(from: string, around: Around, switches: PlainSwitches): string {
  if (switches.substitute) {
    if (from === "°") return degree(around);
    // "5½" is not "51/2".
    if (from === "½" && DIGIT.test(around.before)) return " 1/2";
    if (isEmptyMark(from, around)) return "";
    const plain = PLAIN.get(from);
    if (plain !== undefined) return plain;
  }
  return switches.dropAccents ? (withoutAccent(from) ?? from) : from;
}

/** "5°C" is 5C, "45°" is 45 deg, "45°30" is 45 deg 30. */
function degree({ before, after, written }: Around): string {
  if (LETTER.test(before) || LETTER.test(after)) return "";
  const word = written === "" || /\s$/.test(written) ? "deg" : " deg";
  return DIGIT.test(after) ? `${word} ` : word;
}

function isEmptyMark(from: string, { before, after, written, marksMatter }: Around): boolean {
  if (DIRECTION.test(from)) return !marksMatter;
  if (JOINER.test(from)) return !marksMatter && !PICTURE.test(before);
  // Left behind by a sign that is plain now, as in ™ with the wish for a picture.
  if (VARIATION.test(from)) return after !== KEYCAP && septetsOf(written.at(-1) ?? "") > 0;
  return false;
}

interface Span {
  start: number;
  /** Exclusive. */
  end: number;
}

const LINK = /https?:\/\/\S+/giu;
/** Belongs to the sentence around a link, not to the link. */
const AFTER_LINK = new Set("“”‘’„\"'…»).,;:!?–—\u200b\u2060");

/** A word after "code", "PIN" ...: a code when it has a digit or is all capitals. */
const NAMED_CODE =
  /(?<![\p{L}\p{N}])(?:code|pin|password|passcode|otp|coupon|voucher)(?:\s+is)?(?:\s*[:=#]\s*|\s+)[“‘"'`]?(?<code>[\p{L}\p{M}\p{N}]+(?:[-_·–—−‐‑/][\p{L}\p{M}\p{N}]+)*)/giu;
/** Capitals and digits in one word, as in AB12–CD34. */
const BARE_CODE =
  /(?<![\p{L}\p{M}\p{N}])[\p{Lu}\p{M}\p{N}]+(?:[-_·–—−‐‑][\p{Lu}\p{M}\p{N}]+)*(?![\p{L}\p{M}\p{N}])/gu;
const LEAST_CODE = 6;
/** 9AM–5PM is no code. */
const CLOCK = /^\d{1,4}(?:AM|PM|H)?(?:[–—−-]\d{1,4}(?:AM|PM|H)?)?$/;

/** Links and codes, in order, without overlaps. */
function untouchable(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: link, index } of text.matchAll(LINK)) {
    spans.push({ start: index, end: index + lengthOfLink(link) });
  }
  for (const { 0: whole, index, groups } of text.matchAll(NAMED_CODE)) {
    const code = groups?.code ?? "";
    const end = index + whole.length;
    if (/\p{N}/u.test(code) || /^[\p{Lu}\p{M}\P{L}]{3,}$/u.test(code)) {
      spans.push({ start: end - code.length, end });
    }
  }
  for (const { 0: word, index } of text.matchAll(BARE_CODE)) {
    const signs = word.match(/[\p{Lu}\p{N}]/gu)?.length ?? 0;
    const mixed = /\p{Lu}/u.test(word) && /\p{Nd}/u.test(word);
    if (mixed && signs >= LEAST_CODE && !CLOCK.test(word)) {
      spans.push({ start: index, end: index + word.length });
    }
  }
  return merged(spans.sort((one, other) => one.start - other.start));
}

function lengthOfLink(link: string): number {
  let length = link.length;
  while (AFTER_LINK.has(link[length - 1] ?? "")) length -= 1;
  return length;
}

function merged(spans: Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else out.push(span);
  }
  return out;
}
