import type { FormField } from "../../tools/form-body.ts";
import {
  fieldValue,
  isFormType,
  readForm,
  readQuery,
  sortedFields,
  withoutFragment,
} from "../../tools/form-body.ts";
import { readText } from "../../tools/json-body.ts";
import { decodeBase64, decodeHex, digest, hmac, oneHeader, sameBytes } from "../../tools/signatures.ts";
import type { ChannelSettings, DoorRequest, Verdict } from "../types.ts";

/**
 * Twilio signs the address as it was entered, then every field of a form, known or not. Bodies that are no form
 * are signed by their hash, which stands in the signed address as `bodySHA256`.
 */
const SIGNATURE = "x-twilio-signature";

export function verifyTwilio(request: DoorRequest, settings: ChannelSettings): Verdict {
  const key = readText(settings.authToken);
  if (key === null) return refuse("no_auth_token", "Twilio's Auth Token is not set, nothing can be verified");
  const header = oneHeader(request.headers, SIGNATURE);
  if (header === null) return refuse("missing_signature", "Twilio webhook without X-Twilio-Signature");
  const signature = decodeBase64(header);
  const signed = signedBody(request);
  if (typeof signed === "string") return refuse("unsigned_body", `Twilio webhook refused: ${signed}`);
  for (const address of addresses(request.url)) {
    if (sameBytes(signature, hmac("sha1", key, address, signed))) return { genuine: true };
  }
  const hint = "check PUBLIC_URL and the Auth Token";
  return refuse("bad_signature", `Twilio webhook with a wrong X-Twilio-Signature (${hint})`);
}

function refuse(reason: string, log: string): Verdict {
  return { genuine: false, reason, log };
}

/** What follows the address in the signed bytes; a text says why the body is not covered by any signature. */
function signedBody(request: DoorRequest): Buffer | string {
  const nothing = Buffer.alloc(0);
  const query = readQuery(request.url);
  const promised = query && fieldValue(query, "bodySHA256");
  if (promised !== null) {
    const matches = sameBytes(decodeHex(promised), digest("sha256", request.rawBody));
    return matches ? nothing : "the body does not match bodySHA256";
  }
  if (request.rawBody.length === 0) return nothing;
  if (request.method !== "POST") return "only POST may have a body";
  if (!isFormType(oneHeader(request.headers, "content-type"))) {
    return "the body is no form and its address has no bodySHA256";
  }
  const fields = readForm(request.rawBody);
  return fields === null ? "the form cannot be read" : signedFields(fields);
}

/** Keys in byte order with their values; equal values of one key once. */
function signedFields(fields: FormField[]): Buffer {
  const parts: Buffer[] = [];
  let last: FormField | null = null;
  for (const field of sortedFields(fields)) {
    if (last?.name === field.name && last.bytes.equals(field.bytes)) continue;
    parts.push(Buffer.from(field.name, "utf8"), field.bytes);
    last = field;
  }
  return Buffer.concat(parts);
}

/** The address as it is, then without its port or with the usual one: Twilio is not consistent about ports. */
function addresses(url: string): string[] {
  const exact = withoutFragment(url);
  const [, scheme, host, port, rest] = /^(https?:\/\/)([^/?]*?)(:\d+)?([/?].*)?$/s.exec(exact) ?? [];
  if (scheme === undefined || host === undefined) return [exact];
  const otherPort = port === undefined ? (scheme === "https://" ? ":443" : ":80") : "";
  return [exact, `${scheme}${host}${otherPort}${rest ?? ""}`];
}
