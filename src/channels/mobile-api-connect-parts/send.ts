import type { Outcome, RefusalReason } from "../../domain/outcome.ts";
import { type Fields, isFields, readFields, readText } from "../../tools/json-body.ts";
import { retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { OutgoingText, ProviderAnswer, SendContext } from "../types.ts";

/** Mobile API Connect's API. Its own error code goes before the HTTP status. */
export const DEFAULT_API_URL = "https://api.mobileapiconnect.com/v1";
export const NO_KEY = "Mobile API Connect not configured. Please add the API key.";

const TIMEOUT_MS = 15_000;
const MAX_REF_LENGTH = 64;

type Answered = Extract<ProviderAnswer, { ok: true }>;
type Api = (
  method: "GET" | "POST",
  path: "/messages" | "/webhooks",
  body?: Fields,
) => Promise<ProviderAnswer>;

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NO_KEY };
  const answer = await api("POST", "/messages", {
    to: text.to,
    text: text.text,
    ...(text.id.length <= MAX_REF_LENGTH ? { ref: text.id } : {}),
    callback: context.doorUrl("status"),
  });
  if (!answer.ok) return { kind: answer.reached ? "uncertain" : "unreachable", text: answer.text };
  if (answer.status < 200 || answer.status > 299) return failureOutcome(answer, context);
  const body = readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  const status = body.status === "sent" || body.status === "delivered" ? body.status : "handed_over";
  return { kind: "accepted", providerMessageId: readText(body.id), status };
}

/**
 * Asks for the forward-all webhook. Nothing set there is an answer too: only an accepted key is told so.
 */
export async function probeAccount(context: SendContext): Promise<Outcome> {
  const api = createApi(context);
  if (api === null) return { kind: "broken-credential", text: NO_KEY };
  const answer = await api("GET", "/webhooks");
  if (!answer.ok) return { kind: "unreachable", text: answer.text };
  const body = readFields(answer.body);
  const isSuccess = answer.status >= 200 && answer.status <= 299 && body !== null;
  if (isSuccess || body?.error === "no_webhook_config" || body?.error === "not_found") {
    return { kind: "accepted", providerMessageId: null, status: "handed_over" };
  }
  const failed = failureOutcome(answer, context);
  return failed.kind === "uncertain" ? { kind: "unreachable", text: failed.text } : failed;
}

const CREDENTIAL = ["unauthorized", "invalid_api_key", "tenant_inactive"];

function failureOutcome(answer: Answered, context: SendContext): Outcome {
  const body = readFields(answer.body) ?? {};
  const error = readText(body.error);
  // A sentence in its place is no code.
  const code = error !== null && /^\w{1,64}$/.test(error) ? error : null;
  const { status } = answer;
  const secrets = [context.settings.apiKey, context.settings.webhookSecret].map((one) => readText(one) ?? "");
  const said = safeText(words(body, error, status), secrets);
  if (code !== null && CREDENTIAL.includes(code)) return { kind: "broken-credential", text: said };
  // No phone is online there: nothing was stored, another channel may take it.
  if (code === "no_active_device_for_tenant") return { kind: "unreachable", text: said };
  if (code === "rate_limited" || status === 429) {
    return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text: said };
  }
  const reason = code === null ? null : refusalReason(code, body);
  if (reason !== null) return { kind: "refused", reason, code, text: said };
  if (status === 401 || status === 403) return { kind: "broken-credential", text: said };
  if (status < 300 || status === 408 || status >= 500) return { kind: "uncertain", text: said };
  return {
    kind: "refused",
    reason: status === 402 ? "no_funds" : "other",
    code: code ?? String(status),
    text: said,
  };
}

/** Null where the code alone does not say no. */
function refusalReason(code: string, body: Fields): RefusalReason | null {
  if (code === "opted_out") return "opted_out";
  if (code === "invalid_number") return "bad_number";
  if (code === "no_credit") return "no_funds";
  if (code !== "validation_error") return null;
  const paths = issuesOf(body).map((issue) => issue.path);
  if (paths.includes("to")) return "bad_number";
  return paths.includes("text") ? "content" : "other";
}

function issuesOf(body: Fields): { path: string; message: string }[] {
  if (!Array.isArray(body.issues)) return [];
  return body.issues.filter(isFields).map((issue) => ({
    path: Array.isArray(issue.path) ? issue.path.join(".") : (readText(issue.path) ?? ""),
    message: readText(issue.message) ?? "",
  }));
}

function words(body: Fields, code: string | null, status: number): string {
  const issues = issuesOf(body).map(({ path, message }) => `${path}: ${message}`);
  const said = [code ?? `HTTP ${status}`, readText(body.message)].filter((part) => part !== null).join(": ");
  return issues.length === 0 ? said : `${said} (${issues.join("; ")})`;
}

/** Calls with the account's key; null without one. */
function createApi(context: SendContext): Api | null {
  const apiKey = readText(context.settings.apiKey);
  if (apiKey === null) return null;
  const base = (readText(context.settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  return async (method, path, body) => {
    const answer = await context.call(`${method} ${path}`, {
      method,
      url: base + path,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: TIMEOUT_MS,
    });
    return answer.ok ? answer : { ...answer, text: safeText(answer.text, [apiKey]) };
  };
}
