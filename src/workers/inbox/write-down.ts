import type { ActiveChannel } from "../../channels/types.ts";
import type { MessageArrival } from "../../domain/arrival.ts";
import type { Actor, Reporter } from "../../domain/board.ts";
import type { SendTextEffect } from "../../domain/effect.ts";
import type { HubEvent, MessageView } from "../../domain/events.ts";
import type { ChangedItem } from "../../domain/facts.ts";
import {
  alert,
  boardItemChanged,
  commandExecuted,
  commandRefused,
  messageQueued,
  messageReceived,
} from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import type { MessageMedia } from "../../domain/media.ts";
import { receivedFiles } from "../../domain/media.ts";
import { MESSAGE_KINDS } from "../../domain/message.ts";
import { alphabetFor, measureText } from "../../domain/sms-text.ts";
import { applyChange } from "../../router/commands/board.ts";
import { quotedIn } from "../../router/consent-words.ts";
import type { CommandOutcome, Decision } from "../../router/types.ts";
import type { RoutedBatch } from "../../store/routing.ts";
import type { PendingConsent } from "./pending-consent.ts";
import { pendingConsents } from "./pending-consent.ts";
import type { TenantSnapshot } from "./snapshot.ts";
import { tripRows } from "./trips.ts";
import { isAnsweredElsewhere } from "./who-answers.ts";

/** One text, what was decided about it, and everything its rows need. */
export interface Decided {
  seq: number;
  bucket: number;
  tenantId: string;
  arrival: MessageArrival;
  receivedAt: Date;
  savedAt: Date;
  channel: ActiveChannel;
  snapshot: TenantSnapshot;
  reporter: Reporter | null;
  contactId: string;
  /** What the text answers: the reference of our last text to the sender that had one. */
  ref: string | null;
  /** The channel's provider refuses to carry texts to the sender. */
  blocked: boolean;
  decision: Decision;
  /** Base of our addresses. */
  publicUrl: string;
}

const EXECUTED = new Set<CommandOutcome>(["changed", "partly_changed", "undone", "partly_undone"]);

/** Outcomes told as `command.refused`: somebody wanted a change and did not get it, or not yet. */
const REFUSED = new Set<CommandOutcome>([
  "already",
  "asked_menu",
  "asked_mean",
  "expired",
  "undo_none",
  "undo_conflict",
  "not_found",
  "not_applicable",
  "not_understood",
  "bad_answer",
  "forbidden",
  "pin_wrong",
  "pin_locked",
  "rate_limited",
  "unknown_sender",
  "opted_out",
  "too_long",
  "save_failed",
]);

/**
 * Turns one decision into rows of the batch and applies its changes to the board in memory, so that the
 * next text of the batch sees them. Writes nothing itself.
 */
export function writeDown(batch: RoutedBatch, decided: Decided): PendingConsent[] {
  const { decision, tenantId, arrival, channel } = decided;
  const { commandId } = decision.log;
  const files = receivedFiles(arrival.media, decided.publicUrl);
  const media = files.map((file) => file.media);
  const inbound = inboundMessage(decided, commandId, media);
  batch.messages.push({
    tenantId,
    view: inbound,
    kind: null,
    phone: arrival.from,
    providerMessageId: arrival.providerMessageId,
    arrivalSeq: decided.seq,
    expiresAt: null,
    history: [{ status: "received", at: inbound.createdAt, ...missing(arrival) }],
  });
  for (const [position, file] of files.entries()) {
    const { id: messageId, channelId, createdAt } = inbound;
    batch.media.push({ tenantId, messageId, channelId, position, createdAt, ...file });
  }
  const received = messageReceived(tenantId, inbound, decision.class);
  batch.events.push(received);
  followRules(batch, decided, inbound.id, received);
  const actor = actorOf(decided.reporter);
  const changed = changeBoard(batch, decided, actor, commandId);
  const reply = queueReplies(batch, decided, commandId);
  logCommand(batch, decided, commandId, inbound, changed, reply);
  tellCommand(batch, decided, commandId, inbound, actor, changed, reply);
  for (const effect of decision.effects) {
    if (effect.kind !== "alert") continue;
    batch.events.push(alert(tenantId, effect.code, effect.text, commandId, decided.savedAt.toISOString()));
  }
  if (decision.trips.length > 0) batch.trips.push(...tripRows(decided));
  const quoted = decision.class === "reaction" ? quotedIn(arrival.text) : null;
  if (quoted) {
    const { id: messageId, createdAt: at } = inbound;
    batch.reactions.push({ tenantId, messageId, channelId: channel.id, phone: arrival.from, at, quoted });
  }
  const key = `${channel.id} ${arrival.from}`;
  batch.conversations.set(key, { channelId: channel.id, phone: arrival.from, state: decision.conversation });
  if (decided.reporter) batch.reporterStates.set(decided.reporter.id, decision.reporterState);
  batch.done.push({ bucket: decided.bucket, seq: decided.seq });
  return pendingConsents(decided, inbound);
}

/** A long text of which not all parts came says so. */
function missing({ incomplete }: MessageArrival): { text?: string } {
  return incomplete ? { text: `incomplete: ${incomplete.came} of ${incomplete.total} parts came` } : {};
}

/** What a rule asks for beside replies. */
function followRules(
  batch: RoutedBatch,
  { tenantId, decision }: Decided,
  messageId: string,
  received: HubEvent,
): void {
  for (const effect of decision.effects) {
    if (effect.kind === "call-webhook") {
      const { endpointId } = effect;
      batch.webhooks.push({
        tenantId,
        endpointId,
        eventId: received.id,
        eventType: received.type,
        messageId,
      });
    } else if (effect.kind === "send-mail" && effect.withheld === null) {
      const { to, subject, body, ruleId } = effect;
      batch.mails.push({ tenantId, id: newId("mail"), to, subject, body, event: "rule", ruleId, messageId });
    }
  }
}

function inboundMessage(decided: Decided, commandId: string, media: MessageMedia[]): MessageView {
  const { arrival, channel, decision } = decided;
  const text = decision.log.maskedText ?? arrival.text;
  const { encoding, segments } = measureText(text);
  return {
    id: newId("msg"),
    channelId: channel.id,
    direction: "in",
    from: arrival.from,
    to: arrival.to || channel.address,
    text,
    media,
    segments,
    encoding,
    status: "received",
    ref: decided.ref,
    contactId: decided.contactId,
    commandId,
    ruleId: decision.matchedRuleId,
    createdAt: decided.receivedAt.toISOString(),
  };
}

function actorOf(reporter: Reporter | null): Actor | null {
  return reporter ? { kind: "reporter", id: reporter.id, name: reporter.name } : null;
}

function changeBoard(
  batch: RoutedBatch,
  decided: Decided,
  actor: Actor | null,
  commandId: string,
): ChangedItem[] {
  const effects = decided.decision.effects.filter((effect) => effect.kind === "change-board");
  if (effects.length === 0 || !actor) return [];
  const { tenantId, snapshot, savedAt } = decided;
  const at = savedAt.toISOString();
  snapshot.boardRevision += 1;
  batch.boards.set(tenantId, snapshot.boardRevision);
  const changed: ChangedItem[] = [];
  for (const effect of effects) {
    const item = applyChange(snapshot.board, {
      itemId: effect.itemId,
      field: effect.field,
      to: effect.to,
      changeId: effect.changeId,
      at,
      by: actor,
    });
    changed.push({ item, field: effect.field, from: effect.from, to: effect.to });
    batch.boardChanges.push({
      tenantId,
      id: effect.changeId,
      itemId: item.id,
      kind: item.kind,
      field: effect.field,
      old: effect.from,
      new: effect.to,
      by: actor,
      commandId,
      reverses: effect.reverses,
      at,
    });
    const { id, fields, last, revision } = item;
    batch.items.set(`${tenantId} ${id}`, {
      tenantId,
      id,
      fields: { ...fields },
      last: { ...last },
      revision,
      changed: snapshot.boardRevision,
      updatedAt: at,
      by: actor,
    });
  }
  for (const [item, changes] of Map.groupBy(changed, (change) => change.item)) {
    batch.events.push(boardItemChanged(tenantId, item, changes, actor, commandId, at));
  }
  return changed;
}

interface Reply {
  messageId: string | null;
  effect: SendTextEffect;
}

function queueReplies(batch: RoutedBatch, decided: Decided, commandId: string): Reply | null {
  let first: Reply | null = null;
  for (const effect of decided.decision.effects) {
    if (effect.kind !== "send-text") continue;
    const isAnswered = isAnsweredByOthers(effect, decided);
    const said: SendTextEffect = isAnswered ? { ...effect, withheld: "answered_by_provider" } : effect;
    const messageId = said.withheld ? null : queueText(batch, decided, said, commandId);
    first ??= { messageId, effect: said };
  }
  return first;
}

/** Commands are answered by us whoever else says something. */
function isAnsweredByOthers({ messageKind }: SendTextEffect, { channel, arrival }: Decided): boolean {
  if (messageKind === "compliance") return isAnsweredElsewhere(channel, arrival.text);
  return messageKind === "auto_reply" && arrival.answered === true;
}

function queueText(batch: RoutedBatch, decided: Decided, effect: SendTextEffect, commandId: string): string {
  const { tenantId, channel, arrival, snapshot } = decided;
  const createdAt = decided.savedAt.toISOString();
  const { encoding, segments } = measureText(effect.text, alphabetFor(channel.provider, channel.address));
  const view: MessageView = {
    id: newId("msg"),
    channelId: channel.id,
    direction: "out",
    from: channel.address,
    to: arrival.from,
    text: effect.text,
    media: [],
    segments,
    encoding,
    status: "queued",
    ref: null,
    contactId: decided.contactId,
    commandId,
    ruleId: effect.ruleId ?? null,
    createdAt,
  };
  const rule = MESSAGE_KINDS[effect.messageKind];
  const livesMs =
    effect.messageKind === "command_reply"
      ? snapshot.config.tenant.settings.commands.replyGivesUpMinutes * 60_000
      : rule.livesMs;
  // An answer to STOP is owed within 5 minutes of the text, not of our getting round to it.
  const since = effect.messageKind === "compliance" ? decided.receivedAt : decided.savedAt;
  const expiresAt = new Date(since.getTime() + livesMs).toISOString();
  batch.messages.push({
    tenantId,
    view,
    kind: effect.messageKind,
    phone: arrival.from,
    providerMessageId: null,
    arrivalSeq: null,
    expiresAt,
    history: [{ status: "queued", at: createdAt }],
  });
  batch.outbox.push({
    tenantId,
    lane: channel.id,
    messageId: view.id,
    conversation: arrival.from,
    priority: rule.priority,
    expiresAt,
  });
  batch.events.push(messageQueued(tenantId, view, effect.messageKind, expiresAt));
  return view.id;
}

function logCommand(
  batch: RoutedBatch,
  decided: Decided,
  commandId: string,
  inbound: MessageView,
  changed: ChangedItem[],
  reply: Reply | null,
): void {
  const { decision, reporter } = decided;
  const reversals = new Map<string, string | null>();
  const ids = new Map<string, string>();
  for (const effect of decision.effects) {
    if (effect.kind !== "change-board") continue;
    reversals.set(`${effect.itemId} ${effect.field}`, effect.reverses);
    ids.set(`${effect.itemId} ${effect.field}`, effect.changeId);
  }
  batch.commands.push({
    tenantId: decided.tenantId,
    id: commandId,
    receivedAt: inbound.createdAt,
    savedAt: decided.savedAt.toISOString(),
    arrivalSeq: decided.seq,
    messageId: inbound.id,
    channelId: decided.channel.id,
    phone: decided.arrival.from,
    reporterId: reporter?.id ?? null,
    reporterName: reporter?.name ?? null,
    text: inbound.text,
    outcome: decision.log.outcome,
    meaning: decision.log.meaning,
    changes: changed.map(({ item, field, from, to }) => ({
      id: ids.get(`${item.id} ${field}`) ?? null,
      itemId: item.id,
      item: item.name,
      kind: item.kind,
      field,
      from,
      to,
      reverses: reversals.get(`${item.id} ${field}`) ?? null,
    })),
    replyMessageId: reply?.messageId ?? null,
    replyKey: reply?.effect.key ?? null,
    replyText: reply?.effect.text ?? null,
    withheld: reply?.effect.withheld ?? null,
    undoOf: decision.log.undoOf,
    trace: decision.log.trace,
  });
}

function tellCommand(
  batch: RoutedBatch,
  decided: Decided,
  commandId: string,
  inbound: MessageView,
  actor: Actor | null,
  changed: ChangedItem[],
  reply: Reply | null,
): void {
  const { log } = decided.decision;
  const command = {
    commandId,
    text: inbound.text,
    reply: reply?.effect.text ?? null,
    messageId: inbound.id,
    at: decided.savedAt.toISOString(),
  };
  if (EXECUTED.has(log.outcome) && actor && changed.length > 0) {
    const undoUntil = log.undoUntil === null ? null : new Date(log.undoUntil).toISOString();
    const fact = { ...command, actor, undoUntil, undoOf: log.undoOf };
    batch.events.push(commandExecuted(decided.tenantId, fact, changed));
  } else if (REFUSED.has(log.outcome)) {
    const fact = { ...command, actor, reason: log.outcome, candidates: log.candidates };
    batch.events.push(commandRefused(decided.tenantId, fact));
  }
}
