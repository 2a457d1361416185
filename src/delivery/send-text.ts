import type {
  ChannelMemory,
  ChannelProvider,
  ChannelSettings,
  FoundText,
  OutgoingText,
  ProviderAnswer,
  ProviderRequest,
} from "../channels/types.ts";
import type { ReceiptArrival } from "../domain/arrival.ts";
import type { Outcome } from "../domain/outcome.ts";

/** A channel as delivery needs it: what it is, how it is set up, and the way out handed to it. */
export interface ChannelRoute {
  id: string;
  provider: ChannelProvider;
  settings: ChannelSettings;
  address: string;
  country: string;
  /** Overrides the provider's pace; null = the provider's own. */
  rate: number | null;
  memory: ChannelMemory;
  doorUrl(kind: string): string;
}

export interface WayOut {
  call(request: ProviderRequest): Promise<ProviderAnswer>;
  /** Resolves when a call of this route may start, at least `paceMs` after the one before. */
  pace(channelId: string, route: string, paceMs: number): Promise<void>;
}

/** A distance shorter than this is kept by the lane's tokens alone. */
const SHORTEST_PACE_MS = 50;

/**
 * Sends one text. Whatever the channel throws once something was posted may have been taken: uncertain. Before
 * that nothing was: a look-up in the database failed, for one.
 */
export async function sendText(channel: ChannelRoute, text: OutgoingText, out: WayOut): Promise<Outcome> {
  let posted = false;
  const noting: WayOut = {
    pace: out.pace,
    call(request) {
      posted ||= request.method !== "GET";
      return out.call(request);
    },
  };
  try {
    return await channel.provider.send(text, sendContext(channel, noting));
  } catch (error) {
    const kind = posted ? "uncertain" : "unreachable";
    return { kind, text: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks for the state of a text whose provider sends no receipts; null = nothing to tell now. */
export async function pollText(
  channel: ChannelRoute,
  providerMessageId: string,
  out: WayOut,
): Promise<ReceiptArrival | null> {
  try {
    return (await channel.provider.poll?.(providerMessageId, sendContext(channel, out))) ?? null;
  } catch {
    // The next time it is due it is asked again.
    return null;
  }
}

/** Looks for a text at its provider; null = it cannot, or not now. */
export async function lookUpText(
  channel: ChannelRoute,
  text: OutgoingText,
  sentAt: Date,
  out: WayOut,
): Promise<FoundText[] | null> {
  try {
    return (await channel.provider.lookUp?.(text, sentAt, sendContext(channel, out))) ?? null;
  } catch {
    return null;
  }
}

/** Checks the credentials without sending anything. */
export async function probeChannel(channel: ChannelRoute, out: WayOut): Promise<Outcome> {
  try {
    return await channel.provider.probe(sendContext(channel, out));
  } catch (error) {
    return { kind: "unreachable", text: error instanceof Error ? error.message : String(error) };
  }
}

function sendContext(channel: ChannelRoute, out: WayOut) {
  const paceMs = pacePerRoute(channel.provider, channel.rate);
  return {
    settings: channel.settings,
    address: channel.address,
    country: channel.country,
    memory: channel.memory,
    doorUrl: channel.doorUrl,
    async call(route: string, request: ProviderRequest): Promise<ProviderAnswer> {
      if (paceMs >= SHORTEST_PACE_MS) {
        try {
          await out.pace(channel.id, route, paceMs);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          return { ok: false, reached: false, code: "pace", text: `no place in the queue of calls: ${why}` };
        }
      }
      return out.call(request);
    },
  };
}

/** Least time between two calls of one route, ms; 0 = none. A channel's own rate goes before the provider's. */
function pacePerRoute(provider: ChannelProvider, rate: number | null): number {
  return rate !== null ? 1_000 / rate : (provider.pacePerRouteMs ?? 0);
}

/** Sends a second the lane of this channel may make; null = no limit. */
export function laneRate(provider: ChannelProvider, rate: number | null): number | null {
  const paceMs = pacePerRoute(provider, rate);
  return paceMs > 0 ? 1_000 / paceMs : null;
}

/** A paced channel sends one text at a time; one with a high rate of its own may overlap. */
export function laneConcurrency(provider: ChannelProvider, rate: number | null): number {
  if (pacePerRoute(provider, rate) >= SHORTEST_PACE_MS) return 1;
  return rate === null ? provider.concurrency : Math.max(provider.concurrency, 64);
}
