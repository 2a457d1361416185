import { isUtf8 } from "node:buffer";

/**
 * Reading JSON that came from a provider: strict about the JSON itself, liberal about what else stands in it. Texts
 * come out as well-formed Unicode without NUL, which no database takes.
 */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a body; bytes that are not UTF-8 are left out, and so is a byte order mark. */
export function bodyText(raw: Buffer): string {
  const text = isUtf8(raw) ? raw.toString("utf8") : raw.toString("utf8").replaceAll("\uFFFD", "");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/**
 * The text of a body whose sender may be older than UTF-8: what is UTF-8 is taken for that, whatever it is called; else
 * the content type's charset counts, and without one the bytes are those of Western Windows, which are never wrong.
 */
export function decodedText(raw: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType)?.[1] ?? "";
  const isWide = /^utf-?16/i.test(charset);
  return !isWide && isUtf8(raw) ? bodyText(raw) : decoderOf(charset).decode(raw);
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(/^utf-?8$/i.test(charset) ? "windows-1252" : charset);
  } catch {
    return new TextDecoder("windows-1252");
  }
}

/** Undefined when it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The same, but whole numbers that no number of ours can hold come out as their digits: a reference of twenty digits
 * must not become its neighbour. Undefined also where the nesting is deeper than the stack.
 */
export function readExactJson(text: string): unknown {
  try {
    return JSON.parse(text, exactly);
  } catch {
    return undefined;
  }
}

/** `context` is given by the engine, though the types of the language do not know it yet. */
function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? source : value;
}

/** The object that a body is; null for anything else, also for lists and single values. */
export function readFields(body: Buffer | string): Fields | null {
  const value = readJson(typeof body === "string" ? body : bodyText(body));
  return isFields(value) ? value : null;
}

/** A value read as text: texts and finite numbers; anything else, and nothing but blanks, is null. */
export function readText(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  if (typeof value !== "string") return null;
  const text = value.replaceAll("\0", "").toWellFormed().trim();
  return text === "" ? null : text;
}

/** ISO 8601, or `YYYY-MM-DD hh:mm:ss`, which is UTC; as ISO 8601 with milliseconds. Null when it is no time. */
export function readTime(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s?(Z|[+-]\d\d:?\d\d)?$/i.exec(
    value.trim(),
  );
  if (!match) return null;
  const time = new Date(`${match[1]}T${match[2]}${match[3] ?? "Z"}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
