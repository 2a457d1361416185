import type { FormField } from "../../tools/form-body.ts";
import { isFormType, readForm, readQuery, sortedFields, withoutQuery } from "../../tools/form-body.ts";
import { readText } from "../../tools/json-body.ts";
import { decodeBase64, hmac, oneHeader, sameBytes } from "../../tools/signatures.ts";
import type { ChannelSettings, DoorRequest, Verdict } from "../types.ts";

/**
 * Version 3 signs address, query and form; version 2 only the address without its query. Where any part of
 * version 3 stands in the request, version 3 alone decides. The MA headers are made with the token of the main
 * account, so that a channel of a subaccount may be set up with either token.
 */
const V3 = ["x-plivo-signature-v3", "x-plivo-signature-ma-v3"];
const V3_NONCE = "x-plivo-signature-v3-nonce";
const V2 = ["x-plivo-signature-v2", "x-plivo-signature-ma-v2"];
const V2_NONCE = "x-plivo-signature-v2-nonce";

/** A header may list one signature per token that is valid at the time. */
const MAX_SIGNATURES = 10;

export function verifyPlivo(request: DoorRequest, settings: ChannelSettings): Verdict {
  const key = readText(settings.authToken);
  if (key === null) return refuse("no_auth_token", "Plivo's Auth Token is not set, nothing can be verified");
  const version3 = [...V3, V3_NONCE].some((name) => request.headers[name] !== undefined);
  const given = signatures(request, version3 ? V3 : V2);
  const nonce = oneHeader(request.headers, version3 ? V3_NONCE : V2_NONCE);
  if (given.length === 0 || nonce === null) {
    return refuse(
      "missing_signature",
      "Plivo webhook without X-Plivo-Signature-V3 or -V2, or without its nonce",
    );
  }
  const signed = version3 ? signedByVersion3(request, nonce) : [withoutQuery(request.url), nonce];
  if (signed === null) return refuse("unsigned_body", "Plivo webhook refused: its body is no form");
  const expected = hmac("sha256", key, ...signed);
  // Every one is looked at, so that the time taken does not tell which was right.
  const matches = given.filter((signature) => sameBytes(decodeBase64(signature), expected));
  if (matches.length > 0) return { genuine: true, once: noncesOf(request) };
  const hint = "check PUBLIC_URL and the Auth Token";
  return refuse(
    "bad_signature",
    `Plivo webhook with a wrong signature, version ${version3 ? 3 : 2} (${hint})`,
  );
}

function refuse(reason: string, log: string): Verdict {
  return { genuine: false, reason, log };
}

/**
 * Both of a request that is signed twice: without its version 3 the rest would prove any body, for version 2
 * signs none.
 */
function noncesOf({ headers }: DoorRequest): string[] {
  return [V3_NONCE, V2_NONCE].flatMap((name) => oneHeader(headers, name) ?? []);
}

function signatures(request: DoorRequest, names: string[]): string[] {
  const lists = names.flatMap((name) => oneHeader(request.headers, name)?.split(",") ?? []);
  return lists
    .map((signature) => signature.trim())
    .filter((signature) => signature !== "")
    .slice(0, MAX_SIGNATURES);
}

/** Null when there is a body that the signature does not cover. */
function signedByVersion3(request: DoorRequest, nonce: string): Buffer[] | null {
  const { method, url, rawBody } = request;
  const query = readQuery(url);
  if (query === null || (method !== "GET" && method !== "POST")) return null;
  if (rawBody.length > 0) {
    const isForm = method === "POST" && isFormType(oneHeader(request.headers, "content-type"));
    if (!isForm) return null;
  }
  const form = readForm(rawBody);
  if (form === null) return null;
  const parts = [text(withoutQuery(url))];
  if (query.length > 0 || form.length > 0) parts.push(text("?"), ...queryBytes(query));
  if (query.length > 0 && form.length > 0) parts.push(text("."));
  for (const { name, bytes } of sortedFields(form)) parts.push(text(name), bytes);
  return [Buffer.concat([...parts, text("."), text(nonce)])];
}

function queryBytes(query: FormField[]): Buffer[] {
  return sortedFields(query).flatMap(({ name, bytes }, index) => [
    text(`${index === 0 ? "" : "&"}${name}=`),
    bytes,
  ]);
}

function text(value: string): Buffer {
  return Buffer.from(value, "utf8");
}
