import type { Outcome, RefusalReason } from "../../domain/outcome.ts";
import { readFields, readText } from "../../tools/json-body.ts";
import { retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { OutgoingText, ProviderAnswer, SendContext } from "../types.ts";

/**
 * A text is a batch with one number. `client_reference` comes back in receipts but does not stop a second batch, so
 * a send without a clear answer is never repeated.
 */
export const DEFAULT_API_URL = "https://us.sms.api.sinch.com";
export const NOT_CONFIGURED = "Sinch not configured. Please add Service Plan ID and API Token.";

const TIMEOUT_MS = 15_000;

/** Codes of a 403 that blame the text and not the credential. */
const REFUSALS = new Map<string, RefusalReason>([
  ["illegal_number_type", "bad_number"],
  ["missing_callback_url", "other"],
  ["unknown_campaign", "other"],
  ["unknown_group", "other"],
]);

/** `send` hands a text over: without a clear answer it may have gone out. A `read` may simply be done again. */
type Step = "send" | "read";

interface Account {
  base: string;
  token: string;
  /** What no text may repeat. */
  secrets: string[];
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const account = readAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await context.call("POST /batches", {
    method: "POST",
    url: `${account.base}/batches`,
    headers: { ...headers(account), "content-type": "application/json" },
    body: JSON.stringify({
      to: [text.to],
      from: text.from || context.address,
      body: text.text,
      delivery_report: "per_recipient",
      callback_url: context.doorUrl("inbound"),
      client_reference: text.id,
    }),
    timeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok || !isSuccess(answer)) return failureOutcome(answer, "send", account);
  const body = answer.body.trim() === "" ? {} : readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  return { kind: "accepted", providerMessageId: readText(body.id), status: "handed_over" };
}

export async function probeAccount(context: SendContext): Promise<Outcome> {
  const account = readAccount(context);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await context.call("GET /batches", {
    method: "GET",
    url: `${account.base}/batches?page_size=1`,
    headers: headers(account),
    timeoutMs: TIMEOUT_MS,
  });
  if (!isSuccess(answer)) return failureOutcome(answer, "read", account);
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

/** The address of a region is enough: the path is the same everywhere. */
function readAccount(context: SendContext): Account | null {
  const plan = readText(context.settings.servicePlanId);
  const token = readText(context.settings.apiToken);
  if (plan === null || token === null) return null;
  const origin = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/(\/xms(\/v1)?)?\/*$/, "");
  const secrets = [token, readText(context.settings.webhookSecret) ?? ""];
  return { base: `${origin}/xms/v1/${encodeURIComponent(plan)}`, token, secrets };
}

function headers(account: Account): Record<string, string> {
  return { authorization: `Bearer ${account.token}`, accept: "application/json" };
}

function isSuccess(answer: ProviderAnswer): boolean {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

/** 400 and 403 come with a code of Sinch's own, which goes before the HTTP status. */
function failureOutcome(answer: ProviderAnswer, step: Step, account: Account): Outcome {
  const safe = (said: string): string => safeText(said, account.secrets);
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) return { kind: answer.reached ? unclear : "unreachable", text: safe(answer.text) };
  const { status } = answer;
  const body = readFields(answer.body);
  const code = readText(body?.code);
  const text = safe(`${readText(body?.text) ?? "Unknown error"} (${code ?? `HTTP ${status}`})`);
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  if (status >= 500 || status === 408) return { kind: unclear, text };
  const reason = REFUSALS.get(code ?? "");
  if ((status === 401 || status === 403) && !reason) {
    return { kind: "broken-credential", text: `credential refused: ${text}` };
  }
  const why = reason ?? (status === 402 ? "no_funds" : "other");
  return { kind: "refused", reason: why, code: safe(code ?? String(status)), text };
}
