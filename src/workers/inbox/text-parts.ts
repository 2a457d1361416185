import type { MessageArrival } from "../../domain/arrival.ts";
import type { Tx } from "../../store/database.ts";
import { keepInboundPart } from "../../store/inbound-parts.ts";
import type { ClaimedArrival } from "../../store/inbox.ts";

/**
 * The text that this arrival completes; null while parts of it are missing. What is no part is whole by itself.
 *
 * Parts stay where they are until their time is up, so a batch that fails and is done again finds them. The text goes
 * on with the arrival that came last, whatever its number.
 */
export async function wholeText(
  tx: Tx,
  { seq, channelId, receivedAt }: ClaimedArrival,
  arrival: MessageArrival,
): Promise<MessageArrival | null> {
  const { part, from, to, text, providerMessageId, ...rest } = arrival;
  if (!part) return arrival;
  const sent = { channelId, from, to, seq, providerMessageId, text, receivedAt };
  const parts = await keepInboundPart(tx, { ...part, ...sent });
  if (parts.length < part.total) return null;
  const first = parts[0]?.providerMessageId ?? providerMessageId;
  return { ...rest, from, to, providerMessageId: first, text: parts.map((one) => one.text).join("") };
}
