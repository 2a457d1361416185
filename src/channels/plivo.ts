import { readText } from "../tools/json-body.ts";
import { parsePlivo } from "./plivo-parts/arrivals.ts";
import { accountHeaders, DEFAULT_API_URL, probeAccount, sendText } from "./plivo-parts/send.ts";
import { verifyPlivo } from "./plivo-parts/verify.ts";
import type { ChannelProvider, ChannelSettings, SettingField, SettingIssue } from "./types.ts";

/** Plivo (plivo.com): forms in, JSON out. Requests are signed over the public address, in two versions. */
const settings: SettingField[] = [
  {
    key: "authId",
    label: "Auth ID",
    help: "Plivo Console, Overview.",
    type: "text",
    required: true,
    secret: false,
    example: "MAXXXXXXXXXXXXXXXXXX",
    placeholder: "MA...",
  },
  {
    key: "authToken",
    label: "Auth Token",
    help: "Plivo Console, Overview. It also proves that webhooks come from Plivo.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "NDYxMmU3OTk0ZTQ0YjQ5ZTQ2ZmY0ZGYwODY1YWFh",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Plivo's API; another one for tests.",
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
    help: "Plivo Console: Messaging > Applications > XML > Add New Application > Message URL, method POST. Then Phone Numbers > Your Numbers > the number > Application Type XML Application, and choose it.",
  },
  {
    kind: "status",
    help: "Nothing to enter: each text we send carries this address as url.",
  },
];

export const channel: ChannelProvider = {
  provider: "plivo",
  title: "Plivo",
  settings,
  doors,
  // Plivo queues by itself what a number may not send at once.
  pacePerRouteMs: null,
  concurrency: 10,
  idempotentSend: false,
  // Plivo takes 1,600 characters of GSM-7 and 737 of Unicode: ten parts fit in both.
  maxSegments: 10,
  sendsMedia: { most: 10 },
  mediaHosts: ["*.plivo.com"],
  mediaAuth: { hosts: ["*.plivo.com"], headers: accountHeaders },
  check: checkSettings,
  verify: verifyPlivo,
  parse: parsePlivo,
  acknowledge: () => ({
    status: 200,
    contentType: "text/xml",
    body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  }),
  send: sendText,
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
