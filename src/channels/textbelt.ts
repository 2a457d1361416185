import { normalisePhone } from "../domain/phone.ts";
import { cleanText } from "../domain/sms-text.ts";
import { readFields, readText } from "../tools/json-body.ts";
import { decodeHex, digest, hmac, isFreshSeconds, oneHeader, sameBytes } from "../tools/signatures.ts";
import { DEFAULT_API_URL, NO_KEY, pollStatus, probeAccount, sendText } from "./textbelt-parts/send.ts";
import type { ChannelProvider, ChannelSettings, DoorRequest, SettingField, SettingIssue } from "./types.ts";

/**
 * Textbelt (textbelt.com): texts leave from shared numbers, and one can only reply to a text that carried our
 * address. Replies are signed with the API key; receipts do not exist, so states are asked for.
 */
const SIGNATURE = "x-textbelt-signature";
const TIMESTAMP = "x-textbelt-timestamp";
const WINDOW_SECONDS = 15 * 60;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const settings: SettingField[] = [
  {
    key: "apiKey",
    label: "API key",
    help: "The key from your Textbelt purchase. It sends texts and proves replies.",
    type: "text",
    required: true,
    secret: true,
    proves: true,
    example: "3f1c0a5b7d9e4c2f8a6b1d0e9c7f5a3b2d4e6f80",
  },
  {
    key: "apiUrl",
    label: "API URL",
    help: "Base of Textbelt's API; another one for a server of your own or for tests.",
    type: "url",
    required: false,
    secret: false,
    example: DEFAULT_API_URL,
    placeholder: DEFAULT_API_URL,
    advanced: true,
  },
];

export const channel: ChannelProvider = {
  provider: "textbelt",
  title: "Textbelt",
  settings,
  doors: [
    {
      kind: "inbound",
      help: "Nothing to enter at Textbelt: each text carries this address as replyWebhookUrl. People can only reply, from US numbers, to a text they got from here, so send every new reporter a first text.",
    },
  ],
  // Advised is one text per second, one after the other.
  pacePerRouteMs: 1000,
  concurrency: 1,
  idempotentSend: false,
  answersConsent: ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "start", "unstop"],
  // 800 characters at most; five segments are never more.
  maxSegments: 5,
  check: checkSettings,

  verify(request, channelSettings) {
    const key = readText(channelSettings.apiKey);
    if (key === null) return { genuine: false, reason: "no_secret", log: NO_KEY };
    const timestamp = oneHeader(request.headers, TIMESTAMP);
    const signature = oneHeader(request.headers, SIGNATURE);
    if (timestamp === null || signature === null) {
      return {
        genuine: false,
        reason: "no_signature",
        log: "Textbelt webhook without a signature or timestamp",
      };
    }
    if (!isFreshSeconds(timestamp, request.receivedAt, WINDOW_SECONDS)) {
      return {
        genuine: false,
        reason: "stale_timestamp",
        log: "Textbelt webhook with a timestamp that is unreadable or more than 15 minutes off",
      };
    }
    const expected = hmac("sha256", key, timestamp, request.rawBody);
    if (sameBytes(decodeHex(signature), expected)) return { genuine: true };
    return { genuine: false, reason: "wrong_signature", log: "Textbelt webhook with a wrong signature" };
  },

  /** `textId` is the id of our text that was answered, the same for each reply to it, and so is no id of this one. */
  parse(request, context) {
    const fields = readFields(request.rawBody);
    if (fields === null) return { ok: false, reason: "The body is not a JSON object" };
    if (fields.fromNumber === undefined && fields.text === undefined) {
      const dedupeKey = `ignored:${bodyHash(request)}`;
      return { ok: true, arrivals: [{ dedupeKey, arrival: { kind: "ignored", reason: "not a reply" } }] };
    }
    const from = readText(fields.fromNumber);
    if (from === null || from.length > 64) {
      return { ok: false, reason: "fromNumber is missing or not a number" };
    }
    if (typeof fields.text !== "string") return { ok: false, reason: "text is missing or not a text" };
    return {
      ok: true,
      arrivals: [
        {
          dedupeKey: inboundKey(request),
          arrival: {
            kind: "message",
            providerMessageId: null,
            from: normalisePhone(from, context.country),
            to: context.address,
            text: cleanText(fields.text),
            media: [],
            providerTime: null,
            providerContactId: null,
            // What is signed anew cannot be told from a second text.
            mayRepeat: true,
          },
        },
      ],
    };
  },

  acknowledge: () => ({ status: 200, contentType: "application/json", body: '{"success":true}' }),
  send: sendText,
  pollAfterMs: [10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE],
  poll: pollStatus,
  probe: probeAccount,
};

/**
 * Timestamp and signature, which stands for the whole body. A kept request that is read again has lost its headers:
 * then the body and the moment at which it came.
 */
function inboundKey(request: DoorRequest): string {
  const timestamp = oneHeader(request.headers, TIMESTAMP);
  const signature = oneHeader(request.headers, SIGNATURE);
  if (timestamp !== null && signature !== null) return `inbound:${timestamp}:${signature.toLowerCase()}`;
  return `inbound:t${request.receivedAt.getTime()}:${bodyHash(request)}`;
}

function bodyHash(request: DoorRequest): string {
  return digest("sha256", request.rawBody).toString("hex");
}

function checkSettings(values: ChannelSettings): SettingIssue[] {
  const issues: SettingIssue[] = [];
  const key = readText(values.apiKey);
  if (key === null) issues.push({ path: "apiKey", message: NO_KEY });
  else if (!/^[\x21-\x7e]+$/.test(key)) {
    issues.push({ path: "apiKey", message: "The key holds blanks or characters no key has" });
  }
  const apiUrl = readText(values.apiUrl);
  if (apiUrl !== null && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? "")) {
    issues.push({ path: "apiUrl", message: `An http or https address such as ${DEFAULT_API_URL}` });
  }
  return issues;
}
