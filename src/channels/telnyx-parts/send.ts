import type { Outcome } from "../../domain/outcome.ts";
import { isFields, readFields, readText } from "../../tools/json-body.ts";
import { receiptAddress } from "../../tools/own-text-id.ts";
import { countedSegments, retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { OutgoingText, ProviderAnswer, SendContext } from "../types.ts";
import { readErrors, type TelnyxError } from "./codes.ts";
import { readStatus } from "./events.ts";

/** Telnyx takes no idempotency key: a send without a clear answer is never repeated. */
export const DEFAULT_API_URL = "https://api.telnyx.com/v2";
export const NOT_CONFIGURED = "Telnyx not configured. Please add the API key.";

const TIMEOUT_MS = 15_000;
/** Larger values of a reset header are a point in time, smaller ones a wait. */
const OLDEST_EPOCH_SECONDS = 1_000_000_000;

/** `send` hands a text over: without a clear answer it may have gone out. A `read` may simply be done again. */
type Step = "send" | "read";

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const apiKey = readText(context.settings.apiKey);
  if (apiKey === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const from = text.from || context.address;
  const profile = readText(context.settings.messagingProfileId);
  const body = JSON.stringify({
    from,
    to: text.to,
    text: text.text,
    ...(text.mediaUrls.length === 0 ? {} : { media_urls: text.mediaUrls }),
    webhook_url: receiptAddress(context.doorUrl("inbound"), text.id),
    ...(profile === null ? {} : { messaging_profile_id: profile }),
  });
  const answer = await context.call("POST /messages", {
    method: "POST",
    url: `${apiBase(context)}/messages`,
    headers: { ...headers(apiKey), "content-type": "application/json" },
    body,
    timeoutMs: TIMEOUT_MS,
  });
  return sendOutcome(answer, apiKey);
}

export async function probeAccount(context: SendContext): Promise<Outcome> {
  const apiKey = readText(context.settings.apiKey);
  if (apiKey === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const profile = readText(context.settings.messagingProfileId);
  const path = profile === null ? "?page%5Bsize%5D=1" : `/${encodeURIComponent(profile)}`;
  const answer = await context.call("GET /messaging_profiles", {
    method: "GET",
    url: `${apiBase(context)}/messaging_profiles${path}`,
    headers: headers(apiKey),
    timeoutMs: TIMEOUT_MS,
  });
  if (isSuccess(answer)) return { kind: "accepted", providerMessageId: null, status: "handed_over" };
  return failureOutcome(answer, "read", apiKey);
}

function headers(apiKey: string): Record<string, string> {
  return { authorization: `Bearer ${apiKey}`, accept: "application/json" };
}

function apiBase(context: SendContext): string {
  return (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
}

function isSuccess(answer: ProviderAnswer): boolean {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

function sendOutcome(answer: ProviderAnswer, apiKey: string): Outcome {
  if (!answer.ok || !isSuccess(answer)) return failureOutcome(answer, "send", apiKey);
  const body = answer.body.trim() === "" ? {} : readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  const data = isFields(body.data) ? body.data : {};
  const to: unknown = Array.isArray(data.to) ? data.to[0] : data.to;
  const status = readStatus(isFields(to) ? to.status : null) ?? "handed_over";
  if (status === "handed_over" || status === "sent" || status === "delivered") {
    return {
      ...{ kind: "accepted", providerMessageId: readText(data.id), status },
      ...countedSegments(data.parts),
    };
  }
  const error = readErrors(data.errors);
  return refusedOutcome(error, error?.code ?? null, error?.text ?? `Telnyx says ${status}`, apiKey);
}

/** The provider's own code goes before the HTTP status. */
function failureOutcome(answer: ProviderAnswer, step: Step, apiKey: string): Outcome {
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) {
    return { kind: answer.reached ? unclear : "unreachable", text: safeText(answer.text, [apiKey]) };
  }
  const { status } = answer;
  const error = readErrors(readFields(answer.body)?.errors);
  const said = error?.text ?? "Unknown error";
  const text = safeText(`${said} (${error?.code ?? `HTTP ${status}`})`, [apiKey]);
  if (error?.meaning === "throttled" || (status === 429 && error?.meaning !== "credential")) {
    return { kind: "throttled", retryAfterMs: waitMs(answer.headers), text };
  }
  const isOpen = error?.meaning === null || error === null;
  if (error?.meaning === "credential" || (isOpen && (status === 401 || status === 403))) {
    return { kind: "broken-credential", text: `credential refused: ${text}` };
  }
  if (isOpen && (status >= 500 || status === 408)) return { kind: unclear, text };
  if (isOpen && status === 402) {
    return { kind: "refused", reason: "no_funds", code: safeText(error?.code ?? "402", [apiKey]), text };
  }
  return refusedOutcome(error, error?.code ?? String(status), text, apiKey);
}

function refusedOutcome(
  error: TelnyxError | null,
  code: string | null,
  said: string,
  apiKey: string,
): Outcome {
  const meaning = error?.meaning ?? "other";
  const reason = meaning === "credential" || meaning === "throttled" ? "other" : meaning;
  return { kind: "refused", reason, code: code && safeText(code, [apiKey]), text: safeText(said, [apiKey]) };
}

/** `Retry-After`, else `x-ratelimit-reset`: seconds to wait, or a point in time measured against the answer's own. */
function waitMs(answerHeaders: Record<string, string>): number | null {
  const wait = retryAfterMs(answerHeaders);
  if (wait !== null) return wait;
  const reset = answerHeaders["x-ratelimit-reset"]?.trim() ?? "";
  if (!/^\d{1,12}(\.\d+)?$/.test(reset)) return null;
  const seconds = Number(reset);
  if (seconds < OLDEST_EPOCH_SECONDS) return Math.ceil(seconds * 1000);
  const ms = seconds * 1000 - Date.parse(answerHeaders.date ?? "");
  return Number.isNaN(ms) ? null : Math.max(0, Math.ceil(ms));
}
