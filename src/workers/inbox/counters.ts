import type { ActiveChannel } from "../../channels/types.ts";
import type { Decision } from "../../router/types.ts";
import type { Metrics } from "../../tools/metrics.ts";
import type { NewsResult } from "./news.ts";

/** What the inbox worker counts, once its batch is committed. */
export interface InboxCounters {
  text(channel: ActiveChannel, decision: Decision, receivedAt: Date, savedAt: Date): void;
  news(result: NewsResult): void;
  /** Channels of texts that came twice. */
  repeats(channels: string[]): void;
  /** Parts of a long text never came. */
  partsMissing(channel: string): void;
}

export function createInboxCounters(metrics: Metrics): InboxCounters {
  return {
    text(channel, decision) {
      metrics.messagesReceived.inc({ channel: channel.id, kind: decision.class });
      metrics.commands.inc({ outcome: decision.log.outcome });
      if (decision.log.outcome === "unknown_sender") metrics.unknownSenders.inc({ channel: channel.id });
      for (const { rule, isNew } of decision.trips) if (isNew) metrics.guardTrips.inc({ rule });
      for (const effect of decision.effects) {
        if (effect.kind !== "change-consent") continue;
        if (effect.action === "restore") metrics.optins.inc({ method: effect.method });
        else metrics.optouts.inc({ method: effect.method, scope: effect.scope });
      }
    },
    news(result) {
      for (const receipt of result.receipts) metrics.receipts.inc(receipt);
      for (const { channel, seconds } of result.arrived)
        metrics.deliveryLatency.observe({ channel }, seconds);
      for (const channel of result.orphans) metrics.receiptsOrphaned.inc({ channel });
    },
    repeats(channels) {
      for (const channel of channels) metrics.duplicates.inc({ channel });
    },
    partsMissing: (channel) => metrics.partsTimedOut.inc({ channel }),
  };
}
