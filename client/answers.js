import { SignalboxError } from "./errors.js";

/** @import { Issue } from "./index.js" */

/** What is read to its end before the caller gets it; anything else, such as a stream, is handed on as it is. */
const READ_KINDS = ["application/json", "text/csv", "text/html"];

/**
 * Calls and reads; `text` is null for what the caller reads. What the signal says is thrown as it is.
 *
 * @param {() => Promise<Response>} request
 * @param {AbortSignal | undefined} signal
 */
export async function reach(request, signal) {
  try {
    const answer = await request();
    const isRead = !answer.ok || answer.status === 204 || READ_KINDS.includes(kindOf(answer));
    return { answer, text: isRead ? await answer.text() : null };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SignalboxError("No answer came.", { code: "no_answer", status: 0, cause: error });
  }
}

/**
 * @param {Response} answer
 * @param {string} text
 * @returns {unknown}
 */
export function readAnswer(answer, text) {
  if (!answer.ok) throw failureOf(answer, text);
  if (answer.status === 204) return undefined;
  if (kindOf(answer) === "text/csv") return text;
  const json = kindOf(answer) === "application/json" ? parsed(text) : undefined;
  if (json !== undefined) return json;
  // What a wrong baseUrl shows.
  const message = "Something else came where data was expected. Is the baseUrl right?";
  throw new SignalboxError(message, { code: "not_the_api", status: answer.status });
}

/**
 * The API's error; a code made of the status when somebody between us answered in a way of their own.
 *
 * @param {Response} answer
 * @param {string} text
 */
function failureOf(answer, text) {
  const body = parsed(text);
  const ours = typeof body?.error === "string" ? body : {};
  return new SignalboxError(ours.message ?? `Answered with status ${answer.status}.`, {
    code: ours.error ?? `http_${answer.status}`,
    status: answer.status,
    issues: /** @type {Issue[]} */ (ours.issues ?? []),
    retryAfter: secondsOf(answer.headers.get("retry-after")),
  });
}

/** @param {Response} answer */
function kindOf(answer) {
  return (answer.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
}

/**
 * @param {string} text
 * @returns {any} undefined when it is no JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string | null} retryAfter seconds or a date
 * @returns {number | null}
 */
function secondsOf(retryAfter) {
  if (retryAfter === null) return null;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
