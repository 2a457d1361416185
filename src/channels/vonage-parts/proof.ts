import {
  type FormField,
  fieldValue,
  isFormType,
  readForm,
  readQuery,
  sortedFields,
} from "../../tools/form-body.ts";
import { type Fields, isFields, readFields, readJson, readText } from "../../tools/json-body.ts";
import {
  decodeBase64Url,
  decodeHex,
  digest,
  type HashName,
  hmac,
  isFreshSeconds,
  oneHeader,
  sameBytes,
  sameText,
} from "../../tools/signatures.ts";
import type { ChannelSettings, DoorRequest, Verdict } from "../types.ts";

/**
 * Two proofs made with one secret. The Messages API sends a JWT whose claims bind account, time and body; the older
 * SMS API sends `sig` among the parameters. Neither is a default for the other: what is there must be right.
 */
export const NO_SECRET = "No signature secret configured for Vonage webhook validation";

const WINDOW_SECONDS = 300;

export function verifyRequest(request: DoorRequest, settings: ChannelSettings): Verdict {
  const secret = readText(settings.signatureSecret);
  const apiKey = readText(settings.apiKey);
  if (secret === null || apiKey === null) return forged("no_secret", NO_SECRET);
  if (request.headers.authorization !== undefined) {
    // A token stands for a body and says nothing of a query.
    if (request.method === "GET") return forged("wrong_token", "Vonage webhook by GET with a token");
    const token = /^Bearer +([^\s]+)$/i.exec(oneHeader(request.headers, "authorization") ?? "")?.[1];
    return token === undefined
      ? forged("no_signature", "Vonage webhook with an Authorization header that holds no token")
      : verifyToken(token, request, secret, apiKey);
  }
  const fields = signedFields(request);
  const signature = fields === null ? null : fieldValue(fields, "sig");
  if (fields === null || signature === null) {
    return forged("no_signature", "Vonage webhook without a token or signed parameters");
  }
  return verifyParameters(fields, signature, request.receivedAt, secret);
}

/** All claims count: one token is good for one body, one account and five minutes. */
function verifyToken(token: string, request: DoorRequest, secret: string, apiKey: string): Verdict {
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  const header = readPart(head);
  if (more.length > 0 || header === null || header.alg !== "HS256" || header.crit !== undefined) {
    return forged("wrong_token", "Vonage webhook with a token that is not a JWT signed with HS256");
  }
  if (!sameBytes(decodeBase64Url(signature), hmac("sha256", secret, `${head}.${body}`))) {
    return forged("wrong_signature", "Vonage webhook with a token of another signature secret");
  }
  const claims = readPart(body);
  if (claims === null) return forged("wrong_token", "Vonage webhook with unreadable claims");
  if (typeof claims.api_key !== "string" || !sameText(claims.api_key, apiKey)) {
    return forged("wrong_account", "Vonage webhook of another API key");
  }
  const at = request.receivedAt;
  if (!isFresh(claims.iat, at) || isPast(claims.exp, at) || isFuture(claims.nbf, at)) {
    return forged("stale_timestamp", "Vonage webhook with a token issued more than 5 minutes from now");
  }
  const id = readText(claims.jti);
  if (id === null) return forged("wrong_token", "Vonage webhook with a token without an id");
  const hash = typeof claims.payload_hash === "string" ? decodeHex(claims.payload_hash) : null;
  if (sameBytes(hash, digest("sha256", request.rawBody))) return { genuine: true, once: [id] };
  return forged("wrong_body", "Vonage webhook whose body is not the one that was signed");
}

/** The method is chosen at Vonage; the length of the signature tells which hash it is. */
const HASHES = new Map<number, HashName>([
  [16, "md5"],
  [20, "sha1"],
  [32, "sha256"],
  [64, "sha512"],
]);

function verifyParameters(fields: FormField[], signature: string, at: Date, secret: string): Verdict {
  const names = fields.map((field) => field.name);
  // Names are signed as they are: one that held a separator could stand for two parameters.
  if (new Set(names).size !== names.length || names.some((name) => /[&=]/.test(name))) {
    return forged("wrong_signature", "Vonage webhook with a parameter that comes twice or is no name");
  }
  if (!isFreshSeconds(fieldValue(fields, "timestamp") ?? "", at, WINDOW_SECONDS)) {
    return forged("stale_timestamp", "Vonage webhook with a timestamp more than 5 minutes off");
  }
  const given = decodeHex(signature);
  const hash = HASHES.get(given?.length ?? 0);
  const signed = Buffer.concat(
    sortedFields(fields)
      .filter((field) => field.name !== "sig")
      .flatMap((field) => [Buffer.from(`&${field.name}=`), plainBytes(field.bytes)]),
  );
  const isRight =
    hash !== undefined &&
    (sameBytes(given, hmac(hash, secret, signed)) ||
      // The default method is no MAC: the secret stands behind the parameters.
      (hash === "md5" && sameBytes(given, digest("md5", signed, secret))));
  if (isRight) return { genuine: true };
  return forged("wrong_signature", "Vonage webhook with wrongly signed parameters");
}

/** `&` and `=` inside a value would look like the next parameter. */
function plainBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(/[&=]/g, "_"), "latin1");
}

/** The parameters of the SMS API: of the query, of a form, or of a flat JSON object. Null when they are none. */
export function signedFields(request: DoorRequest): FormField[] | null {
  if (request.method === "GET") return readQuery(request.url);
  if (isFormType(oneHeader(request.headers, "content-type"))) return readForm(request.rawBody);
  const body = readFields(request.rawBody);
  if (body === null) return null;
  const fields: FormField[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === null || typeof value === "object") return null;
    const text = String(value);
    fields.push({ name, value: text, bytes: Buffer.from(text) });
  }
  return fields;
}

function readPart(part: string): Fields | null {
  const bytes = decodeBase64Url(part);
  const value = bytes === null ? null : readJson(bytes.toString("utf8"));
  return isFields(value) ? value : null;
}

function isFresh(seconds: unknown, at: Date): boolean {
  return isSeconds(seconds) && isFreshSeconds(String(Math.floor(seconds)), at, WINDOW_SECONDS);
}

/** Claims that need not be there; once there they count, and one that is no number ends it. */
function isPast(seconds: unknown, at: Date): boolean {
  return seconds !== undefined && (!isSeconds(seconds) || seconds * 1000 < at.getTime());
}

function isFuture(seconds: unknown, at: Date): boolean {
  return seconds !== undefined && (!isSeconds(seconds) || (seconds - WINDOW_SECONDS) * 1000 > at.getTime());
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function forged(reason: string, log: string): Verdict {
  return { genuine: false, reason, log };
}
