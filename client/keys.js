import { createPublicKey, verify } from "node:crypto";

/*
 * Secrets of Standard Webhooks: `whsec_` and base64 is a shared key, `whpk_` and base64 the public half of an Ed25519
 * pair, `whsk_` its private half, which only the sender has.
 */

/**
 * The bytes of a shared key, with or without its prefix; null when the text is something else.
 *
 * @param {string} secret
 * @returns {Buffer | null}
 */
export function hmacKeyOf(secret) {
  return isSymmetric(secret) ? decodeBase64(secret.replace(/^whsec_/, "")) : null;
}

/**
 * @param {string} secret
 * @returns {import("node:crypto").KeyObject | null}
 */
export function publicKeyOf(secret) {
  const bytes = secret.startsWith("whpk_") ? decodeBase64(secret.slice(5)) : null;
  if (bytes?.length !== 32) return null;
  const key = { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
  return createPublicKey({ key, format: "jwk" });
}

/** @param {string} secret */
export function isSymmetric(secret) {
  return !/^wh(pk|sk)_/.test(secret);
}

/**
 * @param {import("node:crypto").KeyObject} key
 * @param {Uint8Array} content
 * @param {Uint8Array} signature
 */
export function verifiesEd25519(key, content, signature) {
  return signature.length === 64 && verify(null, content, key, signature);
}

/**
 * Whole base64, its padding may be missing. Node skips what it does not know; writing it again shows that.
 *
 * @param {string} text
 * @returns {Buffer | null}
 */
export function decodeBase64(text) {
  const bytes = Buffer.from(text, "base64");
  const isWhole = bytes.length > 0 && bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return isWhole ? bytes : null;
}
