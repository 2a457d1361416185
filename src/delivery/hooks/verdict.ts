import type { OutcomeKind } from "../../domain/outcome.ts";
import type { OutboundAnswer } from "../../tools/outbound-http.ts";
import { readRetryAfter } from "./schedule.ts";

/*
 * What one attempt means. Whose fault it was decides everything else: what is ours costs the receiver no step,
 * opens no breaker and ages no clock.
 */

export type VerdictCode =
  | "ok"
  | "redirect"
  | "body_refused"
  | "client_error"
  | "gone"
  | "throttled"
  | "gateway"
  | "server_error"
  | "timeout_connect"
  | "timeout_total"
  | "connection"
  | "tls"
  | "dns_missing"
  | "dns_failed"
  | "address_refused"
  | "egress_down"
  | "secret_unreadable"
  | "not_writable"
  | "interrupted";

export interface VerdictRule {
  fault: "theirs" | "ours" | null;
  usesStep: boolean;
  /** Whether it counts towards opening the breaker, and for the clock of five days. */
  breaker: boolean;
  clock: boolean;
  /** `back`: put back as it was. `hold`: kept until the endpoint is enabled again. */
  delivery: "end" | "retry" | "back" | "hold";
  lane: "close" | "none" | "pause" | "wait" | "disable";
  outcome: OutcomeKind;
  words: string;
}

const THEIRS = { fault: "theirs", usesStep: true, breaker: true, clock: true, delivery: "retry" } as const;
const OURS = { fault: "ours", usesStep: false, breaker: false, clock: false, delivery: "back" } as const;

const VERDICTS: Record<VerdictCode, VerdictRule> = {
  ok: {
    fault: null,
    usesStep: false,
    breaker: false,
    clock: false,
    delivery: "end",
    lane: "close",
    outcome: "accepted",
    words: "taken",
  },
  redirect: { ...THEIRS, lane: "none", outcome: "refused", words: "the endpoint has moved" },
  body_refused: {
    ...THEIRS,
    breaker: false,
    lane: "none",
    outcome: "refused",
    words: "the endpoint refused this body",
  },
  client_error: { ...THEIRS, lane: "none", outcome: "refused", words: "the endpoint refused the request" },
  gone: {
    ...THEIRS,
    usesStep: false,
    breaker: false,
    clock: false,
    delivery: "hold",
    lane: "disable",
    outcome: "refused",
    words: "the endpoint says that it is gone for good",
  },
  throttled: {
    ...THEIRS,
    usesStep: false,
    breaker: false,
    clock: false,
    delivery: "back",
    lane: "pause",
    outcome: "throttled",
    words: "the endpoint asked us to slow down",
  },
  gateway: { ...THEIRS, lane: "pause", outcome: "unreachable", words: "a gateway in front of it failed" },
  server_error: { ...THEIRS, lane: "none", outcome: "unreachable", words: "the endpoint failed" },
  timeout_connect: { ...THEIRS, lane: "none", outcome: "unreachable", words: "no connection in time" },
  timeout_total: { ...THEIRS, lane: "none", outcome: "uncertain", words: "no answer in time" },
  connection: { ...THEIRS, lane: "none", outcome: "unreachable", words: "the connection failed" },
  tls: { ...THEIRS, lane: "none", outcome: "unreachable", words: "its certificate is not good" },
  dns_missing: { ...THEIRS, lane: "none", outcome: "unreachable", words: "its name does not exist" },
  dns_failed: { ...THEIRS, lane: "none", outcome: "unreachable", words: "its name could not be looked up" },
  address_refused: { ...THEIRS, lane: "none", outcome: "unreachable", words: "its address is not allowed" },
  egress_down: { ...OURS, lane: "wait", outcome: "unreachable", words: "our own network is down" },
  secret_unreadable: {
    ...OURS,
    lane: "wait",
    outcome: "broken-credential",
    words: "its secret cannot be read; is SIGNALBOX_SECRET the same?",
  },
  // A fault of this delivery alone: tried on schedule, so that it ends and is seen.
  not_writable: {
    ...OURS,
    usesStep: true,
    delivery: "retry",
    lane: "none",
    outcome: "refused",
    words: "the request could not be written",
  },
  interrupted: { ...OURS, lane: "none", outcome: "uncertain", words: "the program stopped in between" },
};

export interface Verdict {
  code: VerdictCode;
  rule: VerdictRule;
  /** HTTP status; null without an answer. */
  status: number | null;
  /** Whether the receiver may have worked on it. */
  mayBeProcessed: boolean;
  /** What the endpoint asked for, ms. */
  retryAfterMs: number | null;
  /** In words, for people. */
  text: string;
}

const BODY_REFUSED = new Set([400, 413, 415, 422]);

/** Judges what came back. `egressDown`: nothing at all can be reached from here right now. */
export function verdictOf(answer: OutboundAnswer, now: number, egressDown: boolean): Verdict {
  if (!answer.ok) {
    const code = codeOfFailure(answer);
    const ours = egressDown && isNoConnection(code);
    return verdict(ours ? "egress_down" : code, null, {
      detail: answer.text,
      mayBeProcessed: answer.reached,
    });
  }
  const { status, headers } = answer;
  const retryAfterMs = status >= 400 ? readRetryAfter(headers["retry-after"], now) : null;
  const code = codeOfStatus(status, retryAfterMs !== null);
  const mayBeProcessed = status !== 429 && status !== 503;
  return verdict(code, status, { retryAfterMs, detail: detailOf(code, headers, now), mayBeProcessed });
}

/** A verdict of our own making, without an answer. */
export function ownVerdict(code: "interrupted" | "secret_unreadable" | "not_writable", text = ""): Verdict {
  return verdict(code, null, { detail: text, mayBeProcessed: code === "interrupted" });
}

function verdict(
  code: VerdictCode,
  status: number | null,
  told: { retryAfterMs?: number | null; detail: string; mayBeProcessed: boolean },
): Verdict {
  const rule = VERDICTS[code];
  const http = status === null ? "" : ` (HTTP ${status})`;
  const text = told.detail === "" ? `${rule.words}${http}` : `${rule.words}${http}: ${told.detail}`;
  return {
    code,
    rule,
    status,
    retryAfterMs: told.retryAfterMs ?? null,
    text,
    mayBeProcessed: told.mayBeProcessed,
  };
}

function codeOfStatus(status: number, saysWhen: boolean): VerdictCode {
  if (status >= 200 && status < 300) return "ok";
  if (status < 400) return "redirect";
  if (status === 410) return "gone";
  if (status === 429) return "throttled";
  if (status === 502 || status === 504 || (status === 503 && saysWhen)) return "gateway";
  if (status >= 500) return "server_error";
  return BODY_REFUSED.has(status) ? "body_refused" : "client_error";
}

/** Four minutes: a receiver that checks timestamps within five is about to refuse everything. */
const CLOCK_DIFFERENCE_MS = 4 * 60_000;

function detailOf(code: VerdictCode, headers: Record<string, string>, now: number): string {
  if (code === "redirect") {
    const host = URL.parse(headers.location ?? "", "http://relative.invalid")?.host ?? "";
    const where = host === "" || host === "relative.invalid" ? "another address" : host;
    return `redirects are not followed; it points to ${where}, so change the URL`;
  }
  if (code !== "body_refused" && code !== "client_error") return "";
  const theirs = Date.parse(headers.date ?? "");
  const difference = now - theirs;
  if (!(Math.abs(difference) > CLOCK_DIFFERENCE_MS)) return "";
  const minutes = Math.round(Math.abs(difference) / 60_000);
  return `the receiver's clock is ${minutes} min ${difference > 0 ? "behind" : "ahead"}`;
}

const CERTIFICATE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$)/;

function codeOfFailure({ code, reached }: { code: string; reached: boolean }): VerdictCode {
  switch (code) {
    case "timeout":
      return reached ? "timeout_total" : "timeout_connect";
    case "connect_timeout":
    case "ETIMEDOUT":
      return "timeout_connect";
    case "target_refused":
      return "address_refused";
    case "ENOTFOUND":
    case "ENODATA":
      return "dns_missing";
    case "ETIMEOUT":
    case "ESERVFAIL":
    case "EREFUSED":
    case "EAI_AGAIN":
      return "dns_failed";
    default:
      return CERTIFICATE.test(code) ? "tls" : "connection";
  }
}

/** Failures that a dead network of ours would look like. */
export function isNoConnection(code: VerdictCode): boolean {
  return code === "timeout_connect" || code === "connection" || code === "dns_failed";
}
