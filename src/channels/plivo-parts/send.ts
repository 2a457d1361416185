import type { Outcome } from "../../domain/outcome.ts";
import { type Fields, readFields, readText } from "../../tools/json-body.ts";
import { receiptAddress } from "../../tools/own-text-id.ts";
import { retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { ChannelSettings, OutgoingText, ProviderAnswer, SendContext } from "../types.ts";

/** Calls of Plivo's REST API, version 1, and what the answers mean. Errors are free text without a code. */
export const DEFAULT_API_URL = "https://api.plivo.com";

const NOT_CONFIGURED = "Plivo is not configured. Please add Auth ID and Auth Token.";
const TIMEOUT_MS = 15_000;

type Answered = Extract<ProviderAnswer, { ok: true }>;

/** `send` hands a text over: without a clear answer it may have gone out. `ask` changes nothing. */
type Step = "send" | "ask";

interface Account {
  post(path: string, body: object): Promise<ProviderAnswer>;
  get(path: string): Promise<ProviderAnswer>;
  /** What must not stand in any text. */
  secrets: string[];
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const account = openAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  if (text.to.includes("<")) {
    // Plivo reads it as a list of numbers.
    return { kind: "refused", reason: "bad_number", code: null, text: "The number is not a phone number" };
  }
  const answer = await account.post("/Message/", {
    src: text.from || context.address,
    dst: text.to,
    text: text.text,
    ...(text.mediaUrls.length === 0 ? {} : { type: "mms", media_urls: text.mediaUrls }),
    url: receiptAddress(context.doorUrl("status"), text.id),
    method: "POST",
  });
  return sendOutcome(answer, account.secrets);
}

/** Reads the account itself, which costs nothing. */
export async function probeAccount(context: SendContext): Promise<Outcome> {
  const account = openAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await account.get("/");
  if (!isSuccess(answer)) return failureOutcome(answer, "ask", account.secrets);
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

function isSuccess(answer: ProviderAnswer): answer is Answered {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

function sendOutcome(answer: ProviderAnswer, secrets: string[]): Outcome {
  if (!isSuccess(answer)) return failureOutcome(answer, "send", secrets);
  const body = answer.body.trim() === "" ? {} : readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  const ids = body.message_uuid;
  const id = readText(Array.isArray(ids) ? ids[0] : ids);
  if (id === null && Array.isArray(body.invalid_number) && body.invalid_number.length > 0) {
    return { kind: "refused", reason: "bad_number", code: null, text: "Plivo takes the number for invalid" };
  }
  return { kind: "accepted", providerMessageId: id, status: "handed_over" };
}

function failureOutcome(answer: ProviderAnswer, step: Step, secrets: string[]): Outcome {
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) {
    return { kind: answer.reached ? unclear : "unreachable", text: safeText(answer.text, secrets) };
  }
  const { status } = answer;
  const text = safeText(saidBy(readFields(answer.body)) ?? "Unknown error", secrets);
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  if (status >= 500 || status === 408) return { kind: unclear, text: `${text} (HTTP ${status})` };
  if (status === 401 || status === 403) return { kind: "broken-credential", text };
  // Plivo gives this no status of its own.
  const noFunds = status === 402 || /insufficient (credit|balance|fund)/i.test(text);
  return { kind: "refused", reason: noFunds ? "no_funds" : "other", code: String(status), text };
}

/** `error` is a text, or an object with one text per parameter. */
function saidBy(body: Fields | null): string | null {
  const error = body?.error ?? body?.message;
  return typeof error === "object" && error !== null ? JSON.stringify(error) : readText(error);
}

/** What opens the files of the account. */
export function accountHeaders(settings: ChannelSettings): Record<string, string> {
  const credentials = readCredentials(settings);
  return credentials === null ? {} : { authorization: `Basic ${credentials.basic}` };
}

function readCredentials(settings: ChannelSettings): { authId: string; token: string; basic: string } | null {
  const authId = readText(settings.authId);
  const token = readText(settings.authToken);
  if (authId === null || token === null) return null;
  return { authId, token, basic: Buffer.from(`${authId}:${token}`, "utf8").toString("base64") };
}

/** The account one sends with; null without credentials. */
function openAccount(context: SendContext): Account | null {
  const credentials = readCredentials(context.settings);
  if (credentials === null) return null;
  const { authId, token, basic } = credentials;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const url = `${base}/v1/Account/${encodeURIComponent(authId)}`;
  const headers = { authorization: `Basic ${basic}`, accept: "application/json" };
  return {
    secrets: [basic, token],
    post: (path, body) =>
      context.call(`POST ${path}`, {
        method: "POST",
        url: url + path,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
        timeoutMs: TIMEOUT_MS,
      }),
    get: (path) =>
      context.call(`GET ${path}`, { method: "GET", url: url + path, headers, timeoutMs: TIMEOUT_MS }),
  };
}
