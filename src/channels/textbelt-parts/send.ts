import type { ReceiptArrival } from "../../domain/arrival.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { type Fields, readFields, readText } from "../../tools/json-body.ts";
import { retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { OutgoingText, ProviderAnswer, ProviderRequest, SendContext } from "../types.ts";

/**
 * Textbelt's API: a form goes out, JSON comes back, and `success` decides whatever the HTTP status is. Errors are
 * plain sentences without a code, so they are told apart by what they say.
 */
export const DEFAULT_API_URL = "https://textbelt.com";
export const NO_KEY = "Textbelt not configured. Please add the API key.";

const TIMEOUT_MS = 15_000;

type Answered = Extract<ProviderAnswer, { ok: true }>;

interface Api {
  get(path: "/status" | "/quota", last: string): Promise<ProviderAnswer>;
  post(form: URLSearchParams): Promise<ProviderAnswer>;
  apiKey: string;
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NO_KEY };
  const form = new URLSearchParams({ phone: text.to, message: text.text, key: api.apiKey });
  // Numbers are shared and cannot be chosen; a name stands for the business.
  const sender = text.from === "" ? context.address : text.from;
  if (/\p{L}/u.test(sender)) form.set("sender", sender);
  // Only a text that carries this address can be answered.
  form.set("replyWebhookUrl", context.doorUrl("inbound"));
  form.set("webhookData", text.id);
  return sendOutcome(await api.post(form), api.apiKey);
}

export async function probeAccount(context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NO_KEY };
  const answer = await api.get("/quota", api.apiKey);
  if (!answer.ok) return { kind: "unreachable", text: answer.text };
  const body = readFields(answer.body);
  if (body?.success === false) return refusal(said(body, api.apiKey), answer);
  const quota = Number(readText(body?.quotaRemaining) ?? Number.NaN);
  if (body?.success !== true || !Number.isFinite(quota)) {
    const failed = failureOutcome(answer);
    return failed.kind === "uncertain" ? { kind: "unreachable", text: failed.text } : failed;
  }
  if (quota <= 0) {
    return { kind: "refused", reason: "no_funds", code: null, text: "Textbelt: no texts left on this key" };
  }
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

const STATUSES = new Map<string, ReceiptArrival["status"]>([
  ["SENDING", "handed_over"],
  ["SENT", "sent"],
  ["DELIVERED", "delivered"],
  ["FAILED", "undelivered"],
]);

/** UNKNOWN, and whatever cannot be read, changes nothing. */
export async function pollStatus(textId: string, context: SendContext): Promise<ReceiptArrival | null> {
  const api = createApi(context);
  if (api === null) return null;
  const answer = await api.get("/status", textId);
  if (!answer.ok || answer.status < 200 || answer.status > 299) return null;
  const code = readText(readFields(answer.body)?.status)?.toUpperCase() ?? "";
  const status = STATUSES.get(code);
  if (status === undefined) return null;
  return {
    kind: "receipt",
    providerMessageId: textId,
    phone: null,
    text: null,
    status,
    code,
    description: status === "undelivered" ? "Textbelt could not deliver it." : null,
    bounce: false,
  };
}

function sendOutcome(answer: ProviderAnswer, apiKey: string): Outcome {
  if (!answer.ok) return { kind: answer.reached ? "uncertain" : "unreachable", text: answer.text };
  const body = readFields(answer.body);
  if (body?.success === true) {
    return { kind: "accepted", providerMessageId: readText(body.textId), status: "handed_over" };
  }
  return body?.success === false ? refusal(said(body, apiKey), answer) : failureOutcome(answer);
}

function said(body: Fields, apiKey: string): string {
  return safeText(readText(body.error) ?? readText(body.message) ?? "Textbelt gave no reason", [apiKey]);
}

/** What the sentence speaks of. The first that fits counts: "quota for this number" is about the quota. */
const OPTED_OUT = /\bopted[\s-]?out\b|\bunsubscribed\b/i;
const NO_FUNDS = /\bquota\b|\b(?:insufficient|out of) (?:funds|credits?|balance)\b|\bone test text\b/i;
const TOO_FAST = /\brate[\s-]?limit|\btoo many (?:requests|texts|messages)\b|\bslow down\b/i;
const WRONG = "invalid|incorrect|bad|wrong|unknown|unrecogni[sz]ed|missing|not (?:valid|found|supported)";
const BAD_KEY = new RegExp(`\\b(?:${WRONG})\\b.{0,20}\\bkey\\b|\\bkey\\b.{0,20}\\b(?:${WRONG})\\b`, "i");
const NUMBER = "(?:phone|number|recipient)";
const BAD_NUMBER = new RegExp(
  `\\b(?:${WRONG})\\b.{0,20}\\b${NUMBER}\\b|\\b${NUMBER}\\b.{0,20}\\b(?:${WRONG})\\b`,
  "i",
);

function refusal(text: string, answer: Answered): Outcome {
  if (OPTED_OUT.test(text)) return { kind: "refused", reason: "opted_out", code: null, text };
  if (NO_FUNDS.test(text)) return { kind: "refused", reason: "no_funds", code: null, text };
  if (BAD_KEY.test(text)) return { kind: "broken-credential", text: `credential refused: ${text}` };
  if (BAD_NUMBER.test(text)) return { kind: "refused", reason: "bad_number", code: null, text };
  if (answer.status === 429 || TOO_FAST.test(text)) {
    return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  }
  return { kind: "refused", reason: "other", code: null, text };
}

/** An answer without `success`: the HTTP status is all there is. */
function failureOutcome(answer: Answered): Outcome {
  const { status } = answer;
  const text = `Textbelt answered HTTP ${status} without saying success or not`;
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  if (status === 401 || status === 403) return { kind: "broken-credential", text };
  if (status < 300 || status === 408 || status >= 500) return { kind: "uncertain", text };
  return {
    kind: "refused",
    reason: status === 402 ? "no_funds" : "other",
    code: String(status),
    text,
  };
}

/** Calls with the account's key; null without one. The key stands in an address, so errors are masked too. */
function createApi(context: SendContext): Api | null {
  const apiKey = readText(context.settings.apiKey);
  if (apiKey === null) return null;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const call = async (route: string, request: Omit<ProviderRequest, "timeoutMs">) => {
    const answer = await context.call(route, { ...request, timeoutMs: TIMEOUT_MS });
    return answer.ok ? answer : { ...answer, text: safeText(answer.text, [apiKey]) };
  };
  const accept = { accept: "application/json" };
  return {
    apiKey,
    get: (path, last) =>
      call(`GET ${path}`, {
        method: "GET",
        url: `${base}${path}/${encodeURIComponent(last)}`,
        headers: accept,
      }),
    post: (form) =>
      call("POST /text", {
        method: "POST",
        url: `${base}/text`,
        headers: { ...accept, "content-type": "application/x-www-form-urlencoded" },
        body: form.toString(),
      }),
  };
}
