import type { HookFormat } from "../../delivery/formats/types.ts";
import type { EgressWatch } from "../../delivery/hooks/egress.ts";
import { noteCall } from "../../delivery/hooks/egress.ts";
import { headersOf, shownHeaders, webhookId } from "../../delivery/hooks/request.ts";
import type { LiveSecret } from "../../delivery/hooks/signing.ts";
import type { Verdict } from "../../delivery/hooks/verdict.ts";
import { ownVerdict, verdictOf } from "../../delivery/hooks/verdict.ts";
import type { HookFlight } from "../../store/hook-claim.ts";
import type { OutboundAnswer, OutboundRequest } from "../../tools/outbound-http.ts";
import type { SecretBox } from "../../tools/secrets.ts";

/** What is read of an answer, and what of it is kept. */
const MOST_BYTES_READ = 64 * 1024;
const BODY_MS = 2_000;
const MOST_BYTES_KEPT = 4 * 1024;
/** Failures in a row after which one more is no news about our own network. */
const KNOWN_TO_FAIL = 2;

export interface HookCaller {
  formats: Map<string, HookFormat>;
  box: SecretBox;
  call: (request: OutboundRequest) => Promise<OutboundAnswer>;
  egress: EgressWatch;
  publicUrl: () => string;
  version: string;
}

/** One try, and what it came to. */
export interface HookTry {
  flight: HookFlight;
  format: HookFormat | null;
  /** Null: this event is none of the endpoint's business. */
  verdict: Verdict | null;
  skipped: string | null;
  body: string | null;
  ms: number;
  /** The database's clock at the end. */
  endedAt: number;
  request: { url: string; headers: Record<string, string> } | null;
  response: { status: number; headers: Record<string, string>; body: string } | null;
}

/** What came of a try that failed before anything was sent, by a fault of our own. */
export function failedTry(flight: HookFlight, claimedAtMs: number, error: unknown): HookTry {
  const said = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const verdict = ownVerdict("not_writable", said);
  const endedAt = flight.claimedAt + (performance.now() - claimedAtMs);
  const none = { format: null, skipped: null, body: null, ms: 0, request: null, response: null };
  return { ...none, flight, verdict, endedAt };
}

/**
 * Sends one delivery. The timestamp is the database's clock at the claim plus what has passed since: a process
 * clock that is wrong or jumps does no harm.
 */
export async function flyHook(flight: HookFlight, claimedAtMs: number, caller: HookCaller): Promise<HookTry> {
  const dbNow = () => flight.claimedAt + (performance.now() - claimedAtMs);
  const format = caller.formats.get(flight.format) ?? null;
  const none = { flight, format, skipped: null, body: null, ms: 0, request: null, response: null };
  if (!format) {
    return { ...none, verdict: null, skipped: `no such format: ${flight.format}`, endedAt: dbNow() };
  }
  const { event } = flight;
  if (!event) return { ...none, verdict: null, skipped: "its event is no longer kept", endedAt: dbNow() };
  const rendered = flight.body === null ? render(flight, event, format, caller) : { body: flight.body };
  if ("skip" in rendered) return { ...none, verdict: null, skipped: rendered.skip, endedAt: dbNow() };
  const opened = open(flight, caller.box);
  if (!opened) return { ...none, verdict: ownVerdict("secret_unreadable"), endedAt: dbNow() };
  const body = Buffer.from(rendered.body);
  const headers = headersOf({
    webhookId: webhookId(event.id, flight.endpointId, format.isNative),
    seconds: Math.floor(dbNow() / 1_000),
    body,
    attempt: flight.tries + 1,
    messageId: flight.messageId,
    sequence: flight.sequence,
    own: opened.own,
    secrets: opened.secrets,
    signing: flight.signing,
    mac: format.mac,
    version: caller.version,
  });
  const began = performance.now();
  const answer = await callOnce(flight, { headers, body, isCautious: format.isCautious }, caller);
  const now = dbNow();
  const verdict = verdictOf(answer, now, caller.egress.isDown(performance.now()));
  return {
    ...none,
    verdict,
    body: format.isNative ? null : rendered.body,
    ms: Math.round(performance.now() - began),
    endedAt: now,
    request: { url: flight.url, headers: shownHeaders(headers, opened.own) },
    response: answer.ok ? excerptOf(answer) : null,
  };
}

function render(
  flight: HookFlight,
  event: NonNullable<HookFlight["event"]>,
  format: HookFormat,
  caller: HookCaller,
) {
  const told = { ...event, tenantId: flight.tenantId };
  return format.render(told, {
    source: flight.source,
    tenantName: flight.tenantName,
    options: flight.formatOptions,
    contact: flight.contact,
    publicUrl: caller.publicUrl(),
  });
}

/** A kept connection may die just as it is used again: that is repeated once, on a fresh one, in what time is left. */
async function callOnce(
  flight: HookFlight,
  request: { headers: Record<string, string>; body: Buffer; isCautious: boolean },
  caller: HookCaller,
): Promise<OutboundAnswer> {
  const { headers, body } = request;
  const call = (timeoutMs: number) =>
    caller.call({
      method: "POST",
      url: flight.url,
      headers,
      body,
      timeoutMs,
      maxResponseBytes: MOST_BYTES_READ,
      bodyTimeoutMs: BODY_MS,
    });
  const began = performance.now();
  let answer = await call(flight.timeoutMs);
  const wasReset = !answer.ok && answer.reached && (answer.code === "closed" || answer.code === "ECONNRESET");
  const left = Math.ceil(flight.timeoutMs - (performance.now() - began));
  if (wasReset && !request.isCautious && left > 0) answer = await call(left);
  noteCall(caller.egress, flight.url, answer, flight.lane.failures >= KNOWN_TO_FAIL);
  return answer;
}

/** Opened secrets by their sealed text: opening one costs more than signing with it. */
const opened = new Map<string, string>();
const MOST_OPENED = 5_000;

function openOne(box: SecretBox, sealed: string, associated: string): string {
  const key = `${associated} ${sealed}`;
  const known = opened.get(key);
  if (known !== undefined) return known;
  const text = box.open(sealed, associated);
  if (opened.size >= MOST_OPENED) opened.clear();
  opened.set(key, text);
  return text;
}

/** The secrets and own headers; null when they cannot be read. */
function open(
  flight: HookFlight,
  box: SecretBox,
): { secrets: LiveSecret[]; own: Record<string, string> } | null {
  const { endpointId } = flight;
  try {
    const secrets = flight.secrets.map(({ id, kind, sealed }) => ({
      kind,
      text: openOne(box, sealed, `${endpointId} ${id}`),
    }));
    const own =
      flight.headers === null
        ? {}
        : (JSON.parse(openOne(box, flight.headers, endpointId)) as Record<string, string>);
    return { secrets, own };
  } catch {
    return null;
  }
}

function excerptOf(answer: Extract<OutboundAnswer, { ok: true }>) {
  const body = Buffer.from(answer.body).toString("utf8", 0, MOST_BYTES_KEPT).replaceAll("\0", "");
  return { status: answer.status, headers: answer.headers, body };
}
