import type { Outcome } from "../../domain/outcome.ts";
import type { ProviderAnswer } from "../types.ts";
import { cleanText, type Fields, isFields, readJson, readText } from "./body.ts";

/** Answers of Mobiniti's API and what they mean. Bodies are undocumented in part, so they are read liberally. */
export type Answered = Extract<ProviderAnswer, { ok: true }>;

/**
 * `send` hands a text over: without a clear answer it may have gone out. `prepare` is all before that (look-up,
 * new contact): it may simply be done again.
 */
type Step = "send" | "prepare";

const RATE_LIMIT_TEXT = "Rate limit exceeded. Mobiniti allows 1 request per second";
const MAX_ERROR_LENGTH = 500;

export function isSuccess(answer: ProviderAnswer): answer is Answered {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

/** First that fits: `data.id`, `data` as text, `data[0].id`, `id`. */
export function readId(body: unknown): string | null {
  if (!isFields(body)) return null;
  const { data } = body;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  const inData = isFields(first) ? readText(first.id) : Array.isArray(data) ? null : readText(data);
  return inData ?? readText(body.id);
}

export function isAccessDenied(answer: Answered): boolean {
  const body = readJson(answer.body);
  return isFields(body) && body.error === "access_denied";
}

/** The outcome of a send that was answered, whatever the answer is. */
export function sendOutcome(answer: ProviderAnswer): Outcome {
  if (!isSuccess(answer)) return failureOutcome(answer, "send", "Unknown error");
  const body = answer.body.trim() === "" ? {} : readJson(answer.body);
  if (body === undefined) {
    return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body${requestId(answer)}` };
  }
  return { kind: "accepted", providerMessageId: readId(body), status: "handed_over" };
}

export function failureOutcome(answer: ProviderAnswer, step: Step, lastResort: string): Outcome {
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) return { kind: answer.reached ? unclear : "unreachable", text: answer.text };
  const { status } = answer;
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer), text: RATE_LIMIT_TEXT };
  const text = errorText(answer, lastResort);
  if (status >= 500 || status === 408) return { kind: unclear, text: `${text} (HTTP ${status})` };
  if (status === 401 || isAccessDenied(answer)) {
    return { kind: "broken-credential", text: `credential refused: ${text}` };
  }
  const reason = status === 402 ? "no_funds" : blamesNumber(answer) ? "bad_number" : "other";
  return { kind: "refused", reason, code: String(status), text };
}

function blamesNumber(answer: Answered): boolean {
  const body = readJson(answer.body);
  return isFields(body) && isFields(body.errors) && "phone_number" in body.errors;
}

/** `message`, else `error`, else the last resort; then the details and Mobiniti's id of the request. */
export function errorText(answer: Answered, lastResort: string): string {
  const body = readJson(answer.body);
  const fields: Fields = isFields(body) ? body : {};
  const said = readText(fields.message) ?? readText(fields.error) ?? lastResort;
  const details = errorDetails(fields.errors);
  const text = details === "" ? said : `${said} (${details})`;
  return text.slice(0, MAX_ERROR_LENGTH).toWellFormed() + requestId(answer);
}

/** `errors` comes as a list or as a map of fields, each with one text or several. */
function errorDetails(errors: unknown): string {
  if (Array.isArray(errors)) return errors.map(detailText).filter(Boolean).join("; ");
  if (!isFields(errors)) return readText(errors) ?? "";
  return Object.entries(errors)
    .map(
      ([field, value]) =>
        `${cleanText(field)}: ${Array.isArray(value) ? value.map(detailText).join(", ") : detailText(value)}`,
    )
    .join("; ");
}

function detailText(value: unknown): string {
  return readText(isFields(value) ? value.message : value) ?? "";
}

function requestId(answer: Answered): string {
  const id = readText(answer.headers["x-request-id"]);
  return id === null ? "" : ` [X-Request-Id: ${id.slice(0, 100)}]`;
}

/** Seconds, or a date, which is measured against the answer's own date. */
function retryAfterMs(answer: Answered): number | null {
  const value = answer.headers["retry-after"]?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const wait = Date.parse(value) - Date.parse(answer.headers.date ?? "");
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
