import type { ChannelProvider } from "./types.ts";

/** Plays the carrier: takes every text at once as delivered. Texts come in through the simulator API only. */
export const channel: ChannelProvider = {
  provider: "simulator",
  title: "Simulator",
  settings: [],
  doors: [],
  pacePerRouteMs: null,
  concurrency: 64,
  idempotentSend: true,
  maxSegments: 10,
  sendsMedia: { most: 10 },
  // Whoever plays a phone may send any picture there is.
  mediaHosts: ["*"],
  check: () => [],
  verify: () => ({
    genuine: false,
    reason: "no_door",
    log: "The simulator takes no requests from outside",
  }),
  parse: () => ({ ok: false, reason: "The simulator takes no requests from outside" }),
  acknowledge: () => ({ status: 200, contentType: "application/json", body: "{}" }),
  send: async (text) => ({ kind: "accepted", providerMessageId: `sim_${text.id}`, status: "delivered" }),
  probe: async () => ({ kind: "accepted", providerMessageId: null, status: "delivered" }),
};
