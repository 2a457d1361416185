import { z } from "zod";
import { invalid } from "../../domain/errors.ts";
import { channelById } from "../../store/channels.ts";
import type { Tx } from "../../store/database.ts";

export const FallbackId = z
  .string()
  .max(100)
  .nullable()
  .describe("The channel that takes over its texts while it is down; null: they wait");

/**
 * Refuses a fallback that is not there, the channel itself, and one that leads back to it. Needs the tenant's lock:
 * two changes at once could make a ring of which neither sees the other half.
 */
export async function checkFallback(
  tx: Tx,
  tenantId: string,
  channelId: string,
  fallbackId: string | null,
): Promise<void> {
  const seen = new Set<string>();
  for (let next = fallbackId; next !== null && !seen.has(next); ) {
    if (next === channelId) {
      throw invalid("fallbackChannelId", next === fallbackId ? "is the channel itself" : LEADS_BACK);
    }
    seen.add(next);
    const channel = await channelById(tx, tenantId, next);
    if (!channel && next === fallbackId) throw invalid("fallbackChannelId", "there is no such channel");
    next = channel?.fallback_id ?? null;
  }
}

const LEADS_BACK = "leads back to this channel: one of the two must do without";
