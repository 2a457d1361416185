import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Fine up to the 100 ms that a busy program stays under, coarse for what went wrong. */
const SECONDS = [0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30, 60];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The program's metrics, in a registry of their own so that tests do not share them. Labels have few values:
 * never numbers, people or texts.
 */
export function createMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: `signalbox_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name: `signalbox_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram<L>({ name: `signalbox_${name}`, help, labelNames, registers, buckets: SECONDS });

  gauge("build_info", "1, with the version of the program as a label", ["version"]).set({ version }, 1);

  return {
    registry,

    // Coming in
    webhookRequests: counter(
      "webhook_requests_total",
      "Requests at the providers' doors, by how they were judged",
      ["channel", "result"],
    ),
    webhookDuration: histogram(
      "webhook_duration_seconds",
      "From a request's arrival at a door to its answer",
      ["channel"],
    ),
    messagesReceived: counter("messages_received_total", "Texts and events kept", ["channel", "kind"]),
    duplicates: counter("duplicates_total", "Arrivals that were there already", ["channel"]),
    receipts: counter("receipts_total", "Delivery receipts, by the state they tell", ["channel", "state"]),
    receiptsOrphaned: counter("receipts_orphaned_total", "Receipts for messages nobody sent", ["channel"]),

    // Decided
    commands: counter("commands_total", "Commands by text, by how they ended", ["outcome"]),
    optouts: counter("optouts_total", "People who opted out, by how and from what", ["method", "scope"]),
    replyLatency: histogram("reply_latency_seconds", "From a text being queued to the provider taking it", [
      "kind",
    ]),

    // Going out
    messagesSent: counter("messages_sent_total", "Texts that left or failed to", [
      "channel",
      "kind",
      "state",
    ]),
    segmentsSent: counter("segments_sent_total", "Segments of the texts that left", ["channel", "encoding"]),
    sendErrors: counter("send_errors_total", "Attempts that were not accepted, by the class of the outcome", [
      "channel",
      "class",
    ]),
    rateLimited: counter("rate_limited_total", "Attempts a provider told to wait", ["channel"]),
    queueMessages: gauge("queue_messages", "Texts waiting to leave", ["channel"]),
    queueOldestAge: gauge("queue_oldest_age_seconds", "Age of the oldest text waiting to leave", ["channel"]),
  };
}
