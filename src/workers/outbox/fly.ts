import type { ActiveChannel } from "../../channels/types.ts";
import { sendText } from "../../delivery/send-text.ts";
import type { Consequence } from "../../delivery/settle.ts";
import { consequenceOf, fault } from "../../delivery/settle.ts";
import type { TakeOver } from "../../delivery/take-over.ts";
import type { HubEvent, MessageFault, MessageView } from "../../domain/events.ts";
import { messageDelivered, messageFailed, messageRejected, messageSent } from "../../domain/facts.ts";
import type { MessageStatus } from "../../domain/message.ts";
import { MESSAGE_KINDS } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { OUTCOME_RULES } from "../../domain/outcome.ts";
import { MOST_SEGMENTS } from "../../domain/sms-text.ts";
import { OPTED_OUT } from "../../store/consent.ts";
import type { Flight, Settlement } from "../../store/outbox.ts";
import { PROVIDER_BLOCKED, tellBlockToday } from "../../store/provider-blocks.ts";
import { insertEvents } from "../../store/routing.ts";
import { maskPhone, maskPhones } from "../../tools/log.ts";
import { recordProviderBlock } from "../provider-block.ts";
import { takeOverFlight } from "./failover.ts";
import type { LaneKeeper } from "./lane-keeper.ts";
import { LOOK_UP_AFTER_MS } from "./lost-flights.ts";
import type { OutboxWorkerDeps } from "./outbox-worker.ts";
import { untilTaken } from "./until-taken.ts";

/** Takes one claimed text to its provider, unless it must not leave, and says how to settle it. */
export async function fly(
  flight: Flight,
  channel: ActiveChannel,
  lanes: LaneKeeper,
  deps: OutboxWorkerDeps,
  /** Why the budget holds it back. */
  overBudget: string | null,
): Promise<Settlement> {
  const { message } = flight;
  const stopped = mustNotLeave(flight, channel, deps.clock.now(), overBudget);
  if (stopped) {
    deps.counters.stopped(channel, flight, stopped.error.code);
    if (await isWorthALine(flight, stopped, deps)) {
      deps.log.info({ message: message.id, decision: stopped.error.code }, "outbox: not sent");
    }
    return stoppedSettlement(flight, channel, stopped, new Date(deps.clock.now()).toISOString());
  }
  const started = performance.now();
  const startedAt = new Date(deps.clock.now()).toISOString();
  const outcome = await sendText(deps.routeOf(channel), message, deps.out);
  const ms = Math.round(performance.now() - started);
  const consequence = consequenceOf(outcome, {
    attempts: flight.attempts,
    laneFailures: lanes.failures(flight.lane),
    idempotent: channel.provider.idempotentSend,
    random: deps.random(),
  });
  const at = new Date(deps.clock.now()).toISOString();
  await lanes.apply({ id: flight.lane, tenantId: flight.tenantId }, consequence.lane, at);
  if (outcome.kind === "refused" && outcome.reason === "opted_out") {
    await takeBlock(flight, outcome.code ?? "opted_out", new Date(startedAt), new Date(at), deps);
  }
  deps.counters.attempted(channel, flight, outcome, deps.clock.now());
  deps.log[OUTCOME_RULES[outcome.kind].log](
    {
      message: message.id,
      channel: channel.id,
      to: maskPhone(message.to),
      attempt: flight.attempts + 1,
      outcome: outcome.kind,
      ms,
      decision: loggable(consequence.decision, message.text),
    },
    "outbox: attempt",
  );
  const settlement: Settlement = {
    ...settlementOf(flight, at),
    status: consequence.status,
    flag: consequence.flag,
    providerMessageId: outcome.kind === "accepted" ? outcome.providerMessageId : null,
    error: consequence.error,
    attempt: { at: startedAt, ms, outcome: outcome.kind, decision: consequence.decision },
    again: consequence.again,
    events: eventsOf(flight, channel, outcome, consequence, at),
    accepted: outcome.kind === "accepted",
    pollAfterMs: channel.provider.pollAfterMs?.[0] ?? null,
    lookUpAfterMs: consequence.flag === "uncertain" && channel.provider.lookUp ? LOOK_UP_AFTER_MS : null,
    providerSegments: outcome.kind === "accepted" ? (outcome.segments ?? null) : null,
  };
  if (!consequence.mayMove) return settlement;
  const move = await takeOverFlight(flight, channel, loggable(consequence.decision, message.text), at, deps);
  return move ? moved(settlement, move) : settlement;
}

/** The attempt stays in the log; the text has not failed, and its tries begin anew. */
function moved(settlement: Settlement, move: TakeOver): Settlement {
  const again = { afterMs: 0, attempts: 0 };
  return { ...settlement, status: null, flag: null, error: null, events: [], again, move };
}

/** Providers like to repeat what they were given: neither the number nor the text belongs into a log. */
function loggable(words: string, text: string): string {
  // A text as short as "no" stands in many words, and tells nothing.
  return maskPhones(text.length < 4 ? words : words.replaceAll(text, "[text]"));
}

/** The provider knows of an opt-out that we do not: no retry, no other channel, and it holds here too. */
async function takeBlock(
  flight: Flight,
  code: string,
  sentAt: Date,
  at: Date,
  deps: OutboxWorkerDeps,
): Promise<void> {
  const { tenantId, message } = flight;
  const { to: phone, from: address, contactId, id: messageId } = message;
  const channelId = flight.lane;
  const block = { tenantId, phone, channelId, address, contactId, code, messageId, sentAt, at };
  const write = () =>
    deps.database.transact(async (tx) => insertEvents(tx, (await recordProviderBlock(tx, block)).events));
  const onFault = (err: unknown) =>
    deps.log.error({ err, message: messageId }, "outbox: a block was not kept");
  await untilTaken(write, onFault).catch(() => undefined);
}

/** A person whose route is blocked is named once a day, however many texts it meets. */
async function isWorthALine(flight: Flight, stopped: Stopped, deps: OutboxWorkerDeps): Promise<boolean> {
  if (stopped.error.code !== PROVIDER_BLOCKED.code) return true;
  const route = { tenantId: flight.tenantId, phone: flight.message.to, channelId: flight.lane };
  return tellBlockToday(deps.database, route, new Date(deps.clock.now())).catch(() => true);
}

interface Stopped {
  status: MessageStatus;
  error: MessageFault;
  stage: "consent" | "limit" | "budget" | null;
}

/** The gates every text passes at the moment of leaving. */
function mustNotLeave(
  flight: Flight,
  channel: ActiveChannel,
  now: number,
  overBudget: string | null,
): Stopped | null {
  const { message } = flight;
  if (flight.suppressed && MESSAGE_KINDS[message.kind].blockedByOptOut) {
    return { status: "failed", error: OPTED_OUT, stage: "consent" };
  }
  if (flight.blocked) return { status: "failed", error: PROVIDER_BLOCKED, stage: "consent" };
  if (message.expiresAt && message.expiresAt.getTime() < now) {
    const late = message.kind === "compliance" ? "confirmation_late" : "expired";
    const error = fault(late, null, "It could not leave in time.", "channel");
    return { status: "expired", error, stage: null };
  }
  if (overBudget !== null) {
    return { status: "failed", error: fault("budget", null, overBudget, "hub"), stage: "budget" };
  }
  const most = Math.min(MOST_SEGMENTS, channel.provider.maxSegments);
  if (message.segments > most) {
    const text = `The text has ${message.segments} segments; ${channel.provider.title} takes ${most}.`;
    return { status: "failed", error: fault("rejected_by_channel", null, text, "sender"), stage: "limit" };
  }
  const files = channel.provider.sendsMedia?.most ?? 0;
  if (message.mediaUrls.length > files) {
    const text = `The text has ${message.mediaUrls.length} files; ${channel.provider.title} takes ${files}.`;
    return { status: "failed", error: fault("rejected_by_channel", null, text, "sender"), stage: "limit" };
  }
  return null;
}

function stoppedSettlement(flight: Flight, channel: ActiveChannel, stopped: Stopped, at: string): Settlement {
  const view = viewOf(flight, channel, stopped.status);
  const event = stopped.stage
    ? messageRejected(flight.tenantId, view, stopped.error, stopped.stage, at)
    : messageFailed(flight.tenantId, view, stopped.error, at);
  return { ...settlementOf(flight, at), status: stopped.status, error: stopped.error, events: [event] };
}

function settlementOf(flight: Flight, at: string): Settlement {
  return {
    seq: flight.seq,
    claim: flight.claim,
    tenantId: flight.tenantId,
    lane: flight.lane,
    messageId: flight.message.id,
    conversation: flight.conversation,
    priority: flight.priority,
    status: null,
    flag: null,
    providerMessageId: null,
    error: null,
    attempt: null,
    at,
    again: null,
    events: [],
    accepted: false,
    pollAfterMs: null,
    lookUpAfterMs: null,
    move: null,
    providerSegments: null,
  };
}

function eventsOf(
  flight: Flight,
  channel: ActiveChannel,
  outcome: Outcome,
  consequence: Consequence,
  at: string,
): HubEvent[] {
  const { tenantId } = flight;
  if (outcome.kind === "accepted") {
    const view = viewOf(flight, channel, outcome.status);
    const sent = messageSent(tenantId, view, outcome.providerMessageId, at);
    return outcome.status === "delivered" ? [sent, messageDelivered(tenantId, view, at)] : [sent];
  }
  if (outcome.kind === "refused" && consequence.error) {
    return [messageRejected(tenantId, viewOf(flight, channel, "failed"), consequence.error, "provider", at)];
  }
  return [];
}

function viewOf(flight: Flight, channel: ActiveChannel, status: MessageStatus): MessageView {
  const { message } = flight;
  return {
    id: message.id,
    channelId: channel.id,
    direction: "out",
    from: message.from,
    to: message.to,
    text: message.text,
    media: message.media,
    segments: message.segments,
    encoding: message.encoding,
    status,
    ref: message.ref,
    contactId: message.contactId,
    commandId: message.commandId,
    ruleId: message.ruleId,
    createdAt: message.createdAt.toISOString(),
  };
}
