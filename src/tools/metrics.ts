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
    partsTimedOut: counter("inbound_parts_timed_out_total", "Long texts of which parts never came", [
      "channel",
    ]),
    duplicates: counter("duplicates_total", "Arrivals that were there already", ["channel"]),
    receipts: counter("receipts_total", "Delivery receipts, by the state they tell", ["channel", "state"]),
    mediaFetches: counter("media_fetches_total", "Tries to fetch a file of a text, by how they ended", [
      "channel",
      "result",
    ]),
    mediaBytes: counter("media_bytes_total", "Bytes of files kept", ["channel"]),
    unknownSenders: counter("unknown_senders_total", "Texts of people who are no reporters and fit no rule", [
      "channel",
    ]),
    deliveryLatency: histogram(
      "delivery_latency_seconds",
      "From a text being queued to the news that it arrived",
      ["channel"],
    ),
    receiptsOrphaned: counter("receipts_orphaned_total", "Receipts for messages nobody sent", ["channel"]),

    // Decided
    commands: counter("commands_total", "Commands by text, by how they ended", ["outcome"]),
    optouts: counter("optouts_total", "People who opted out, by how and from what", ["method", "scope"]),
    optins: counter("optins_total", "People who opted in again, by how", ["method"]),
    guardTrips: counter("guard_trips_total", "Guards that began to hold something back", ["rule"]),
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
    segmentMismatch: counter(
      "segment_count_mismatch_total",
      "Texts whose provider counted other segments than we did",
      ["channel"],
    ),
    failovers: counter("failovers_total", "Texts that another channel took over", ["from", "to"]),
    consentBlocked: counter("consent_blocked_total", "Texts that consent or a provider's block kept back", [
      "reason",
    ]),
    sendErrors: counter("send_errors_total", "Attempts that were not accepted, by the class of the outcome", [
      "channel",
      "class",
    ]),
    retries: counter("retries_total", "Attempts to send a text after one that failed", ["channel"]),
    rateLimited: counter("rate_limited_total", "Attempts a provider told to wait", ["channel"]),
    hookAttempts: counter("hook_attempts_total", "Tries to deliver webhooks, by what came of them", [
      "result",
      "fault",
    ]),
    hookDispatch: histogram(
      "hook_dispatch_seconds",
      "From the commit of an event to the first try of its webhook",
      [],
    ),
    hookWaiting: gauge("hook_waiting", "Webhook deliveries that have not ended", ["state"]),
    hookOldestDue: gauge("hook_oldest_due_seconds", "How long the oldest due delivery has been waiting", []),
    queueMessages: gauge("queue_messages", "Texts waiting to leave", ["channel"]),
    queueOldestAge: gauge("queue_oldest_age_seconds", "Age of the oldest text waiting to leave", ["channel"]),
  };
}
