import type { ActiveChannel } from "../../channels/types.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Flight } from "../../store/outbox.ts";
import type { Metrics } from "../../tools/metrics.ts";

const BY_CONSENT = new Set(["opted_out", "provider_blocked"]);

export interface OutboxCounters {
  attempted(channel: ActiveChannel, flight: Flight, outcome: Outcome, now: number): void;
  stopped(channel: ActiveChannel, flight: Flight, reason: string): void;
  /** A text changed from one channel to another. */
  tookOver(from: string, to: string): void;
}

export function createOutboxCounters(metrics: Metrics): OutboxCounters {
  return {
    attempted(channel, flight, outcome, now) {
      const { message } = flight;
      if (flight.attempts > 0) metrics.retries.inc({ channel: channel.id });
      if (outcome.kind === "accepted") {
        metrics.messagesSent.inc({ channel: channel.id, kind: message.kind, state: outcome.status });
        metrics.segmentsSent.inc({ channel: channel.id, encoding: message.encoding }, message.segments);
        const counted = message.mediaUrls.length === 0 ? outcome.segments : undefined;
        if (counted !== undefined && counted !== message.segments) {
          metrics.segmentMismatch.inc({ channel: channel.id });
        }
        const seconds = Math.max(0, now - message.createdAt.getTime()) / 1_000;
        metrics.replyLatency.observe({ kind: message.kind }, seconds);
        return;
      }
      if (outcome.kind === "throttled") metrics.rateLimited.inc({ channel: channel.id });
      metrics.sendErrors.inc({ channel: channel.id, class: outcome.kind });
    },
    stopped(channel, flight, reason) {
      if (BY_CONSENT.has(reason)) metrics.consentBlocked.inc({ reason });
      metrics.messagesSent.inc({ channel: channel.id, kind: flight.message.kind, state: reason });
    },
    tookOver: (from, to) => metrics.failovers.inc({ from, to }),
  };
}
