import type { Outcome, RefusalReason } from "../../domain/outcome.ts";
import { type Fields, isFields, readFields, readText } from "../../tools/json-body.ts";
import { retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { OutgoingText, ProviderAnswer, SendContext } from "../types.ts";
import { describeCode, OPTED_OUT_CODE } from "./codes.ts";
import { errorCode } from "./events.ts";

/** Sending through the Messages API with Basic credentials. Vonage's own code goes before the HTTP status. */
export const DEFAULT_API_URL = "https://api.nexmo.com";
export const NOT_CONFIGURED = "Vonage not configured. Please add API key and API secret.";

const TIMEOUT_MS = 15_000;

type Answered = Extract<ProviderAnswer, { ok: true }>;

interface Api {
  call(method: "GET" | "POST", route: string, path: string, body?: Fields): Promise<ProviderAnswer>;
  apiKey: string;
  secrets: string[];
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const receipts = context.doorUrl("status");
  const [picture] = text.mediaUrls;
  const answer = await api.call("POST", "POST /v1/messages", "/v1/messages", {
    ...(picture === undefined
      ? { channel: "sms", message_type: "text", text: text.text }
      : { channel: "mms", message_type: "image", image: { url: picture, caption: text.text } }),
    to: bareNumber(text.to),
    from: bareNumber(text.from === "" ? context.address : text.from),
    client_ref: text.id,
    // Anything but a public address would have the whole text refused; then the one set at Vonage counts.
    ...(receipts.startsWith("https://") ? { webhook_url: receipts, webhook_version: "v1" } : {}),
  });
  if (!answer.ok) return { kind: answer.reached ? "uncertain" : "unreachable", text: answer.text };
  if (answer.status < 200 || answer.status > 299) return failureOutcome(answer, api.secrets);
  const body = readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  return { kind: "accepted", providerMessageId: readText(body.message_uuid), status: "handed_over" };
}

/** Lists the account's API secrets, by their ids: the one call there that needs nothing but the credentials. */
export async function probeAccount(context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const path = `/accounts/${encodeURIComponent(api.apiKey)}/secrets`;
  const answer = await api.call("GET", "GET /accounts/secrets", path);
  if (!answer.ok) return { kind: "unreachable", text: answer.text };
  if (answer.status >= 200 && answer.status <= 299) {
    return { kind: "accepted", providerMessageId: null, status: "handed_over" };
  }
  const failed = failureOutcome(answer, api.secrets);
  return failed.kind === "uncertain" ? { kind: "unreachable", text: failed.text } : failed;
}

const CREDENTIAL = [
  "1060",
  "1080",
  "1110",
  "unauthorized",
  "invalid-api-key",
  "account-suspended",
  "unprovisioned",
];
const THROTTLED = ["1000", "throttled", "rate-limit"];

const REASONS = new Map<string, RefusalReason>([
  ["1040", "bad_number"],
  ["1050", "other"],
  ["1070", "no_funds"],
  ["low-balance", "no_funds"],
  ["1120", "sender"],
  ["1210", "content"],
  [OPTED_OUT_CODE, "opted_out"],
  ["1430", "bad_number"],
]);

/** Errors come as problem documents: type, title, detail, and which parameters are invalid. */
function failureOutcome(answer: Answered, secrets: readonly string[]): Outcome {
  const body = readFields(answer.body) ?? {};
  const { status } = answer;
  const code = plainCode(errorCode(body));
  const said = safeText(words(body, code, status), secrets);
  if (code !== null && CREDENTIAL.includes(code)) return { kind: "broken-credential", text: said };
  if (status === 429 || (code !== null && THROTTLED.includes(code))) {
    return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text: said };
  }
  const reason = (code === null ? undefined : REASONS.get(code)) ?? blamed(body);
  if (reason !== undefined) return { kind: "refused", reason, code: code ?? String(status), text: said };
  if (status === 401 || status === 403) return { kind: "broken-credential", text: said };
  if (status < 300 || status === 408 || status >= 500) return { kind: "uncertain", text: said };
  return {
    kind: "refused",
    reason: status === 402 ? "no_funds" : "other",
    code: code ?? String(status),
    text: said,
  };
}

/** A title may be a whole sentence: that is no code. */
function plainCode(code: string | null): string | null {
  return code !== null && /^[\w-]{1,64}$/.test(code) ? code : null;
}

function blamed(body: Fields): RefusalReason | undefined {
  const names = invalid(body).map((one) => one.name);
  if (names.includes("to")) return "bad_number";
  if (names.includes("from")) return "sender";
  return names.includes("text") ? "content" : undefined;
}

function invalid(body: Fields): { name: string; reason: string }[] {
  if (!Array.isArray(body.invalid_parameters)) return [];
  return body.invalid_parameters
    .filter(isFields)
    .map((one) => ({ name: readText(one.name) ?? "", reason: readText(one.reason) ?? "" }));
}

function words(body: Fields, code: string | null, status: number): string {
  const title = readText(body.title);
  const detail = readText(body.detail) ?? (code === null ? null : describeCode(code));
  const parameters = invalid(body).map(({ name, reason }) => `${name}: ${reason}`);
  const said = [title, detail].filter((part) => part !== null).join(": ");
  const text = said === "" ? `Vonage answered HTTP ${status}` : said;
  return parameters.length === 0 ? text : `${text} (${parameters.join("; ")})`;
}

/** Vonage takes numbers as digits alone; names stay as they are. */
function bareNumber(number: string): string {
  return /^\+\d+$/.test(number) ? number.slice(1) : number;
}

/** Calls with the account's credentials; null without them. */
function createApi(context: SendContext): Api | null {
  const apiKey = readText(context.settings.apiKey);
  const apiSecret = readText(context.settings.apiSecret);
  if (apiKey === null || apiSecret === null) return null;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString("base64");
  const secrets = [apiSecret, credentials, readText(context.settings.signatureSecret) ?? ""];
  return {
    apiKey,
    secrets,
    async call(method, route, path, body) {
      const answer = await context.call(route, {
        method,
        url: base + path,
        headers: {
          authorization: `Basic ${credentials}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
      });
      return answer.ok ? answer : { ...answer, text: safeText(answer.text, secrets) };
    },
  };
}
