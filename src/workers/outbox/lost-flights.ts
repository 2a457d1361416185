import type { ActiveChannel } from "../../channels/types.ts";
import { fault } from "../../delivery/settle.ts";
import type { Database } from "../../store/database.ts";
import type { LostFlight, Settlement } from "../../store/outbox.ts";
import { lostFlights, settleFlights } from "../../store/outbox.ts";
import type { Logger } from "../../tools/log.ts";
import { LOOK_UP_TIMES } from "../look-up.ts";

/**
 * A process whose database connection broke has its lock back within a moment (see `nodes.ts`): only one that was
 * found dead for this long is, ms.
 */
const SURELY_DEAD_MS = 3_000;

/** How long a text without a clear answer is left alone before it is looked for at its provider, ms. */
export const LOOK_UP_AFTER_MS = LOOK_UP_TIMES[0] as number;

/** When each process was first found dead. */
export type Suspects = Map<string, number>;

/**
 * Flights whose process died between the claim and the settle. Nobody knows whether the provider has them.
 * Where it takes an idempotency key they fly again at once, no try counted; else they are shown to a person
 * as uncertain and not sent again by themselves: a receipt may still settle them.
 */
export async function recoverLostFlights(deps: {
  database: Database;
  node: string;
  channels: { byId(id: string): ActiveChannel | null };
  log: Logger;
  suspects: Suspects;
}): Promise<number> {
  return deps.database.transact(async (tx) => {
    const lost = surelyLost(await lostFlights(tx, deps.node), deps.suspects, performance.now());
    const at = new Date().toISOString();
    const settlements = lost.map((flight) => {
      const provider = deps.channels.byId(flight.lane)?.provider;
      const idempotent = provider?.idempotentSend ?? false;
      const decision = idempotent ? "sent again with the same id" : "uncertain: not sent again by itself";
      deps.log.warn({ message: flight.messageId, decision }, "outbox: the process that sent this died");
      if (idempotent) return flyAgain(flight, at, decision);
      return {
        ...uncertain(flight, at, decision),
        lookUpAfterMs: provider?.lookUp ? LOOK_UP_AFTER_MS : null,
      };
    });
    await settleFlights(tx, settlements);
    return lost.length;
  });
}

function surelyLost(flights: LostFlight[], suspects: Suspects, now: number): LostFlight[] {
  const nodes = new Set(flights.map((flight) => flight.node));
  for (const node of suspects.keys()) if (!nodes.has(node)) suspects.delete(node);
  for (const node of nodes) if (!suspects.has(node)) suspects.set(node, now);
  return flights.filter((flight) => now - (suspects.get(flight.node) ?? now) >= SURELY_DEAD_MS);
}

function flyAgain(flight: LostFlight, at: string, decision: string): Settlement {
  return { ...base(flight, at, decision), again: { afterMs: 0, attempts: flight.attempts } };
}

function uncertain(flight: LostFlight, at: string, decision: string): Settlement {
  return {
    ...base(flight, at, decision),
    status: "handed_over",
    flag: "uncertain",
    error: fault("uncertain", null, "The program stopped while the provider was being called.", "hub"),
  };
}

function base(flight: LostFlight, at: string, decision: string): Settlement {
  const { attempts: _, node: __, claimedAt, ...ids } = flight;
  return {
    ...ids,
    status: null,
    flag: null,
    providerMessageId: null,
    error: null,
    attempt: { at: claimedAt.toISOString(), ms: null, outcome: "interrupted", decision },
    at,
    again: null,
    events: [],
    accepted: false,
    pollAfterMs: null,
    lookUpAfterMs: null,
    move: null,
    providerSegments: null,
  };
}
