import { readText } from "../tools/json-body.ts";
import { decodeBase64, oneHeader, sameText } from "../tools/signatures.ts";
import { parseEvents } from "./bandwidth-parts/events.ts";
import {
  accountHeaders,
  DEFAULT_API_URL,
  NOT_CONFIGURED,
  probeAccount,
  sendText,
} from "./bandwidth-parts/send.ts";
import type { ChannelProvider, ChannelSettings, SettingField, SettingIssue } from "./types.ts";

/**
 * Bandwidth (bandwidth.com), messaging API v2. Its webhooks carry no signature; the user and password set on the
 * application prove them.
 */
const NO_CALLBACK_USER = "No callback user and password configured for Bandwidth webhook validation";
const REQUIRED = ["accountId", "username", "password", "applicationId"];

const settings: SettingField[] = [
  {
    key: "accountId",
    label: "Account ID",
    help: "Bandwidth Dashboard: Account; the number in its address.",
    type: "text",
    required: true,
    secret: false,
    example: "9900000",
  },
  {
    key: "username",
    label: "API User",
    help: "Account > User Accounts: a user with the messaging role (API credentials).",
    type: "text",
    required: true,
    secret: false,
    example: "api-user",
  },
  {
    key: "password",
    label: "API Password",
    help: "Password of that user.",
    type: "text",
    required: true,
    secret: true,
    example: "a-long-password",
  },
  {
    key: "applicationId",
    label: "Application ID",
    help: "Applications > your messaging application; its location must hold the number.",
    type: "text",
    required: true,
    secret: false,
    example: "93de2206-9669-4e07-948d-329f4b722ee2",
  },
  {
    key: "callbackUser",
    label: "Callback User",
    help: "Make one up: the same goes into the application's callback settings.",
    type: "text",
    required: true,
    secret: false,
    proves: true,
    example: "signalbox",
  },
  {
    key: "callbackPassword",
    label: "Callback Password",
    help: "Make a long one up: the same goes into the application's callback settings. It proves that webhooks come from Bandwidth.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "another-long-password",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Bandwidth's messaging API; another one for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "bandwidth",
  title: "Bandwidth",
  settings,
  doors: [
    {
      kind: "inbound",
      help: 'Bandwidth Dashboard: Applications > your messaging application: enter it as "Inbound callback URL" and as "Status callback URL", with the callback user and password at both, then Save.',
    },
  ],
  pacePerRouteMs: null,
  concurrency: 8,
  idempotentSend: false,
  // A text may hold 2,048 characters.
  maxSegments: 13,
  sendsMedia: { most: 10 },
  mediaHosts: ["*.bandwidth.com"],
  mediaAuth: { hosts: ["*.bandwidth.com"], headers: accountHeaders },
  check: checkSettings,

  verify(request, channelSettings) {
    const expected = credentialsOf(channelSettings);
    if (expected === null) return { genuine: false, reason: "no_callback_user", log: NO_CALLBACK_USER };
    const header = oneHeader(request.headers, "authorization");
    if (header === null) return refused("missing_credentials");
    const given = basicCredentials(header);
    return given !== null && sameText(given, expected) ? { genuine: true } : refused("bad_credentials");
  },

  parse: parseEvents,
  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),
  send: sendText,
  probe: probeAccount,
};

function refused(reason: string): { genuine: false; reason: string; log: string } {
  return { genuine: false, reason, log: `Bandwidth webhook refused: ${reason.replaceAll("_", " ")}` };
}

/**
 * `user:password` as Basic credentials spell it, one character for each byte; null when one is missing. Blanks may
 * belong to a password, but are none by themselves.
 */
function credentialsOf(values: ChannelSettings): string | null {
  const { callbackUser: user, callbackPassword: password } = values;
  if (typeof user !== "string" || user.trim() === "") return null;
  if (typeof password !== "string" || password.trim() === "") return null;
  return Buffer.from(`${user}:${password}`, "utf8").toString("latin1");
}

function basicCredentials(header: string): string | null {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  return (encoded && decodeBase64(encoded)?.toString("latin1")) || null;
}

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  for (const path of REQUIRED) {
    if (readText(values[path]) === null) issues.push({ path, message: NOT_CONFIGURED });
  }
  for (const path of ["callbackUser", "callbackPassword"]) {
    if (readText(values[path]) === null) issues.push({ path, message: NO_CALLBACK_USER });
  }
  for (const path of ["username", "callbackUser"]) {
    if (readText(values[path])?.includes(":")) {
      issues.push({ path, message: "A user name may hold no colon" });
    }
  }
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
