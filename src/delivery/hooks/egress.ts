/*
 * Tells a dead network of ours from dead endpoints. When several hosts cannot be reached and nobody can, the
 * fault is here: no receiver pays for it.
 */

const WINDOW_MS = 30_000;
const HOSTS_THAT_TELL = 3;
/** No way out at all: one of these from any host says so. */
const NO_ROUTE = new Set(["ENETUNREACH", "ENETDOWN", "EHOSTDOWN"]);

export interface EgressWatch {
  /** How a call ended: whether a connection came about. */
  note(host: string, connected: boolean, code: string | null, now: number): void;
  isDown(now: number): boolean;
}

export function createEgressWatch(): EgressWatch {
  const failing = new Map<string, { at: number; noRoute: boolean }>();
  return {
    note(host, connected, code, now) {
      if (connected) failing.clear();
      else failing.set(host, { at: now, noRoute: NO_ROUTE.has(code ?? "") });
    },
    isDown(now) {
      for (const [host, { at }] of failing) if (now - at > WINDOW_MS) failing.delete(host);
      if (failing.size >= HOSTS_THAT_TELL) return true;
      return failing.size > 0 && [...failing.values()].every((one) => one.noRoute);
    },
  };
}
