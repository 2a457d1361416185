import type { Outcome, RefusalReason } from "../../domain/outcome.ts";
import { type Fields, isFields, readFields, readText } from "../../tools/json-body.ts";
import { countedSegments, retryAfterMs, safeText } from "../../tools/provider-answers.ts";
import type { ChannelSettings, OutgoingText, ProviderAnswer, SendContext } from "../types.ts";

/** `tag` comes back in webhooks but does not stop a second text: a send without a clear answer is never repeated. */
export const DEFAULT_API_URL = "https://messaging.bandwidth.com/api/v2";
export const NOT_CONFIGURED =
  "Bandwidth not configured. Please add Account ID, API User, API Password and Application ID.";

const TIMEOUT_MS = 15_000;

/** Which field of the request Bandwidth blames. */
const BLAMES = new Map<string, RefusalReason>([
  ["to", "bad_number"],
  ["from", "sender"],
  ["applicationId", "sender"],
  ["text", "content"],
]);

/** `send` hands a text over: without a clear answer it may have gone out. A `read` may simply be done again. */
type Step = "send" | "read";

interface Account {
  base: string;
  applicationId: string;
  authorization: string;
  /** What no text may repeat. */
  secrets: string[];
}

export async function sendText(text: OutgoingText, context: SendContext): Promise<Outcome> {
  const account = readAccount(context.settings);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await context.call("POST /messages", {
    method: "POST",
    url: `${account.base}/messages`,
    headers: { ...headers(account), "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({
      applicationId: account.applicationId,
      to: [text.to],
      from: text.from || context.address,
      text: text.text,
      ...(text.mediaUrls.length === 0 ? {} : { media: text.mediaUrls }),
      tag: text.id,
    }),
    timeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok || !isSuccess(answer)) return failureOutcome(answer, "send", account);
  const body = answer.body.trim() === "" ? {} : readFields(answer.body);
  if (body === null) return { kind: "uncertain", text: `HTTP ${answer.status} with an unreadable body` };
  return {
    ...{ kind: "accepted", providerMessageId: readText(body.id), status: "handed_over" },
    ...countedSegments(body.segmentCount),
  };
}

/** The list of media is the one read of the messaging API that asks for no filter. */
export async function probeAccount(context: SendContext): Promise<Outcome> {
  const account = readAccount(context.settings);
  if (account === null) return { kind: "broken-credential", text: NOT_CONFIGURED };
  const answer = await context.call("GET /media", {
    method: "GET",
    url: `${account.base}/media`,
    headers: headers(account),
    timeoutMs: TIMEOUT_MS,
  });
  if (!isSuccess(answer)) return failureOutcome(answer, "read", account);
  return { kind: "accepted", providerMessageId: null, status: "handed_over" };
}

/** What opens the files of the account. */
export function accountHeaders(settings: ChannelSettings): Record<string, string> {
  const account = readAccount(settings);
  return account === null ? {} : { authorization: account.authorization };
}

function readAccount(settings: ChannelSettings): Account | null {
  const accountId = readText(settings.accountId);
  const username = readText(settings.username);
  const applicationId = readText(settings.applicationId);
  // Blanks may belong to a password.
  const { password } = settings;
  if (accountId === null || username === null || applicationId === null) return null;
  if (typeof password !== "string" || password === "") return null;
  const credentials = Buffer.from(`${username}:${password}`).toString("base64");
  const api = (readText(settings.apiUrl) ?? DEFAULT_API_URL).replace(/\/+$/, "");
  return {
    base: `${api}/users/${encodeURIComponent(accountId)}`,
    applicationId,
    authorization: `Basic ${credentials}`,
    secrets: [credentials, password, readText(settings.callbackPassword) ?? ""],
  };
}

function headers(account: Account): Record<string, string> {
  return { authorization: account.authorization, accept: "application/json" };
}

function isSuccess(answer: ProviderAnswer): boolean {
  return answer.ok && answer.status >= 200 && answer.status < 300;
}

function failureOutcome(answer: ProviderAnswer, step: Step, account: Account): Outcome {
  const safe = (said: string): string => safeText(said, account.secrets);
  const unclear = step === "send" ? "uncertain" : "unreachable";
  if (!answer.ok) return { kind: answer.reached ? unclear : "unreachable", text: safe(answer.text) };
  const { status } = answer;
  const body = readFields(answer.body) ?? {};
  const code = readText(body.type);
  const text = safe(`${describe(body)} (${code ?? `HTTP ${status}`})`);
  if (status === 429) return { kind: "throttled", retryAfterMs: retryAfterMs(answer.headers), text };
  if (status >= 500 || status === 408) return { kind: unclear, text };
  if (status === 401 || status === 403) {
    return { kind: "broken-credential", text: `credential refused: ${text}` };
  }
  const reason = status === 402 ? "no_funds" : blamed(body);
  return { kind: "refused", reason, code: safe(code ?? String(status)), text };
}

/** What it says as a whole, then about single fields. A 404 comes from the server in front, with `message`. */
function describe(body: Fields): string {
  const said = readText(body.description) ?? readText(body.message) ?? "Unknown error";
  const details = fieldErrors(body).map(({ field, said: about }) => `${field}: ${about}`);
  return [said, ...details].join("; ");
}

function blamed(body: Fields): RefusalReason {
  const reasons = fieldErrors(body).flatMap(({ field }) => BLAMES.get(/^\w+/.exec(field)?.[0] ?? "") ?? []);
  return reasons[0] ?? "other";
}

function fieldErrors(body: Fields): { field: string; said: string }[] {
  return (Array.isArray(body.fieldErrors) ? body.fieldErrors : []).filter(isFields).map((error: Fields) => ({
    field: readText(error.fieldName) ?? "",
    said: readText(error.description) ?? "",
  }));
}
