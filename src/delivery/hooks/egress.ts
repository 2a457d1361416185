import type { OutboundAnswer } from "../../tools/outbound-http.ts";
import type { MailOutcome } from "../send-mail.ts";
import { isNoConnection, verdictOf } from "./verdict.ts";

/*
 * Tells a dead network of ours from dead endpoints. When several hosts cannot be reached and nobody can, the
 * fault is here: no receiver pays for it. Providers and the mail server count like endpoints: they are called when
 * no endpoint is. Hosts that are known to fail say nothing: some are always down, and they must not be taken for the
 * end of our network whenever nobody else is called. One that took connections until now is news all the same, even
 * if it answered with nothing but errors.
 */

const WINDOW_MS = 30_000;
/** While it is down few are called; what they say is good for longer. */
const WINDOW_DOWN_MS = 60_000;
const HOSTS_THAT_TELL = 3;
const MOST_HOSTS = 10_000;
/** Failures after which one more is no news, of a host that was never reached. */
const KNOWN_TO_FAIL = 2;
/** No way out at all, or nobody who resolves names: one of these from any host says so. */
const NO_ROUTE = new Set(["ENETUNREACH", "ENETDOWN", "EHOSTDOWN", "ETIMEOUT", "ESERVFAIL", "EAI_AGAIN"]);

export interface EgressWatch {
  /** How a call ended: whether a connection came about. `isKnown`: it is known from before that it fails. */
  note(host: string, connected: boolean, code: string | null, now: number, isKnown?: boolean): void;
  isDown(now: number): boolean;
}

export function createEgressWatch(): EgressWatch {
  const failing = new Map<string, { at: number; noRoute: boolean }>();
  /** Hosts that took a connection when they were called last. */
  const routed = new Set<string>();
  const inVain = new Map<string, number>();
  let connectedAt = Number.NEGATIVE_INFINITY;
  let wasDown = false;

  /** A host without a route may be one of another kind of network; it tells when it had one, or none is seen at all. */
  function saysNoRoute(host: string, code: string | null, now: number): boolean {
    return NO_ROUTE.has(code ?? "") && (routed.has(host) || now - connectedAt > WINDOW_MS);
  }

  function noteConnection(host: string, now: number): void {
    for (const other of failing.keys()) routed.delete(other);
    failing.clear();
    inVain.delete(host);
    if (routed.size >= MOST_HOSTS) routed.clear();
    routed.add(host);
    connectedAt = now;
  }

  function noteFailure(host: string, code: string | null, now: number, isKnown: boolean): void {
    const before = inVain.get(host) ?? 0;
    if (!routed.has(host) && (isKnown || before >= KNOWN_TO_FAIL)) return;
    if (inVain.size >= MOST_HOSTS) inVain.clear();
    // What fails while nobody is reached is not known to fail by itself.
    if (!wasDown) inVain.set(host, before + 1);
    failing.set(host, { at: now, noRoute: saysNoRoute(host, code, now) });
  }

  return {
    note(host, connected, code, now, isKnown = false) {
      if (connected) noteConnection(host, now);
      else noteFailure(host, code, now, isKnown);
    },
    isDown(now) {
      const window = wasDown ? WINDOW_DOWN_MS : WINDOW_MS;
      for (const [host, { at }] of failing) if (now - at > window) failing.delete(host);
      wasDown =
        failing.size >= HOSTS_THAT_TELL ||
        (failing.size > 0 && [...failing.values()].every((one) => one.noRoute));
      return wasDown;
    },
  };
}

/** Notes how a call over HTTP ended. */
export function noteCall(egress: EgressWatch, url: string, answer: OutboundAnswer, isKnown = false): void {
  const now = performance.now();
  const host = URL.parse(url)?.host ?? "";
  if (answer.ok || answer.reached) egress.note(host, true, null, now);
  else if (isNoConnection(verdictOf(answer, now, false).code))
    egress.note(host, false, answer.code, now, isKnown);
}

const THIS_MACHINE = /^(?:localhost$|127\.|\[?::1\]?$)/;

/** Notes how a mail went. A server on this very machine says nothing about our network. */
export function noteMail(egress: EgressWatch, smtpUrl: string, { kind, code }: MailOutcome): void {
  const { host = "", hostname = "" } = URL.parse(smtpUrl) ?? {};
  if (THIS_MACHINE.test(hostname)) return;
  egress.note(host, kind === "accepted" || code !== null, null, performance.now());
}
