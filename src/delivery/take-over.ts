import type { ActiveChannel } from "../channels/types.ts";
import { alphabetFor, MOST_SEGMENTS, measureText } from "../domain/sms-text.ts";

/** A text as the channel that takes it over will send it. */
export interface TakeOver {
  lane: string;
  sender: string;
  text: string;
  segments: number;
  encoding: string;
  /** The line in the message's log of attempts. */
  note: object;
}

type Carrier = Pick<ActiveChannel, "id" | "address" | "brand" | "provider">;

/**
 * Makes a text ready for another channel, the whole of it: its parts never take two ways. From a number that the
 * person does not know it begins with the brand. Null: it would be too long there, or lose its files.
 */
export function takeOver(
  message: { from: string; text: string; files: number },
  from: Carrier,
  to: Carrier,
  why: string,
  at: string,
): TakeOver | null {
  if (message.files > (to.provider.sendsMedia?.most ?? 0)) return null;
  const text = to.address === message.from ? message.text : withBrand(message.text, to.brand);
  const { segments, encoding } = measureText(text, alphabetFor(to.provider, to.address));
  if (segments > Math.min(MOST_SEGMENTS, to.provider.maxSegments)) return null;
  const route = { from: from.id, to: to.id, fromAddress: message.from, toAddress: to.address };
  const note = { at, ms: null, outcome: "moved", ...route, decision: why };
  return { lane: to.id, sender: to.address, text, segments, encoding, note };
}

function withBrand(text: string, brand: string): string {
  const isThere = brand === "" || text.toLowerCase().startsWith(brand.toLowerCase());
  return isThere ? text : `${brand}: ${text}`;
}

/** The channels that may take over from this one, nearest first: its fallback, that one's fallback, and so on. */
export function fallbacksOf(
  channel: ActiveChannel,
  byId: (id: string) => ActiveChannel | null,
): ActiveChannel[] {
  const chain: ActiveChannel[] = [];
  const seen = new Set([channel.id]);
  for (let next = channel.fallbackId; next !== null && !seen.has(next); ) {
    seen.add(next);
    const fallback = byId(next);
    if (fallback?.tenantId !== channel.tenantId) break;
    chain.push(fallback);
    next = fallback.fallbackId;
  }
  return chain;
}
