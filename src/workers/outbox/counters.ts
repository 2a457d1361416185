import type { ActiveChannel } from "../../channels/types.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Flight } from "../../store/outbox.ts";
import type { Metrics } from "../../tools/metrics.ts";

export interface OutboxCounters {
  attempted(channel: ActiveChannel, flight: Flight, outcome: Outcome, now: number): void;
  stopped(channel: ActiveChannel, flight: Flight, reason: string): void;
}

export function createOutboxCounters(metrics: Metrics): OutboxCounters {
  return {
    attempted(channel, flight, outcome, now) {
      const { message } = flight;
      if (outcome.kind === "accepted") {
        metrics.messagesSent.inc({ channel: channel.id, kind: message.kind, state: outcome.status });
        metrics.segmentsSent.inc({ channel: channel.id, encoding: message.encoding }, message.segments);
        const seconds = Math.max(0, now - message.createdAt.getTime()) / 1_000;
        metrics.replyLatency.observe({ kind: message.kind }, seconds);
        return;
      }
      if (outcome.kind === "throttled") metrics.rateLimited.inc({ channel: channel.id });
      metrics.sendErrors.inc({ channel: channel.id, class: outcome.kind });
    },
    stopped(channel, flight, reason) {
      metrics.messagesSent.inc({ channel: channel.id, kind: flight.message.kind, state: reason });
    },
  };
}
