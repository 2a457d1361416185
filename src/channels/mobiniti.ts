import { type AddressList, canonicalAddress, listHolds, parseAddressList } from "../tools/address-list.ts";
import { bodyText, isFields, readJson, readText } from "./mobiniti-parts/body.ts";
import { parseDeliveryReport } from "./mobiniti-parts/delivery-report.ts";
import {
  notUnderstood,
  parseBounce,
  parseContactStatus,
  parseInbound,
  parseRejected,
  parseUnsubscribe,
} from "./mobiniti-parts/inbound.ts";
import {
  contactKey,
  DEFAULT_API_URL,
  INBOUND_IDS_KEY,
  inboundContactId,
  NOT_CONFIGURED,
  probeAccount,
  sendText,
} from "./mobiniti-parts/send.ts";
import type { ChannelProvider, ChannelSettings, SettingField, SettingIssue } from "./types.ts";

/**
 * Mobiniti (mobiniti.com): short codes and contacts. Its webhooks carry no event name and no signature: the
 * address they come to tells the kind, the secret path and the list of source addresses prove them.
 */
const NO_ALLOWED_IPS = "No allowed IPs configured for Mobiniti webhook validation";
const SEND_BY = ["auto", "direct", "contact"];

const settings: SettingField[] = [
  {
    key: "accessToken",
    label: "Access Token",
    help: "Personal Access Token or OAuth token (valid for 10 years). It needs the scope messages.create.",
    type: "text",
    required: true,
    secret: true,
    example: "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9...",
  },
  {
    key: "shortCode",
    label: "Short Code",
    help: "For reference only.",
    type: "text",
    required: false,
    secret: false,
    example: "64600",
    placeholder: "64600",
  },
  {
    key: "allowedIps",
    label: "Allowed Webhook IPs",
    help: 'One per line or comma-separated, addresses or CIDR. Ask Mobiniti support: "What IP addresses do webhooks originate from?"',
    type: "address-list",
    required: true,
    secret: false,
    example: "192.0.2.1, 192.0.2.2, 203.0.113.10",
  },
  {
    key: "sendBy",
    label: "Send by",
    help: "auto tries the number first and falls back to contacts; direct sends by number only; contact always through a Mobiniti contact.",
    type: "choice",
    required: false,
    secret: false,
    example: "auto",
    choices: SEND_BY,
    advanced: true,
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Mobiniti's API; another one for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

const doors = [
  {
    kind: "inbound",
    help: 'Mobiniti: Settings > Notifications > Inbound Messages, then "Submit". Switch "Unknown messages only" off, so that STOP, HELP and commands arrive.',
  },
  {
    kind: "unsubscribe",
    help: 'Mobiniti: Settings > Message Settings > Unsubscribe, then "Update Message Settings".',
  },
  {
    kind: "bounce",
    help: 'Mobiniti: Settings > Notifications > Bounces, with a threshold (3 = told once a contact bounced 3 times), then "Submit".',
  },
  {
    kind: "delivery-report",
    help: 'Mobiniti: Settings > Message Settings > Delivery Report, then "Update Message Settings".',
  },
  {
    kind: "contact-status",
    help: 'Mobiniti: Settings > Message Settings > Contact Status, then "Update Message Settings".',
  },
  { kind: "rejected", help: 'Mobiniti: Settings > Notifications > Rejected Message, then "Submit".' },
];

const PARSERS = new Map([
  ["inbound", parseInbound],
  ["unsubscribe", parseUnsubscribe],
  ["bounce", parseBounce],
  ["delivery-report", parseDeliveryReport],
  ["contact-status", parseContactStatus],
  ["rejected", parseRejected],
]);

export const channel: ChannelProvider = {
  provider: "mobiniti",
  title: "Mobiniti",
  settings,
  doors,
  // One request per second and route is allowed; the rest is for clocks that differ.
  pacePerRouteMs: 1050,
  concurrency: 1,
  idempotentSend: false,
  maxSegments: 8,
  check: checkSettings,

  verify(request, channelSettings) {
    const list = allowedIps(channelSettings);
    if (list === null || list.blocks.length === 0) {
      return { genuine: false, reason: "no_allowed_ips", log: NO_ALLOWED_IPS };
    }
    if (listHolds(list, request.clientAddress)) return { genuine: true };
    const allowed = list.blocks.map((block) => block.text).join(", ");
    const address = canonicalAddress(request.clientAddress);
    return {
      genuine: false,
      reason: "unauthorized_ip",
      log: `Webhook from unauthorized IP: ${address} (allowed: ${allowed})`,
    };
  },

  parse(request, context) {
    const parse = PARSERS.get(request.kind);
    if (!parse) return { ok: false, reason: `Mobiniti has no webhook of kind "${request.kind}"` };
    const body = readJson(bodyText(request.rawBody));
    return isFields(body) ? parse(body, request, context) : notUnderstood("the body is not a JSON object");
  },

  acknowledge: () => ({ status: 200, contentType: "application/json", body: '{"status":"success"}' }),

  /** The `id` of an inbound text is the sender's contact id; a proven one is never replaced by it. */
  learn(arrival) {
    if (arrival.kind !== "message" || arrival.providerContactId === null) return null;
    return {
      key: contactKey(arrival.from),
      value: inboundContactId(arrival.providerContactId),
      unlessKey: INBOUND_IDS_KEY,
    };
  },

  send: sendText,
  probe: probeAccount,
};

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const token = readText(values.accessToken);
  if (token === null) issues.push({ path: "accessToken", message: NOT_CONFIGURED });
  else if (!/^[\x21-\x7e]+$/.test(token)) {
    issues.push({ path: "accessToken", message: "The token holds blanks or characters no token has" });
  }
  const ips = parseAddressList(addressTexts(values.allowedIps));
  if (!ips.ok) issues.push({ path: "allowedIps", message: ips.message });
  else if (ips.list.blocks.length === 0) issues.push({ path: "allowedIps", message: NO_ALLOWED_IPS });
  if (isSet(values.sendBy) && !SEND_BY.includes(String(values.sendBy))) {
    issues.push({ path: "sendBy", message: `One of ${SEND_BY.join(", ")}` });
  }
  if (isSet(values.apiUrl) && !/^https?:$/.test(URL.parse(String(values.apiUrl))?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function addressTexts(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? value : "";
}

// Settings objects live as long as the channel is not edited, so each list is read once.
const lists = new WeakMap<ChannelSettings, AddressList>();

function allowedIps(values: ChannelSettings): AddressList | null {
  const known = lists.get(values);
  if (known) return known;
  const parsed = parseAddressList(addressTexts(values.allowedIps));
  if (!parsed.ok) return null;
  lists.set(values, parsed.list);
  return parsed.list;
}
