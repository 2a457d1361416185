/*
 * Tells a dead network of ours from dead endpoints. When several hosts cannot be reached and nobody can, the
 * fault is here: no receiver pays for it. Hosts that are known to fail say nothing: some are always down, and they
 * must not be taken for the end of our network whenever nobody else is called.
 */

const WINDOW_MS = 30_000;
const HOSTS_THAT_TELL = 3;
const MOST_HOSTS = 10_000;
/** No way out at all: one of these from any host says so. */
const NO_ROUTE = new Set(["ENETUNREACH", "ENETDOWN", "EHOSTDOWN"]);

export interface EgressWatch {
  /** How a call ended: whether a connection came about. Not for the failures of those known to fail. */
  note(host: string, connected: boolean, code: string | null, now: number): void;
  isDown(now: number): boolean;
}

export function createEgressWatch(): EgressWatch {
  const failing = new Map<string, { at: number; noRoute: boolean }>();
  /** Hosts that had a route when they were called last. */
  const routed = new Set<string>();
  let connectedAt = Number.NEGATIVE_INFINITY;

  /** A host without a route may be one of another kind of network; it tells when it had one, or none is seen at all. */
  function saysNoRoute(host: string, code: string | null, now: number): boolean {
    return NO_ROUTE.has(code ?? "") && (routed.has(host) || now - connectedAt > WINDOW_MS);
  }

  return {
    note(host, connected, code, now) {
      if (connected) {
        for (const other of failing.keys()) routed.delete(other);
        failing.clear();
        if (routed.size >= MOST_HOSTS) routed.clear();
        routed.add(host);
        connectedAt = now;
      } else failing.set(host, { at: now, noRoute: saysNoRoute(host, code, now) });
    },
    isDown(now) {
      for (const [host, { at }] of failing) if (now - at > WINDOW_MS) failing.delete(host);
      if (failing.size >= HOSTS_THAT_TELL) return true;
      return failing.size > 0 && [...failing.values()].every((one) => one.noRoute);
    },
  };
}
