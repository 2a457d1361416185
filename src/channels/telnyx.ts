import { createPublicKey, type KeyObject, verify as verifySignature } from "node:crypto";
import { readText } from "../tools/json-body.ts";
import { decodeBase64, isFreshSeconds, oneHeader } from "../tools/signatures.ts";
import { parseEvent } from "./telnyx-parts/events.ts";
import { DEFAULT_API_URL, NOT_CONFIGURED, probeAccount, sendText } from "./telnyx-parts/send.ts";
import type { ChannelProvider, ChannelSettings, DoorRequest, SettingField, SettingIssue } from "./types.ts";

/**
 * Telnyx (telnyx.com), API v2. Texts and receipts come to one address, signed with the account's Ed25519 key over
 * the timestamp and the raw body.
 */
const WINDOW_SECONDS = 300;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const NO_PUBLIC_KEY = "No public key configured for Telnyx webhook validation";
const BAD_PUBLIC_KEY = "The public key is 32 bytes in Base64, 44 characters with = at the end";

const settings: SettingField[] = [
  {
    key: "apiKey",
    label: "API Key",
    help: "Mission Control Portal: Keys & Credentials > API Keys > Create API Key (v2).",
    type: "text",
    required: true,
    secret: true,
    example: "KEY0123456789ABCDEF0123456789ABCDEF",
  },
  {
    key: "publicKey",
    label: "Public Key",
    help: "Mission Control Portal: Keys & Credentials > Public Key. It proves that webhooks come from Telnyx. While it is being changed, two may stand here, separated by a comma.",
    type: "text",
    required: true,
    secret: false,
    proves: true,
    example: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  },
  {
    key: "messagingProfileId",
    label: "Messaging Profile ID",
    help: "Messaging > Programmable Messaging: needed when texts leave under a name (alphanumeric sender).",
    type: "text",
    required: false,
    secret: false,
    example: "0f512bda-ae1e-4597-8e11-e5f5686b97d3",
    advanced: true,
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Telnyx's API; another one for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "telnyx",
  title: "Telnyx",
  settings,
  doors: [
    {
      kind: "inbound",
      help: 'Telnyx Mission Control Portal: Messaging > Programmable Messaging > your messaging profile > Inbound > "Send a webhook to this URL", Webhook API version 2, then Save. Receipts come to the same address by themselves.',
    },
  ],
  // 50 texts a second for an account; slower numbers are queued by Telnyx for up to four hours.
  pacePerRouteMs: 20,
  concurrency: 16,
  idempotentSend: false,
  // HELP only where a text for it was written at Telnyx.
  answersConsent: ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "start", "unstop"],
  maxSegments: 10,
  alphabet: "telnyx",
  shortCodeAlphabet: "ascii",
  sendsMedia: { most: 10 },
  // The links carry their own proof.
  mediaHosts: ["*.telnyx.com", "*.telnyxcloudstorage.com"],
  check: checkSettings,

  verify(request, channelSettings) {
    const keys = publicKeys(channelSettings);
    if (keys === null || keys.length === 0) {
      return { genuine: false, reason: "no_public_key", log: NO_PUBLIC_KEY };
    }
    const problem = signatureProblem(request, keys);
    if (problem === null) return { genuine: true };
    return {
      genuine: false,
      reason: problem,
      log: `Telnyx webhook refused: ${problem.replaceAll("_", " ")}`,
    };
  },

  parse: parseEvent,
  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),
  send: sendText,
  probe: probeAccount,
};

function signatureProblem(request: DoorRequest, keys: KeyObject[]): string | null {
  const timestamp = oneHeader(request.headers, "telnyx-timestamp");
  const given = oneHeader(request.headers, "telnyx-signature-ed25519");
  if (timestamp === null || given === null) return "missing_signature";
  if (!isFreshSeconds(timestamp, request.receivedAt, WINDOW_SECONDS)) return "stale_timestamp";
  const signature = decodeBase64(given);
  if (signature?.length !== SIGNATURE_BYTES) return "bad_signature";
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), request.rawBody]);
  return keys.some((key) => verifySignature(null, signed, key, signature)) ? null : "bad_signature";
}

// Settings objects live as long as the channel is not edited, so each key is imported once.
const imported = new WeakMap<ChannelSettings, KeyObject[]>();

/** Null when one of them is no key: then nothing is believed, instead of only the rest. */
function publicKeys(values: ChannelSettings): KeyObject[] | null {
  const known = imported.get(values);
  if (known) return known;
  const keys: KeyObject[] = [];
  for (const text of (readText(values.publicKey) ?? "").split(/[\s,]+/)) {
    if (text === "") continue;
    const bytes = decodeBase64(text);
    if (bytes?.length !== KEY_BYTES) return null;
    const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
    keys.push(createPublicKey({ key: jwk, format: "jwk" }));
  }
  imported.set(values, keys);
  return keys;
}

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const apiKey = readText(values.apiKey);
  if (apiKey === null) issues.push({ path: "apiKey", message: NOT_CONFIGURED });
  else if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    issues.push({ path: "apiKey", message: "The key holds blanks or characters no key has" });
  }
  const keys = publicKeys({ publicKey: values.publicKey });
  if (keys === null) issues.push({ path: "publicKey", message: BAD_PUBLIC_KEY });
  else if (keys.length === 0) issues.push({ path: "publicKey", message: NO_PUBLIC_KEY });
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
