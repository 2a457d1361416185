import type { SignedHeaders, VerifyOptions, WebhookFault } from "signalbox/client";
import { verifySignature, verifyWebhook, WebhookVerificationError } from "signalbox/client";
import { describe, expect, test } from "vitest";
import { signMac, signStandard, standardHeaders } from "./signer.ts";
import { MAC, OTHER_SECRET, PRIVATE_KEY, PUBLIC_KEY, ROTATED, SECRET, STANDARD, V1, V7 } from "./vectors.ts";

const NOW = Number(V1.timestamp) * 1000;
const at = { now: NOW };
const GENUINE = standardHeaders(V1, V1.signature);
const MAC_OF_V1 = { "X-MAC-Signature": signMac(SECRET, V1.body) };

interface Tried {
  body?: unknown;
  headers?: SignedHeaders;
  secret?: unknown;
  options?: VerifyOptions;
}

function tried({ body = V1.body, headers = GENUINE, secret = SECRET, options = at }: Tried): unknown {
  return verifyWebhook(body as string, headers, secret as string, options);
}

function faultOf(what: Tried): WebhookFault | "passed" {
  try {
    tried(what);
    return "passed";
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return error.code;
  }
}

const signedWith = (...list: string[]) => standardHeaders(V1, list.join(" "));
const stamped = (timestamp: string) =>
  standardHeaders({ ...V1, timestamp }, signStandard(SECRET, { ...V1, timestamp }));

describe("public vectors", () => {
  test.each(STANDARD)("$name", ({ secret, id, timestamp, body, signature }) => {
    const checked = verifySignature(body, standardHeaders({ id, timestamp }, signature), secret, {
      now: Number(timestamp) * 1000,
    });
    const date = new Date(Number(timestamp) * 1000);
    expect(checked).toEqual({ scheme: "standard-webhooks", id, timestamp: date });
  });

  test.each(MAC)("$name", ({ secret, body, signature }) => {
    const checked = verifySignature(body, { "x-mac-signature": signature }, secret);
    expect(checked).toEqual({ scheme: "x-mac-signature", id: null, timestamp: null });
  });

  test("our signer makes them too", () => {
    for (const vector of STANDARD) {
      const secret = vector.secret === PUBLIC_KEY ? PRIVATE_KEY : vector.secret;
      expect(signStandard(secret, vector)).toBe(vector.signature);
    }
  });
});

describe("passes", () => {
  test.each<[string, Tried]>([
    ["text and bytes", { body: Buffer.from(V1.body) }],
    ["bytes inside of a larger buffer", { body: Buffer.from(`__${V1.body}__`).subarray(2, -2) }],
    ["Headers", { headers: new Headers(GENUINE) }],
    ["a Map", { headers: new Map(Object.entries(GENUINE)) }],
    ["names in any case", { headers: upperCased(GENUINE) }],
    ["values in lists", { headers: inLists(GENUINE) }],
    ["a secret without its prefix", { secret: SECRET.replace("whsec_", "") }],
    ["300 s old", { options: { now: NOW + 300_999 } }],
    ["300 s early", { options: { now: new Date(NOW - 300_000) } }],
    ["older, when that is allowed", { options: { now: NOW + 900_000, toleranceSeconds: 900 } }],
    [
      "wrong ones, unknown ones, the right one, a wrong one",
      { headers: signedWith(ROTATED, "v2,abc", V1.signature, ROTATED) },
    ],
    ["two live secrets at the sender", { headers: signedWith(V1.signature, ROTATED), secret: OTHER_SECRET }],
    ["two live secrets here", { secret: [OTHER_SECRET, SECRET] }],
    ["a shared secret beside a public key", { secret: [PUBLIC_KEY, SECRET] }],
    [
      "a public key beside a shared secret",
      { headers: signedWith(V7.signature), secret: [OTHER_SECRET, PUBLIC_KEY] },
    ],
    ["X-MAC-Signature alone, however old", { headers: MAC_OF_V1, options: {} }],
    ["X-MAC-Signature with several secrets", { headers: MAC_OF_V1, secret: [OTHER_SECRET, SECRET] }],
    ["both kinds of headers", { headers: { ...GENUINE, ...MAC_OF_V1 } }],
    ["a wrong X-MAC-Signature beside", { headers: { ...GENUINE, "X-MAC-Signature": "sha256=00" } }],
  ])("%s", (_name, what) => {
    expect(tried(what)).toEqual({ test: 2432232314 });
  });
});

describe("is refused", () => {
  const longAgo = { now: NOW + 86_400_000 };
  test.each<[WebhookFault, string, Tried]>([
    ["missing_header", "nothing signed", { headers: {} }],
    ["missing_header", "no id", { headers: without("webhook-id") }],
    ["missing_header", "no timestamp", { headers: without("webhook-timestamp") }],
    ["missing_header", "no signature", { headers: without("webhook-signature") }],
    ["missing_header", "an empty id", { headers: { ...GENUINE, "webhook-id": "" } }],
    ["missing_header", "an empty timestamp", { headers: stamped("") }],
    ["missing_header", "X-MAC-Signature beside half of the others", { headers: half() }],
    [
      "missing_header",
      "X-MAC-Signature where a time is required",
      { headers: MAC_OF_V1, options: { requireTimestamp: true } },
    ],
    ["malformed_header", "a timestamp that is a word", { headers: stamped("hello") }],
    ["malformed_header", "a timestamp with letters behind", { headers: stamped("1614265330abc") }],
    ["malformed_header", "a timestamp with a fraction", { headers: stamped("1614265330.5") }],
    ["malformed_header", "a timestamp with a sign", { headers: stamped("+1614265330") }],
    ["malformed_header", "a timestamp in other digits", { headers: stamped("１６１４２６５３３０") }],
    ["malformed_header", "two timestamps", { headers: { ...GENUINE, "Webhook-Timestamp": V1.timestamp } }],
    ["malformed_header", "the same bytes split elsewhere", { headers: splitElsewhere(), body: '0,"b"]' }],
    ["malformed_header", "X-MAC-Signature cut short", { headers: cutMac() }],
    ["malformed_header", "X-MAC-Signature of another kind", { headers: macOf("sha1=") }],
    ["too_old", "301 s old", { options: { now: NOW + 301_000 } }],
    ["too_new", "301 s early", { options: { now: NOW - 300_001 } }],
    ["too_old", "old, with a fresh-looking X-MAC-Signature", { headers: both(), options: longAgo }],
    ["too_new", "a tolerance that is no number", { options: { now: NOW, toleranceSeconds: Number.NaN } }],
    ["wrong_signature", "a version without a signature", { headers: signedWith("v1,") }],
    ["wrong_signature", "a signature cut short", { headers: signedWith(V1.signature.slice(0, -5)) }],
    ["wrong_signature", "a signature with more behind", { headers: signedWith(`${V1.signature},x`) }],
    ["wrong_signature", "only unknown versions", { headers: signedWith(V1.signature.replace("v1", "v2")) }],
    ["wrong_signature", "no version", { headers: signedWith(V1.signature.replace("v1,", "")) }],
    ["wrong_signature", "one changed byte", { body: V1.body.replace("4", "5") }],
    ["wrong_signature", "another id", { headers: { ...GENUINE, "webhook-id": "msg_2" } }],
    ["wrong_signature", "another time", { headers: { ...GENUINE, "webhook-timestamp": "1614265331" } }],
    ["wrong_signature", "another secret", { secret: OTHER_SECRET }],
    ["wrong_signature", "the whole secret text as key", { headers: signedWith(wholeText()) }],
    ["wrong_signature", "Ed25519 of other content", { ...ed25519(), body: "{}" }],
    ["wrong_signature", "Ed25519 cut short", { ...ed25519(), headers: signedWith("v1a,aGk=") }],
    [
      "wrong_signature",
      "one changed byte under X-MAC-Signature",
      { headers: MAC_OF_V1, body: `${V1.body} ` },
    ],
    [
      "wrong_signature",
      "the decoded bytes as key of X-MAC-Signature",
      { headers: { "x-mac-signature": signMac(Buffer.from(SECRET.slice(6), "base64"), V1.body) } },
    ],
    ["bad_secret", "no secret", { secret: "" }],
    ["bad_secret", "a secret that is not there", { secret: null }],
    ["bad_secret", "an empty list", { secret: [] }],
    ["bad_secret", "a bare prefix", { secret: "whsec_" }],
    ["bad_secret", "an empty secret beside a good one", { secret: [SECRET, ""] }],
    ["bad_secret", "a secret that is no base64", { secret: "whsec_It's a Secret" }],
    ["bad_secret", "the sender's private key", { ...ed25519(), secret: PRIVATE_KEY }],
    ["bad_secret", "a public key cut short", { ...ed25519(), secret: PUBLIC_KEY.slice(0, -4) }],
    [
      "bad_secret",
      "a public key as key of X-MAC-Signature: anybody can make that",
      { headers: { "x-mac-signature": signMac(PUBLIC_KEY, V1.body) }, secret: PUBLIC_KEY },
    ],
    ["body_not_raw", "a body that was parsed", { body: JSON.parse(V1.body) }],
    ["body_not_json", "a body that is no JSON", signedBody("hello")],
    ["body_not_json", "a body of broken text", signedBody(new Uint8Array([0x22, 0xff, 0x22]))],
  ])("%s: %s", (fault, _name, what) => {
    expect(faultOf(what)).toBe(fault);
  });

  test("says what to look at, and nothing secret", () => {
    expect(() => tried({ options: { now: NOW + 400_000 } })).toThrow("sent 400 s ago");
    expect(() => tried({ secret: "whsec_It's a Secret" })).toThrow(/^(?!.*It's)/);
  });
});

function without(name: string): Record<string, string> {
  const { [name]: _, ...others } = GENUINE;
  return others;
}

function half(): Record<string, string> {
  return { ...MAC_OF_V1, "webhook-id": V1.id };
}

function both(): Record<string, string> {
  return { ...GENUINE, ...MAC_OF_V1 };
}

function macOf(prefix: string): Record<string, string> {
  return { "x-mac-signature": MAC_OF_V1["X-MAC-Signature"].replace("sha256=", prefix) };
}

function cutMac(): Record<string, string> {
  return { "x-mac-signature": MAC_OF_V1["X-MAC-Signature"].slice(0, -2) };
}

/** Signed as id `msg_1` at V1's time with a body that begins with digits and a dot. */
function splitElsewhere(): Record<string, string> {
  const { timestamp } = V1;
  const signature = signStandard(SECRET, { id: "msg_1", timestamp, body: `${timestamp}.0,"b"]` });
  return standardHeaders({ id: `msg_1.${timestamp}`, timestamp }, signature);
}

function wholeText(): string {
  const whole = Buffer.from(SECRET).toString("base64");
  return signStandard(`whsec_${whole}`, V1);
}

function ed25519(): Tried {
  return { headers: signedWith(V7.signature), secret: PUBLIC_KEY };
}

function signedBody(body: string | Uint8Array): Tried {
  return { body, headers: standardHeaders(V1, signStandard(SECRET, { ...V1, body })) };
}

function upperCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}

function inLists(headers: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
