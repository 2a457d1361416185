import { hash } from "node:crypto";
import { normalisePhone } from "../../domain/phone.ts";

/** Reading what Mobiniti writes: JSON with slips, numbers in three spellings, times in two. */
export type { Fields } from "../../tools/json-body.ts";
export { bodyText, isFields } from "../../tools/json-body.ts";

/**
 * Parses strictly, and once more without the commas before `}` and `]` that stand in Mobiniti's own samples.
 * Commas inside strings stay. Undefined when it is no JSON.
 */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutTrailingCommas(text));
    } catch {
      return undefined;
    }
  }
}

function withoutTrailingCommas(text: string): string {
  let kept = "";
  let from = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === "," && closesNext(text, i + 1)) {
      kept += text.slice(from, i);
      from = i + 1;
    }
  }
  return kept + text.slice(from);
}

function closesNext(text: string, start: number): boolean {
  let i = start;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return text[i] === "}" || text[i] === "]";
}

/** Well-formed Unicode without NUL, which no database takes. */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** A value read as text: texts and numbers; anything else, and nothing but blanks, is null. */
export function readText(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return null;
  const text = cleanText(value).trim();
  return text === "" ? null : text;
}

/** ISO 8601, or `YYYY-MM-DD hh:mm:ss`; without a zone it is UTC. */
export function readTime(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s?(Z|[+-]\d\d:?\d\d)?$/i.exec(
    value.trim(),
  );
  if (!match) return null;
  const time = new Date(`${match[1]}T${match[2]}${match[3] ?? "Z"}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/**
 * One delivery report spells one number with 11 digits, with 10 and as E.164. Ten digits, and eleven from 1 on,
 * are North American whatever the channel's country is; the rest is completed with that country.
 */
export function readPhone(value: unknown, country: string): string | null {
  const text = readText(value);
  if (text === null || text.length > 64) return null;
  const digits = text.replace(/[\s().-]/g, "");
  if (/^[2-9]\d{9}$/.test(digits)) return `+1${digits}`;
  if (/^1[2-9]\d{9}$/.test(digits)) return `+${digits}`;
  return normalisePhone(text, country);
}

export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

/** Joins the parts of a dedupe key; a part that is too long for an index stands as its hash. */
export function keyOf(...parts: string[]): string {
  return parts.map((part) => (part.length > 64 ? sha256(part) : part)).join(":");
}
