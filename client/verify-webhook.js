import { createHmac, timingSafeEqual } from "node:crypto";
import { WebhookVerificationError } from "./errors.js";
import { decodeBase64, hmacKeyOf, isSymmetric, publicKeyOf, verifiesEd25519 } from "./keys.js";

/** @import { SignedHeaders, VerifiedSignature, VerifyOptions } from "./index.js" */

/*
 * Two schemes. Standard Webhooks: `webhook-signature` is a list of `version,base64` over `id.timestamp.body`; one
 * match is enough and unknown versions are passed over, so that keys and versions can change. Mobile API Connect:
 * `X-MAC-Signature: sha256=<hex>` over the body alone. When any header of the first kind is there, it decides:
 * a request must not escape the check of its age by bringing the second kind too.
 */

const FIVE_MINUTES = 300;
/** A sender in the middle of changing keys needs a few; more would only cost us time. */
const MOST_SIGNATURES = 20;
const HMAC_BYTES = 32;

/**
 * Checks the signature and reads the body.
 *
 * @param {string | Uint8Array} rawBody the body as it came, before any parsing
 * @param {SignedHeaders} headers
 * @param {string | readonly string[]} secret several while they are being changed
 * @param {VerifyOptions} [options]
 * @returns {any}
 */
export function verifyWebhook(rawBody, headers, secret, options) {
  verifySignature(rawBody, headers, secret, options);
  try {
    const isText = typeof rawBody === "string";
    return JSON.parse(isText ? rawBody : new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch {
    throw new WebhookVerificationError("body_not_json", "The signature is right, but the body is not JSON.");
  }
}

/**
 * Checks the signature only, whatever the body is.
 *
 * @param {string | Uint8Array} rawBody
 * @param {SignedHeaders} headers
 * @param {string | readonly string[]} secret
 * @param {VerifyOptions} [options]
 * @returns {VerifiedSignature}
 */
export function verifySignature(rawBody, headers, secret, options = {}) {
  const body = bytesOf(rawBody);
  const secrets = checkedSecrets(secret);
  const id = oneHeader(headers, "webhook-id");
  const timestamp = oneHeader(headers, "webhook-timestamp");
  const signatures = oneHeader(headers, "webhook-signature");
  if (id === null && timestamp === null && signatures === null) {
    return verifyMac(body, oneHeader(headers, "x-mac-signature"), secrets, options);
  }
  if (!id || !timestamp || !signatures) {
    throw new WebhookVerificationError(
      "missing_header",
      "webhook-id, webhook-timestamp and webhook-signature belong together, and one is missing.",
    );
  }
  // With a dot in it, another split of the same signed bytes would be possible.
  if (id.includes(".")) throw new WebhookVerificationError("malformed_header", "webhook-id holds a dot.");
  const seconds = checkedAge(timestamp, options);
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  checkSignatures(content, signatures, secrets);
  return { scheme: "standard-webhooks", id, timestamp: new Date(seconds * 1000) };
}

/**
 * @param {Buffer} content
 * @param {string} list
 * @param {string[]} secrets
 */
function checkSignatures(content, list, secrets) {
  const hmacKeys = secrets.flatMap((secret) => hmacKeyOf(secret) ?? []);
  const publicKeys = secrets.flatMap((secret) => publicKeyOf(secret) ?? []);
  if (hmacKeys.length + publicKeys.length === 0) {
    throw new WebhookVerificationError(
      "bad_secret",
      "The secret is neither whsec_ and base64 nor whpk_ and base64, as these signatures need.",
    );
  }
  const expected = hmacKeys.map((key) => createHmac("sha256", key).update(content).digest());
  const isRight = list
    .split(" ", MOST_SIGNATURES)
    .some((entry) => matches(entry, content, expected, publicKeys));
  if (!isRight) throw mismatch();
}

/**
 * @param {string} entry `version,base64`
 * @param {Buffer} content
 * @param {Buffer[]} expected
 * @param {import("node:crypto").KeyObject[]} publicKeys
 */
function matches(entry, content, expected, publicKeys) {
  const comma = entry.indexOf(",");
  const version = entry.slice(0, Math.max(comma, 0));
  const given = decodeBase64(entry.slice(comma + 1));
  if (given === null) return false;
  if (version === "v1") return expected.some((one) => sameBytes(given, one));
  if (version === "v1a") return publicKeys.some((key) => verifiesEd25519(key, content, given));
  return false;
}

/**
 * @param {Buffer} body
 * @param {string | null} header
 * @param {string[]} secrets
 * @param {VerifyOptions} options
 * @returns {VerifiedSignature}
 */
function verifyMac(body, header, secrets, { requireTimestamp = false }) {
  if (header === null || requireTimestamp) {
    throw new WebhookVerificationError("missing_header", "The headers of a signed webhook are missing.");
  }
  // The other kinds of keys are known to others, or not meant for this: anybody could sign with a public key.
  const keys = secrets.filter(isSymmetric);
  if (keys.length === 0) {
    throw new WebhookVerificationError("bad_secret", "X-MAC-Signature needs a shared secret.");
  }
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(header) ?? [];
  if (hex === undefined) {
    throw new WebhookVerificationError(
      "malformed_header",
      "X-MAC-Signature is not sha256= and 64 hex digits.",
    );
  }
  const given = Buffer.from(hex, "hex");
  const isRight = keys.some((key) => sameBytes(given, createHmac("sha256", key).update(body).digest()));
  if (!isRight) throw mismatch();
  return { scheme: "x-mac-signature", id: null, timestamp: null };
}

/**
 * @param {string} timestamp
 * @param {VerifyOptions} options
 */
function checkedAge(timestamp, { now = Date.now(), toleranceSeconds = FIVE_MINUTES }) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError("malformed_header", "webhook-timestamp is not whole seconds.");
  }
  const seconds = Number(timestamp);
  const age = Math.floor(Number(now) / 1000) - seconds;
  // Written so that a `now` or a tolerance that is no number refuses.
  if (Math.abs(age) <= toleranceSeconds) return seconds;
  throw age > 0
    ? new WebhookVerificationError("too_old", `The webhook was sent ${age} s ago.`)
    : new WebhookVerificationError("too_new", `The webhook claims to be sent ${-age} s from now.`);
}

/**
 * An empty secret is refused, not passed over: with it anybody could sign.
 *
 * @param {string | readonly string[]} secret
 */
function checkedSecrets(secret) {
  const secrets = typeof secret === "string" ? [secret] : [...(secret ?? [])];
  const areGiven = secrets.every((one) => typeof one === "string" && !/^(wh(sec|pk|sk)_)?$/.test(one));
  if (secrets.length > 0 && areGiven) return secrets;
  throw new WebhookVerificationError("bad_secret", "The secret is missing or empty.");
}

/**
 * @param {unknown} rawBody
 * @returns {Buffer}
 */
function bytesOf(rawBody) {
  if (typeof rawBody === "string") return Buffer.from(rawBody);
  if (rawBody instanceof Uint8Array) {
    return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength);
  }
  throw new WebhookVerificationError(
    "body_not_raw",
    "The body must be the text or the bytes as they came; what was parsed cannot be checked any more.",
  );
}

/**
 * The value of a header, whatever the case of its name; null when it is not there. A name that comes several times
 * gives its values with commas between, as HTTP has it, and fails the checks that follow.
 *
 * @param {SignedHeaders} headers
 * @param {string} name in lower case
 * @returns {string | null}
 */
function oneHeader(headers, name) {
  const pairs = isIterable(headers) ? [...headers] : Object.entries(headers);
  const values = pairs.flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));
  return values.length === 0 ? null : values.join(", ");
}

/**
 * @param {SignedHeaders} headers
 * @returns {headers is Iterable<[string, string]>}
 */
function isIterable(headers) {
  return Symbol.iterator in headers;
}

/**
 * @param {Uint8Array} given
 * @param {Uint8Array} expected
 */
function sameBytes(given, expected) {
  return given.length === HMAC_BYTES && timingSafeEqual(given, expected);
}

function mismatch() {
  return new WebhookVerificationError("wrong_signature", "No signature fits the body and the secret.");
}
