import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { isFormType, readForm, readQuery } from "../../tools/form-body.ts";
import { oneHeader } from "../../tools/signatures.ts";
import type { DoorRequest } from "../types.ts";

/** What a request says, by name. Of a repeated field the first counts. */
export type Fields = ReadonlyMap<string, string>;

/** The form of a POST, the query of a GET; null when it cannot be read. */
export function readFields(request: DoorRequest): Fields | null {
  const fields = request.method === "GET" ? readQuery(request.url) : readPosted(request);
  if (fields === null) return null;
  const first = new Map<string, string>();
  for (const { name, value } of fields) if (!first.has(name)) first.set(name, cleanText(value));
  return first;
}

function readPosted(request: DoorRequest): { name: string; value: string }[] | null {
  return isFormType(oneHeader(request.headers, "content-type")) ? readForm(request.rawBody) : null;
}

/** A field that holds more than blanks, without those around it. */
export function textOf(fields: Fields, name: string): string | null {
  const text = fields.get(name)?.trim() ?? "";
  return text === "" ? null : text;
}

/** Plivo writes full international digits without the plus; short codes and names stay as they are. */
export function readPhone(text: string, country: string): string {
  return /^[1-9]\d{8,14}$/.test(text) ? `+${text}` : normalisePhone(text, country);
}
