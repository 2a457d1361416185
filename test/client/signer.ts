import type { KeyObject } from "node:crypto";
import { createHmac, createPrivateKey, sign } from "node:crypto";

/** Signs as the standards say, written apart from the client and the program: what the three must agree on. */

export interface Signable {
  id: string;
  /** Seconds since 1970, as written in the header. */
  timestamp: string;
  body: string | Uint8Array;
}

/** One entry of `webhook-signature`: `v1` for `whsec_`, `v1a` for `whsk_`. */
export function signStandard(secret: string, { id, timestamp, body }: Signable): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  if (secret.startsWith("whsk_")) {
    return `v1a,${sign(null, content, privateKey(secret)).toString("base64")}`;
  }
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
}

export function signMac(secret: string | Uint8Array, body: string | Uint8Array): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export function standardHeaders(
  { id, timestamp }: { id: string; timestamp: string },
  signature: string,
): Record<string, string> {
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
}

/** `whsk_`: seed and public key, one after the other. */
function privateKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret.replace("whsk_", ""), "base64");
  const [d = "", x = ""] = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) =>
    half.toString("base64url"),
  );
  return createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
}
