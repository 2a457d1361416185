import { readText } from "../tools/json-body.ts";
import { decodeBase64, hmac, isFreshSeconds, oneHeader, sameBytes } from "../tools/signatures.ts";
import { parseCallback } from "./sinch-parts/callbacks.ts";
import { DEFAULT_API_URL, NOT_CONFIGURED, probeAccount, sendText } from "./sinch-parts/send.ts";
import type {
  ChannelProvider,
  ChannelSettings,
  DoorRequest,
  SettingField,
  SettingIssue,
  Verdict,
} from "./types.ts";

/**
 * Sinch SMS (sinch.com), the XMS REST API. Texts and receipts come to one address, signed with HMAC-SHA256 over
 * body, nonce and timestamp. Sinch never repeats a callback that was answered with a 4xx other than 429.
 */
const WINDOW_SECONDS = 300;
const SIGNATURE = "x-sinch-webhook-signature";
const NO_SECRET = "No webhook secret configured for Sinch webhook validation";

const settings: SettingField[] = [
  {
    key: "servicePlanId",
    label: "Service Plan ID",
    help: "Sinch Build Dashboard: SMS > APIs > REST configuration.",
    type: "text",
    required: true,
    secret: false,
    example: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
  },
  {
    key: "apiToken",
    label: "API Token",
    help: "Stands beside the service plan ID.",
    type: "text",
    required: true,
    secret: true,
    example: "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
  },
  {
    key: "webhookSecret",
    label: "Webhook Secret",
    help: "Signing of callbacks is off until Sinch turns it on: ask your account manager for callbacks signed with HMAC and agree on a secret.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "SMSWebhooksSecret",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "The region of the service plan: us, eu, au, br or ca in front of .sms.api.sinch.com.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "sinch",
  title: "Sinch",
  settings,
  doors: [
    {
      kind: "inbound",
      help: "Sinch Build Dashboard: SMS > APIs > your service plan > Callback URLs > Add callback URL, then Save. Receipts come to the same address by themselves.",
    },
  ],
  pacePerRouteMs: null,
  concurrency: 8,
  idempotentSend: false,
  // A body may hold 2,000 characters.
  maxSegments: 13,
  mediaHosts: ["*.sinch.com"],
  check: checkSettings,

  verify(request, channelSettings) {
    const secret = secretOf(channelSettings);
    if (secret === "") return { genuine: false, reason: "no_webhook_secret", log: NO_SECRET };
    return judge(request, secret);
  },

  parse: parseCallback,
  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),
  send: sendText,
  probe: probeAccount,
};

/** As it was typed, for blanks may belong to a secret; nothing but blanks is none. */
function secretOf(values: ChannelSettings): string {
  const secret = values.webhookSecret;
  return typeof secret === "string" && secret.trim() !== "" ? secret : "";
}

function judge(request: DoorRequest, secret: string): Verdict {
  const given = oneHeader(request.headers, SIGNATURE);
  const nonce = oneHeader(request.headers, `${SIGNATURE}-nonce`);
  const timestamp = oneHeader(request.headers, `${SIGNATURE}-timestamp`);
  const algorithm = oneHeader(request.headers, `${SIGNATURE}-algorithm`);
  if (given === null || nonce === null || timestamp === null || algorithm === null)
    return refuse("missing_signature");
  // Written HmacSHA256 in requests and HMAC-SHA256 in the manual.
  if (algorithm.replaceAll(/[^a-z0-9]/gi, "").toLowerCase() !== "hmacsha256")
    return refuse("unknown_algorithm");
  if (!isFreshSeconds(timestamp, request.receivedAt, WINDOW_SECONDS)) return refuse("stale_timestamp");
  const expected = hmac("sha256", secret, request.rawBody, `.${nonce}.${timestamp}`);
  return sameBytes(decodeBase64(given), expected)
    ? { genuine: true, once: [nonce] }
    : refuse("bad_signature");
}

function refuse(reason: string): Verdict {
  return { genuine: false, reason, log: `Sinch callback refused: ${reason.replaceAll("_", " ")}` };
}

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const plan = readText(values.servicePlanId);
  if (plan === null) issues.push({ path: "servicePlanId", message: NOT_CONFIGURED });
  else if (!/^[\w-]{1,128}$/.test(plan)) {
    issues.push({ path: "servicePlanId", message: "A service plan ID has letters, digits, _ and - only" });
  }
  const token = readText(values.apiToken);
  if (token === null) issues.push({ path: "apiToken", message: NOT_CONFIGURED });
  else if (!/^[\x21-\x7e]+$/.test(token)) {
    issues.push({ path: "apiToken", message: "The token holds blanks or characters no token has" });
  }
  if (secretOf(values) === "") issues.push({ path: "webhookSecret", message: NO_SECRET });
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
