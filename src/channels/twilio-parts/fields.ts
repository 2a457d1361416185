import { cleanText } from "../../domain/sms-text.ts";
import { isFormType, readForm, readQuery } from "../../tools/form-body.ts";
import { type Fields as Json, readFields as readJson } from "../../tools/json-body.ts";
import { oneHeader } from "../../tools/signatures.ts";
import type { DoorRequest } from "../types.ts";

/** What a request says, by name. Of a repeated field the first counts. */
export type Fields = ReadonlyMap<string, string>;

/** Null when the body is neither a form nor a JSON object. */
export function readFields(request: DoorRequest): Fields | null {
  if (request.method === "GET") return firstOfEach(readQuery(request.url));
  if (isFormType(oneHeader(request.headers, "content-type"))) return firstOfEach(readForm(request.rawBody));
  const json = readJson(request.rawBody);
  return json === null ? null : firstOfEach(textsOf(json));
}

function textsOf(json: Json): { name: string; value: string }[] {
  return Object.entries(json).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" ? [{ name, value: String(value) }] : [],
  );
}

function firstOfEach(fields: { name: string; value: string }[] | null): Fields | null {
  if (fields === null) return null;
  const first = new Map<string, string>();
  for (const { name, value } of fields) if (!first.has(name)) first.set(name, cleanText(value));
  return first;
}

/** The first of these fields that holds more than blanks. */
export function textOf(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const text = fields.get(name)?.trim() ?? "";
    if (text !== "") return text;
  }
  return null;
}
