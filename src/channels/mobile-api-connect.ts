import { readFields, readText } from "../tools/json-body.ts";
import { decodeHex, digest, hmac, oneHeader, sameBytes } from "../tools/signatures.ts";
import { ignored, parseState, parseText } from "./mobile-api-connect-parts/events.ts";
import { DEFAULT_API_URL, NO_KEY, probeAccount, sendText } from "./mobile-api-connect-parts/send.ts";
import type { ChannelProvider, ChannelSettings, SettingField, SettingIssue } from "./types.ts";

/**
 * Mobile API Connect (mobileapiconnect.com): an Android phone and its SIM behind a cloud API; another Signalbox
 * speaks the same way. All it posts is signed with one secret over the raw body, without a time.
 */
const SIGNATURE = "x-mac-signature";
const NO_SECRET = "No webhook secret configured for Mobile API Connect webhook validation";

const settings: SettingField[] = [
  {
    key: "apiKey",
    label: "API key",
    help: "Shown once when the phone is paired, and e-mailed.",
    type: "text",
    required: true,
    secret: true,
    example: "sk_live_4fT9xQ2mL8vB1nC6zR3yW7kD5hJ0pGsEaUoIbXqM",
  },
  {
    key: "webhookSecret",
    label: "Webhook secret",
    help: "The signing secret you received when the webhook was registered, whole, with whsec_ in front.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of the API with /v1; another one for another Signalbox or for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "mobile-api-connect",
  title: "Mobile API Connect",
  settings,
  doors: [
    {
      kind: "inbound",
      help: 'Mobile API Connect: portal > Webhooks > "Forward all inbound" (the same as Settings > "Forward all inbound", or "Connect your ERP" > "Forward URL" on the phone). Switch it on.',
    },
    {
      kind: "status",
      help: "Nothing to enter: each text carries this address as its delivery callback.",
    },
  ],
  pacePerRouteMs: null,
  concurrency: 4,
  idempotentSend: false,
  // 1600 characters at most; ten segments are never more.
  maxSegments: 10,
  check: checkSettings,

  /** The key is the whole secret as it was shown, `whsec_` included. */
  verify(request, channelSettings) {
    const secret = readText(channelSettings.webhookSecret);
    if (secret === null) return { genuine: false, reason: "no_secret", log: NO_SECRET };
    const header = oneHeader(request.headers, SIGNATURE);
    if (header === null) {
      return {
        genuine: false,
        reason: "no_signature",
        log: "Mobile API Connect webhook without X-MAC-Signature",
      };
    }
    const given = decodeHex(header.replace(/^sha256=/, ""));
    if (sameBytes(given, hmac("sha256", secret, request.rawBody))) return { genuine: true };
    return {
      genuine: false,
      reason: "wrong_signature",
      log: "Mobile API Connect webhook with a wrong signature",
    };
  },

  /** The event's name decides; states without one are told by the door. */
  parse(request, context) {
    const fields = readFields(request.rawBody);
    if (fields === null) return { ok: false, reason: "The body is not a JSON object" };
    const event = readText(fields.event);
    if (event === "message.received") return parseText(fields, request, context);
    if (event !== null && /^message\.(?:queued|sent|delivered|failed)$/.test(event)) {
      return parseState(fields, event, context);
    }
    if (event !== null) {
      const content = digest("sha256", request.rawBody).toString("hex");
      return ignored(`ignored:${content}`, `unknown event "${event.slice(0, 40)}"`);
    }
    if (request.kind === "status") return parseState(fields, null, context);
    return { ok: false, reason: "event is missing or not a text" };
  },

  acknowledge: () => ({ status: 200, contentType: "application/json", body: '{"status":"ok"}' }),
  send: sendText,
  probe: probeAccount,
};

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const missing = { apiKey: NO_KEY, webhookSecret: NO_SECRET };
  for (const [path, message] of Object.entries(missing)) {
    const value = readText(values[path]);
    if (value === null) issues.push({ path, message });
    else if (!/^[\x21-\x7e]+$/.test(value)) {
      issues.push({ path, message: "It holds blanks or characters that cannot belong to it" });
    }
  }
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
