import { generateKeyPairSync, randomBytes, randomInt } from "node:crypto";
import { decodeBase64 } from "./signatures.ts";

/** Secrets that webhooks are signed with, in the text forms of Standard Webhooks. */

const SYMMETRIC_BYTES = 32;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
const LEAST_CHARACTERS = 8;

/** `whsec_` and 32 random bytes. */
export function newSymmetricSecret(): string {
  return `whsec_${randomBytes(SYMMETRIC_BYTES).toString("base64")}`;
}

/** `whsk_` and the 64 bytes of a new Ed25519 key: seed, then public key. */
export function newEd25519Secret(): string {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const bytes = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
  return `whsk_${bytes.toString("base64")}`;
}

/** What is wrong with a symmetric secret of the user's own; null = nothing. */
export function faultOfSecret(text: string): string | null {
  if (!text.startsWith("whsec_")) {
    return text.length >= LEAST_CHARACTERS ? null : `must have at least ${LEAST_CHARACTERS} characters`;
  }
  const bytes = decodeBase64(text.slice("whsec_".length));
  if (bytes !== null && bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) return null;
  return `after whsec_ there must be the Base64 of ${LEAST_BYTES} to ${MOST_BYTES} bytes`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** So many random letters and digits, 5.95 bits each. */
export function randomWord(length: number): string {
  let word = "";
  for (let i = 0; i < length; i++) word += ALPHABET[randomInt(ALPHABET.length)];
  return word;
}
