import { isUtf8 } from "node:buffer";

/**
 * Reading `application/x-www-form-urlencoded`, of bodies and of queries. Order and repeats are kept, for
 * signatures are made over every field. Broken percent codes are refused instead of guessed at.
 */
export interface FormField {
  name: string;
  /** Well-formed Unicode; bytes that are not UTF-8 are left out. */
  value: string;
  /** The value as it came, with nothing left out: what signatures are made over. */
  bytes: Buffer;
}

/** More fields than any provider sends; keeps sorting and looking through them cheap. */
const MAX_FIELDS = 2_000;

/** The fields in their order, or null when the bytes are no form. An empty body is a form without fields. */
export function readForm(raw: Uint8Array): FormField[] | null {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const fields: FormField[] = [];
  if (text === "") return fields;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    if (fields.length === MAX_FIELDS) return null;
    const equals = pair.indexOf("=");
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals));
    const bytes = equals < 0 ? Buffer.alloc(0) : decodePart(pair.slice(equals + 1));
    if (name === null || bytes === null || !isUtf8(name)) return null;
    fields.push({ name: name.toString("utf8"), value: readUtf8(bytes), bytes });
  }
  return fields;
}

/** The fields of an address's query, or null when it is broken. The part behind `#` is no query. */
export function readQuery(url: string): FormField[] | null {
  const query = queryOf(url);
  return readForm(Buffer.from(query, "utf8"));
}

/** The query as it stands in the address, without the question mark. */
export function queryOf(url: string): string {
  const address = withoutFragment(url);
  const mark = address.indexOf("?");
  return mark < 0 ? "" : address.slice(mark + 1);
}

/** The address up to the question mark. */
export function withoutQuery(url: string): string {
  const address = withoutFragment(url);
  const mark = address.indexOf("?");
  return mark < 0 ? address : address.slice(0, mark);
}

/** The address without what stands behind `#`, which never travels and is never signed. */
export function withoutFragment(url: string): string {
  const hash = url.indexOf("#");
  return hash < 0 ? url : url.slice(0, hash);
}

/** The first field of that name. */
export function fieldValue(fields: readonly FormField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

/** By the bytes of the name, then by those of the value: the same on every machine. The list itself stays. */
export function sortedFields(fields: readonly FormField[]): FormField[] {
  return fields
    .map((field) => ({ field, key: Buffer.from(field.name, "utf8") }))
    .sort((a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(a.field.bytes, b.field.bytes))
    .map(({ field }) => field);
}

/** Whether the content type says form; its case and parameters do not matter. */
export function isFormType(contentType: string | null): boolean {
  return contentType?.split(";")[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded";
}

/** A plus is a blank, `%` needs two hex digits; other bytes stand for themselves. */
function decodePart(text: string): Buffer | null {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;
  const plain = text
    .replaceAll("+", " ")
    .replace(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(plain, "latin1");
}

function readUtf8(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return isUtf8(bytes) ? text : text.replaceAll("\uFFFD", "");
}
