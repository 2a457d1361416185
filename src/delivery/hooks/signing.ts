import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { decodeBase64, hmacBase64, hmacHex } from "../../tools/signatures.ts";

/** How webhooks prove where they come from: the Standard Webhooks headers, and `X-MAC-Signature`. */

/** A secret of an endpoint that signs now. */
export interface LiveSecret {
  kind: "symmetric" | "ed25519";
  /** As the owner knows it: `whsec_…`, `whsk_…`, or a text of their own. */
  text: string;
}

export interface SignedRequest {
  /** `webhook-id`: the same on every try. */
  id: string;
  /** Unix seconds of this try. */
  seconds: number;
  body: Buffer;
}

/**
 * The headers that sign a request, empty without a secret.
 *
 * @param secrets newest first; all of them sign `webhook-signature`. `X-MAC-Signature` can hold one: it stays with
 * the oldest until that one ends.
 * @param signing which versions of Standard Webhooks are wanted
 * @param mac whether `X-MAC-Signature` is wanted; a secret that is no `whsec_` and base64 can do nothing else
 */
export function signatureHeaders(
  request: SignedRequest,
  secrets: readonly LiveSecret[],
  signing: "v1" | "v1a" | "both",
  mac: boolean,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const entries = secrets.flatMap((secret) => standardEntry(request, secret, signing));
  if (entries.length > 0) {
    headers["webhook-id"] = request.id;
    headers["webhook-timestamp"] = String(request.seconds);
    headers["webhook-signature"] = entries.join(" ");
  }
  const oldest = secrets.findLast((secret) => secret.kind === "symmetric");
  if (oldest && (mac || entries.length === 0)) {
    headers["x-mac-signature"] = `sha256=${hmacHex("sha256", oldest.text, request.body)}`;
  }
  return headers;
}

function standardEntry(request: SignedRequest, secret: LiveSecret, signing: "v1" | "v1a" | "both"): string[] {
  const signed = [`${request.id}.${request.seconds}.`, request.body] as const;
  if (secret.kind === "symmetric") {
    const key = signing === "v1a" ? null : symmetricKey(secret.text);
    return key === null ? [] : [`v1,${hmacBase64("sha256", key, ...signed)}`];
  }
  if (signing === "v1") return [];
  const bytes = Buffer.concat(signed.map((part) => Buffer.from(part)));
  return [`v1a,${sign(null, bytes, ed25519Key(secret.text)).toString("base64")}`];
}

/** The bytes behind `whsec_`; null for a text that is no such secret. */
function symmetricKey(text: string): Buffer | null {
  return text.startsWith("whsec_") ? decodeBase64(text.slice("whsec_".length)) : null;
}

const keys = new Map<string, KeyObject>();
const MOST_KEYS = 1_000;

/** `whsk_` + base64 of the seed, or of seed and public key. */
function ed25519Key(text: string): KeyObject {
  const known = keys.get(text);
  if (known) return known;
  const key = readEd25519(text);
  if (!key) throw new Error("not an Ed25519 secret");
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(text, key);
  return key;
}

/** PKCS #8 of an Ed25519 key, up to the 32 bytes of its seed: RFC 8410. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The private key of a `whsk_` text; null for anything else. With 64 bytes the second half must fit the first. */
export function readEd25519(text: string): KeyObject | null {
  const bytes = text.startsWith("whsk_") ? decodeBase64(text.slice("whsk_".length)) : null;
  if (bytes === null || (bytes.length !== 32 && bytes.length !== 64)) return null;
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, bytes.subarray(0, 32)]),
    format: "der",
    type: "pkcs8",
  });
  const { x } = key.export({ format: "jwk" });
  const fits = bytes.length === 32 || bytes.subarray(32).equals(Buffer.from(x ?? "", "base64url"));
  return fits ? key : null;
}

/** What a receiver checks `v1a` with: `whpk_` + base64 of 32 bytes. */
export function publicKeyOf(secretText: string): string | null {
  const { x } = readEd25519(secretText)?.export({ format: "jwk" }) ?? {};
  return x === undefined ? null : `whpk_${Buffer.from(x, "base64url").toString("base64")}`;
}
