import type { Actor, BoardItem } from "./board.ts";
import type { EndpointStanding, HubEvent, MessageFault, MessageView, ReplayFinished } from "./events.ts";
import { itemView } from "./events.ts";
import { newId } from "./ids.ts";
import type { MessageKind } from "./message.ts";

/** One named function per business event, so that what is told never drifts from what is done. */

function fact<Type extends HubEvent["type"]>(
  type: Type,
  tenantId: string,
  at: string,
  data: Extract<HubEvent, { type: Type }>["data"],
): HubEvent {
  return { id: newId("evt"), type, at, tenantId, data } as HubEvent;
}

/** A text that a rule took carries that rule's id. */
export function messageReceived(tenantId: string, message: MessageView, textClass: string): HubEvent {
  return fact("message.received", tenantId, message.createdAt, {
    message,
    class: textClass,
    matchedRuleId: message.ruleId,
    deviceId: null,
    receivedAt: message.createdAt,
  });
}

export function messageQueued(
  tenantId: string,
  message: MessageView,
  kind: MessageKind,
  expiresAt: string | null,
  /** Null: as soon as it can. */
  sendAt: string | null = null,
): HubEvent {
  return fact("message.queued", tenantId, message.createdAt, { message, kind, sendAt, expiresAt });
}

export function messageSent(
  tenantId: string,
  message: MessageView,
  providerMessageId: string | null,
  sentAt: string,
): HubEvent {
  return fact("message.sent", tenantId, sentAt, { message, providerMessageId, sentAt });
}

export function messageDelivered(tenantId: string, message: MessageView, deliveredAt: string): HubEvent {
  return fact("message.delivered", tenantId, deliveredAt, { message, deliveredAt });
}

export function messageFailed(
  tenantId: string,
  message: MessageView,
  error: MessageFault,
  failedAt: string,
): HubEvent {
  return fact("message.failed", tenantId, failedAt, { message, error, certain: true, failedAt });
}

export function messageRejected(
  tenantId: string,
  message: MessageView,
  error: MessageFault,
  stage: "consent" | "provider" | "limit" | "budget",
  rejectedAt: string,
): HubEvent {
  return fact("message.rejected", tenantId, rejectedAt, { message, error, stage, rejectedAt });
}

export function contactConsent(
  type: "contact.subscribed" | "contact.unsubscribed",
  tenantId: string,
  consent: {
    phone: string;
    contactId: string | null;
    topic: string | null;
    address: string;
    keyword: string | null;
    source: "keyword" | "provider" | "operator";
    messageId: string | null;
    at: string;
  },
): HubEvent {
  return fact(type, tenantId, consent.at, consent);
}

export function contactBounced(
  tenantId: string,
  bounce: { phone: string; contactId: string | null; bounces: number; at: string },
): HubEvent {
  return fact("contact.bounced", tenantId, bounce.at, bounce);
}

export function contactStatusChanged(
  tenantId: string,
  change: { phone: string; contactId: string | null; from: string; to: string; at: string },
): HubEvent {
  return fact("contact.status_changed", tenantId, change.at, change);
}

export interface ChangedItem {
  item: BoardItem;
  field: string;
  from: string | null;
  to: string | null;
}

export function boardItemChanged(
  tenantId: string,
  item: BoardItem,
  changes: ChangedItem[],
  by: Actor,
  commandId: string | null,
  at: string,
): HubEvent {
  return fact("board.item.changed", tenantId, at, {
    item: itemView(item),
    changes: changes.map(({ field, from, to }) => ({ field, from, to })),
    by,
    commandId,
    revision: item.revision,
    at,
  });
}

export interface CommandFact {
  commandId: string;
  text: string;
  actor: Actor;
  undoUntil: string | null;
  undoOf: string | null;
  reply: string | null;
  messageId: string;
  at: string;
}

export function commandExecuted(tenantId: string, command: CommandFact, changed: ChangedItem[]): HubEvent {
  const changes = changed.map(({ item, field, from, to }) => ({
    item: itemView(item),
    change: { field, from, to },
  }));
  const first = changes[0];
  if (!first) throw new Error("a command without changes was not executed");
  return fact("command.executed", tenantId, command.at, {
    ...command,
    item: first.item,
    change: first.change,
    changes,
  });
}

export function commandRefused(
  tenantId: string,
  command: Omit<CommandFact, "actor" | "undoUntil" | "undoOf"> & {
    actor: Actor | null;
    reason: string;
    candidates: string[];
  },
): HubEvent {
  return fact("command.refused", tenantId, command.at, command);
}

export function channelRejection(
  tenantId: string,
  channelId: string,
  rejection: { code: string; message: string; description: string },
  at: string,
): HubEvent {
  return fact("channel.rejection", tenantId, at, { channelId, ...rejection });
}

export function channelDown(tenantId: string, channelId: string, cause: string, since: string): HubEvent {
  return fact("channel.down", tenantId, since, { channelId, cause, since });
}

export function channelUp(tenantId: string, channelId: string, since: string): HubEvent {
  return fact("channel.up", tenantId, since, { channelId, since });
}

export function endpointStands(
  type: "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled",
  tenantId: string,
  standing: EndpointStanding,
): HubEvent {
  return fact(type, tenantId, standing.at, standing);
}

export function endpointSecretRotated(
  tenantId: string,
  rotation: {
    endpointId: string;
    secretId: string | null;
    oldValidUntil: string | null;
    by: Actor;
    at: string;
  },
): HubEvent {
  return fact("endpoint.secret_rotated", tenantId, rotation.at, rotation);
}

export function replayFinished(tenantId: string, replay: ReplayFinished): HubEvent {
  return fact("replay.finished", tenantId, replay.at, replay);
}

export function webhookTest(tenantId: string, endpointId: string, note: string, at: string): HubEvent {
  return fact("webhook.test", tenantId, at, { endpointId, note });
}

export function alert(
  tenantId: string,
  code: string,
  text: string,
  commandId: string | null,
  at: string,
): HubEvent {
  return fact("alert", tenantId, at, { code, text, commandId, at });
}
