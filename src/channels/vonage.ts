import { isFormType } from "../tools/form-body.ts";
import { type Fields, readFields, readText } from "../tools/json-body.ts";
import { oneHeader } from "../tools/signatures.ts";
import type { ChannelProvider, ChannelSettings, DoorRequest, SettingField, SettingIssue } from "./types.ts";
import { parseEvent } from "./vonage-parts/events.ts";
import { NO_SECRET, signedFields, verifyRequest } from "./vonage-parts/proof.ts";
import { DEFAULT_API_URL, NOT_CONFIGURED, probeAccount, sendText } from "./vonage-parts/send.ts";

/**
 * Vonage (formerly Nexmo). Texts leave through the Messages API; texts and receipts come in from it, or from the
 * older SMS API where the account is set to that. Both doors take both.
 */
const settings: SettingField[] = [
  {
    key: "apiKey",
    label: "API key",
    help: "Vonage dashboard > API settings, or the top of the dashboard's first page.",
    type: "text",
    required: true,
    secret: false,
    example: "abcd1234",
  },
  {
    key: "apiSecret",
    label: "API secret",
    help: "Beside the API key. It sends texts.",
    type: "text",
    required: true,
    secret: true,
    example: "Zz9yXw8vUt7sRq6p",
  },
  {
    key: "signatureSecret",
    label: "Signature secret",
    help: "Vonage dashboard > API settings > Signed webhooks. It proves what comes in; for the SMS API Vonage support has to switch signing on.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxX",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Vonage's API, without /v1; another one for another region or for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "vonage",
  title: "Vonage",
  settings,
  doors: [
    {
      kind: "inbound",
      help: "Vonage dashboard: Applications > your application > Capabilities > Messages > Inbound URL. For the SMS API: API settings > Inbound SMS webhooks, HTTP method POST (GET works too).",
    },
    {
      kind: "status",
      help: "Vonage dashboard: Applications > your application > Capabilities > Messages > Status URL. For the SMS API: API settings > Delivery receipts (DLR) webhooks, HTTP method POST (GET works too).",
    },
  ],
  doorMethods: ["GET", "POST"],
  // 30 requests per second by default.
  pacePerRouteMs: 34,
  concurrency: 10,
  idempotentSend: false,
  // 1000 characters at most; six segments are never more.
  maxSegments: 6,
  // A picture: other files are other kinds of messages there, and only its sender knows which.
  sendsMedia: { most: 1 },
  // Open to whoever has the address, unless the account asks for a token that this channel has no key for.
  mediaHosts: ["*.nexmo.com", "*.vonage.com"],
  check: checkSettings,
  verify: verifyRequest,

  parse(request, context) {
    const isForm = request.method === "GET" || isFormType(oneHeader(request.headers, "content-type"));
    const fields = isForm ? formFields(request) : readFields(request.rawBody);
    if (fields !== null) return parseEvent(fields, context);
    return { ok: false, reason: isForm ? "The form cannot be read" : "The body is not a JSON object" };
  },

  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),
  send: sendText,
  probe: probeAccount,
};

function formFields(request: DoorRequest): Fields | null {
  const fields = signedFields(request);
  return fields && Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const missing = { apiKey: NOT_CONFIGURED, apiSecret: NOT_CONFIGURED, signatureSecret: NO_SECRET };
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
