import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Proving that a request was signed by somebody who knows the secret. Signatures are compared as bytes, in
 * constant time; a text that is not exactly hex or Base64 is no signature at all. Whoever calls this has made sure
 * that the secret is not empty: a MAC with an empty key can be made by anybody.
 */
export type HashName = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

type Bytes = string | Uint8Array;

/** The MAC over the parts one after the other, texts as UTF-8. */
export function hmac(hash: HashName, key: Bytes, ...parts: Bytes[]): Buffer {
  const mac = createHmac(hash, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export function hmacHex(hash: HashName, key: Bytes, ...parts: Bytes[]): string {
  return hmac(hash, key, ...parts).toString("hex");
}

export function hmacBase64(hash: HashName, key: Bytes, ...parts: Bytes[]): string {
  return hmac(hash, key, ...parts).toString("base64");
}

/** The hash, without a key, over the parts one after the other. */
export function digest(hash: HashName, ...parts: Bytes[]): Buffer {
  const sum = createHash(hash);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

/** Whole bytes as hex digits of either case; null for anything else. */
export function decodeHex(text: string): Buffer | null {
  return text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, "hex") : null;
}

/**
 * Base64 with its padding and without blanks; null for anything else. Bits behind the last byte must be zero,
 * so that one signature has one spelling only.
 */
export function decodeBase64(text: string): Buffer | null {
  return decodeExactly(text, "base64");
}

/** The alphabet of JWT: `-` and `_`, no padding. */
export function decodeBase64Url(text: string): Buffer | null {
  return decodeExactly(text, "base64url");
}

function decodeExactly(text: string, encoding: "base64" | "base64url"): Buffer | null {
  if (text === "") return null;
  // Node reads both alphabets and skips what it does not know; writing it again shows whether anything was odd.
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === text ? bytes : null;
}

/** Unequal length is a mismatch. */
export function sameBytes(given: Uint8Array | null, expected: Uint8Array): boolean {
  return given !== null && given.length === expected.length && timingSafeEqual(given, expected);
}

/** Compares texts such as user names and passwords without telling how long the right one is. */
export function sameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest("sha256", given), digest("sha256", expected));
}

/** The one value of a header, by lower-case name; null when it is missing, empty or comes several times. */
export function oneHeader(
  headers: Record<string, string | string[] | undefined>,
  name: string,
): string | null {
  const value = headers[name];
  const one = Array.isArray(value) ? (value.length === 1 ? value[0] : undefined) : value;
  return one === undefined || one === "" ? null : one;
}

/**
 * Whether seconds since 1970, written in decimal digits, lie within `windowSeconds` of `at`, before or after it;
 * false for anything that is not such a number.
 */
export function isFreshSeconds(seconds: string, at: Date, windowSeconds: number): boolean {
  if (!/^\d{1,12}$/.test(seconds)) return false;
  return Math.abs(at.getTime() - Number(seconds) * 1000) <= windowSeconds * 1000;
}
