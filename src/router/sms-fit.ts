import { plainForm, plainText, withoutAccent } from "../domain/sms-plain.ts";
import { measureText, septetsOf } from "../domain/sms-text.ts";

/** Replies give up more than the texts people write: what the table of the domain leaves, they make plain too. */
const FURTHER: Record<string, string> = {
  "«": '"',
  "»": '"',
  "‐": "-",
  "‑": "-",
  "÷": "/",
  œ: "oe",
  Œ: "OE",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "Th",
  ı: "i",
  ŋ: "n",
  "®": "(R)",
  "←": "<-",
};

/** What stands for a character that nothing resembles. */
const UNKNOWN = "?";
const ALL_PLAIN = /^[ !"#$%&'()*+,\-./0-9:;<=>?A-Za-z\n]*$/;

/** A text in the GSM-7 alphabet, each foreign character replaced by the nearest plain one. */
export function toGsm7(text: string): string {
  if (ALL_PLAIN.test(text)) return text;
  let out = "";
  const { text: plain } = plainText(text, { substitute: true, dropAccents: true });
  for (const character of plain) out += septetsOf(character) > 0 ? character : nearest(character);
  return out;
}

function nearest(character: string): string {
  const known = plainForm(character) ?? withoutAccent(character) ?? FURTHER[character];
  if (known !== undefined) return known;
  if (/[\p{M}\p{Cf}\p{Cc}\p{Cs}]/u.test(character)) return "";
  if (/\p{Z}/u.test(character)) return " ";
  let out = "";
  for (const part of character.normalize("NFKD")) {
    const plain = plainForm(part) ?? withoutAccent(part) ?? FURTHER[part] ?? part;
    if ([...plain].every((each) => septetsOf(each) > 0)) out += plain;
  }
  if (out !== "") return out;
  // Pictures have no plain form and say nothing in a reply; letters leave a mark that they were there.
  return /[\p{L}\p{N}]/u.test(character) ? UNKNOWN : "";
}

/** The text in the alphabet of the settings. */
export function inAlphabet(text: string, alphabet: "gsm7" | "automatic"): string {
  return alphabet === "gsm7" ? toGsm7(text) : text;
}

/** Whether a text leaves in at most this many segments. */
export function fits(text: string, segments: number): boolean {
  return measureText(text).segments <= segments;
}

/** The text, its end replaced by three dots when it does not fit into the segments. */
export function cutToFit(text: string, segments: number): string {
  if (fits(text, segments)) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(`${characters.slice(0, middle).join("")}...`, segments)) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join("").trimEnd()}...`;
}

/** A name as replies show it: 40 characters at most. */
export function shortName(name: string): string {
  if (name.length <= 40) return name;
  const characters = [...name];
  return characters.length <= 40 ? name : `${characters.slice(0, 38).join("").trimEnd()}..`;
}
