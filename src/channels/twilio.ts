import { readText } from "../tools/json-body.ts";
import { parseTwilio } from "./twilio-parts/arrivals.ts";
import { lookUpText } from "./twilio-parts/look-up.ts";
import { accountHeaders, DEFAULT_API_URL, probeAccount, sendText } from "./twilio-parts/send.ts";
import { verifyTwilio } from "./twilio-parts/verify.ts";
import type { ChannelProvider, ChannelSettings, SettingField, SettingIssue } from "./types.ts";

/**
 * Twilio (twilio.com): Programmable Messaging. Requests are signed over the public address and every field.
 * Twilio answers STOP by itself and blocks the pair of numbers; the text still arrives here.
 */
const settings: SettingField[] = [
  {
    key: "accountSid",
    label: "Account SID",
    help: "Twilio Console, Account Info. Begins with AC.",
    type: "text",
    required: true,
    secret: false,
    example: "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    placeholder: "AC...",
  },
  {
    key: "authToken",
    label: "Auth Token",
    help: "Twilio Console, Account Info: the primary token. It also proves that webhooks come from Twilio.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "0123456789abcdef0123456789abcdef",
  },
  {
    key: "messagingServiceSid",
    label: "Messaging Service SID",
    help: "Only when texts shall leave through a Messaging Service. Begins with MG; empty sends from the channel's number.",
    type: "text",
    required: false,
    secret: false,
    example: "MGxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    placeholder: "MG...",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Twilio's API; another one for tests or for a region.",
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
    help: 'Twilio Console: Phone Numbers > Active numbers > the number > Messaging Configuration > "A message comes in": Webhook, HTTP POST. With a Messaging Service: Integration > Send a webhook. Put #rc=3&rp=ct,rt,5xx behind the address, so that Twilio tries again, and enter the same as fallback ("Primary handler fails").',
  },
  {
    kind: "status",
    help: "Nothing to enter: each text we send carries this address as StatusCallback.",
  },
];

export const channel: ChannelProvider = {
  provider: "twilio",
  title: "Twilio",
  settings,
  doors,
  // Twilio queues by itself what a number may not send at once.
  pacePerRouteMs: null,
  concurrency: 10,
  idempotentSend: false,
  answersConsent: "stop stopall unsubscribe cancel end quit revoke optout start unstop yes help info".split(
    " ",
  ),
  opensRouteOn: ["yes"],
  // 1,530 characters: ten parts are the most that stay within Twilio's 1,600.
  maxSegments: 10,
  sendsMedia: { most: 10 },
  // An address at the API redirects to the store: the old one, which is shared with others, or the new one.
  mediaHosts: ["*.twilio.com", "*.twiliocdn.com", "s3-external-1.amazonaws.com/media.twiliocdn.com"],
  mediaAuth: { hosts: ["*.twilio.com"], headers: accountHeaders },
  check: checkSettings,
  verify: verifyTwilio,
  parse: parseTwilio,
  acknowledge: () => ({
    status: 200,
    contentType: "text/xml",
    body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  }),
  send: sendText,
  lookUp: lookUpText,
  probe: probeAccount,
};

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  for (const { key, label, required } of settings) {
    const text = readText(values[key]);
    if (text === null) {
      if (required) issues.push({ path: key, message: `${label} is missing` });
    } else if (!/^[\x21-\x7e]+$/.test(text)) {
      issues.push({ path: key, message: `${label} holds blanks or characters that cannot be part of it` });
    }
  }
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
