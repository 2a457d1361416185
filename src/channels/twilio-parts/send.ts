import type { Outcome } from "../../domain/outcome.ts";
import { readFields, readText } from "../../tools/json-body.ts";
import { receiptAddress } from "../../tools/own-text-id.ts";
import { countedSegments, retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { ChannelSettings, OutgoingText, ProviderAnswer, SendContext } from "../types.ts";
import { meaningOf } from "./codes.ts";

/** Calls of Twilio's REST API, version 2010-04-01, and what the answers mean. */
export const DEFAULT_API_URL = "https://api.twilio.com";

const NOT_CONFIGURED = "Twilio is not configured. Please add Account SID and Auth Token.";
const TIMEOUT_MS = 15_000;
/** "The StatusCallback URL is not valid": what an address that only this machine knows is told. */
const BAD_CALLBACK = "21609";
/** The address for receipts that Twilio did not take; another one is tried again. */
const REFUSED_CALLBACK_KEY = "refused-status-callback";

type Answered = Extract<ProviderAnswer, { ok: true }>;

/** `send` hands a text over: without a clear answer it may have gone out. `ask` changes nothing. */
type Step = "send" | "ask";

interface Account {
  post(path: string, form: URLSearchParams): Promise<ProviderAnswer>;
  get(path: string, query?: string): Promise<ProviderAnswer>;
  /** What must not stand in any text. */
  secrets: string[];
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const account = openAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const service = readText(context.settings.messagingServiceSid);
  const form = new URLSearchParams({ To: text.to, Body: text.text });
  if (service === null) form.set("From", text.from || context.address);
  else form.set("MessagingServiceSid", service);
  for (const url of text.mediaUrls) form.append("MediaUrl", url);
  const post = () => account.post("/Messages.json", form);

  const callback = context.doorUrl("status");
  if ((await context.memory.get(REFUSED_CALLBACK_KEY)) !== callback) {
    form.set("StatusCallback", receiptAddress(callback, text.id));
    const answer = await post();
    if (!refusesCallback(answer)) return sendOutcome(answer, account.secrets);
    // Nothing was sent. A text without receipts is better than none.
    await context.memory.put(REFUSED_CALLBACK_KEY, callback);
    form.delete("StatusCallback");
  }
  return sendOutcome(await post(), account.secrets);
}

/** Reads the account itself, which costs nothing. */
export async function probeAccount(context: SendContext): Promise<Outcome> {
  const account = openAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await account.get(".json");
  if (!isSuccess(answer)) return failureOutcome(answer, "ask", account.secrets);
  const status = readText(readFields(answer.body)?.status);
  if (status !== null && status !== "active") {
    return { kind: "broken-credential", text: safeText(`The Twilio account is ${status}`, account.secrets) };
  }
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

function refusesCallback(answer: ProviderAnswer): boolean {
  return answer.ok && answer.status === 400 && readCode(readFields(answer.body)?.code) === BAD_CALLBACK;
}

export function isSuccess(answer: ProviderAnswer): answer is Answered {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

function sendOutcome(answer: ProviderAnswer, secrets: string[]): Outcome {
  if (!isSuccess(answer)) return failureOutcome(answer, "send", secrets);
  const body = answer.body.trim() === "" ? {} : readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  const status = readText(body.status);
  if (status === "failed" || status === "undelivered" || status === "canceled") {
    const code = readCode(body.error_code);
    const text = errorText(readText(body.error_message), code, secrets);
    return outcomeOfCode(code, text, answer) ?? { kind: "refused", reason: "other", code, text };
  }
  return {
    kind: "accepted",
    providerMessageId: readText(body.sid),
    status: status === "sent" || status === "delivered" ? status : "handed_over",
    ...countedSegments(body.num_segments),
  };
}

function failureOutcome(answer: ProviderAnswer, step: Step, secrets: string[]): Outcome {
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) {
    return { kind: answer.reached ? unclear : "unreachable", text: safeText(answer.text, secrets) };
  }
  const { status } = answer;
  const body = readFields(answer.body);
  const code = readCode(body?.code);
  const text = errorText(readText(body?.message), code, secrets);
  const known = outcomeOfCode(code, text, answer);
  if (known) return known;
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  if (status >= 500 || status === 408) return { kind: unclear, text: `${text} (HTTP ${status})` };
  if (status === 401 || status === 403) return { kind: "broken-credential", text };
  const reason = status === 402 ? "no_funds" : "other";
  return { kind: "refused", reason, code: code ?? String(status), text };
}

/** Twilio's own code says more than the HTTP status. */
function outcomeOfCode(code: string | null, text: string, answer: Answered): Outcome | null {
  const meaning = meaningOf(code);
  switch (meaning?.kind) {
    case undefined:
    case "carrier":
      return null;
    case "refused":
      return { kind: "refused", reason: meaning.reason, code, text };
    case "throttled":
      return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
    case "broken-credential":
      return { kind: "broken-credential", text };
    default:
      return meaning satisfies never;
  }
}

export function readCode(value: unknown): string | null {
  const code = readText(value);
  return code !== null && /^\d{1,10}$/.test(code) ? code : null;
}

function errorText(said: string | null, code: string | null, secrets: string[]): string {
  const text = said ?? meaningOf(code)?.words ?? "Unknown error";
  return safeText(code === null ? text : `Twilio ${code}: ${text}`, secrets);
}

/** What opens the files of the account. */
export function accountHeaders(settings: ChannelSettings): Record<string, string> {
  const credentials = readCredentials(settings);
  return credentials === null ? {} : { authorization: `Basic ${credentials.basic}` };
}

function readCredentials(settings: ChannelSettings): { sid: string; token: string; basic: string } | null {
  const sid = readText(settings.accountSid);
  const token = readText(settings.authToken);
  if (sid === null || token === null) return null;
  return { sid, token, basic: Buffer.from(`${sid}:${token}`, "utf8").toString("base64") };
}

/** The account one sends with; null without credentials. */
export function openAccount(context: SendContext): Account | null {
  const credentials = readCredentials(context.settings);
  if (credentials === null) return null;
  const { sid, token, basic } = credentials;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const url = `${base}/2010-04-01/Accounts/${encodeURIComponent(sid)}`;
  const headers = { authorization: `Basic ${basic}`, accept: "application/json" };
  return {
    secrets: [basic, token],
    post: (path, form) =>
      context.call(`POST ${path}`, {
        method: "POST",
        url: url + path,
        headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
        body: form.toString(),
        timeoutMs: TIMEOUT_MS,
      }),
    get: (path, query = "") =>
      context.call(`GET ${path}`, {
        method: "GET",
        url: url + path + query,
        headers,
        timeoutMs: TIMEOUT_MS,
      }),
  };
}
