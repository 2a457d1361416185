import type { Actor, BoardItem } from "./board.ts";
import type { MessageMedia } from "./media.ts";
import type { MessageKind, MessageStatus } from "./message.ts";

/** Facts for the outside world. Changes to these shapes are additive only. */
export type HubEvent =
  | Fact<"message.received", MessageReceived>
  | Fact<
      "message.queued",
      { message: MessageView; kind: MessageKind; sendAt: string | null; expiresAt: string | null }
    >
  | Fact<"message.sent", { message: MessageView; providerMessageId: string | null; sentAt: string }>
  | Fact<"message.delivered", { message: MessageView; deliveredAt: string }>
  | Fact<"message.failed", { message: MessageView; error: MessageFault; certain: boolean; failedAt: string }>
  | Fact<
      "message.rejected",
      { message: MessageView; error: MessageFault; stage: RejectionStage; rejectedAt: string }
    >
  | Fact<"contact.subscribed", ContactConsent>
  | Fact<"contact.unsubscribed", ContactConsent>
  | Fact<"contact.bounced", { phone: string; contactId: string | null; bounces: number; at: string }>
  | Fact<
      "contact.status_changed",
      { phone: string; contactId: string | null; from: string; to: string; at: string }
    >
  | Fact<"command.executed", CommandExecuted>
  | Fact<"command.refused", CommandRefused>
  | Fact<"board.item.changed", BoardItemChanged>
  | Fact<"channel.down", { channelId: string; cause: string; since: string }>
  | Fact<"channel.up", { channelId: string; since: string }>
  | Fact<"channel.rejection", { channelId: string; code: string; message: string; description: string }>
  | Fact<"endpoint.failing" | "endpoint.disabled" | "endpoint.enabled", EndpointStanding>
  | Fact<
      "endpoint.secret_rotated",
      { endpointId: string; secretId: string | null; oldValidUntil: string | null; by: Actor; at: string }
    >
  | Fact<"replay.finished", ReplayFinished>
  | Fact<"webhook.test", { endpointId: string; note: string }>
  | Fact<"alert", { code: string; text: string; commandId: string | null; at: string }>;

/** A type that is missing here does not compile. */
const TYPES: Record<HubEvent["type"], true> = {
  "message.received": true,
  "message.queued": true,
  "message.sent": true,
  "message.delivered": true,
  "message.failed": true,
  "message.rejected": true,
  "contact.subscribed": true,
  "contact.unsubscribed": true,
  "contact.bounced": true,
  "contact.status_changed": true,
  "command.executed": true,
  "command.refused": true,
  "board.item.changed": true,
  "channel.down": true,
  "channel.up": true,
  "channel.rejection": true,
  "endpoint.failing": true,
  "endpoint.disabled": true,
  "endpoint.enabled": true,
  "endpoint.secret_rotated": true,
  "replay.finished": true,
  "webhook.test": true,
  alert: true,
};

/** Every type of event, for those who choose among them. */
export const EVENT_TYPES: readonly string[] = Object.keys(TYPES);

interface Fact<Type extends string, Data> {
  id: string;
  type: Type;
  /** When it happened, ISO 8601. */
  at: string;
  tenantId: string;
  data: Data;
}

export interface MessageView {
  id: string;
  channelId: string;
  direction: "in" | "out";
  from: string;
  to: string;
  text: string;
  media: MessageMedia[];
  segments: number;
  encoding: string;
  status: MessageStatus;
  ref: string | null;
  contactId: string | null;
  commandId: string | null;
  ruleId: string | null;
  createdAt: string;
}

export interface MessageFault {
  code: string;
  providerCode: string | null;
  text: string;
  fault: "recipient" | "carrier" | "provider" | "channel" | "sender" | "hub";
}

type RejectionStage = "validation" | "consent" | "limit" | "budget" | "channel" | "provider";

interface MessageReceived {
  message: MessageView;
  class: string;
  matchedRuleId: string | null;
  deviceId: string | null;
  receivedAt: string;
}

interface ContactConsent {
  phone: string;
  contactId: string | null;
  /** Key of the topic that was left or joined; null = everything. */
  topic: string | null;
  address: string;
  keyword: string | null;
  source: "keyword" | "provider" | "operator";
  messageId: string | null;
  at: string;
}

interface CommandExecuted {
  commandId: string;
  text: string;
  actor: Actor;
  /** The first change; `changes` holds them all. */
  item: ItemView;
  change: FieldChange;
  changes: { item: ItemView; change: FieldChange }[];
  undoUntil: string | null;
  undoOf: string | null;
  reply: string | null;
  messageId: string;
  at: string;
}

interface CommandRefused {
  commandId: string;
  text: string;
  actor: Actor | null;
  reason: string;
  candidates: string[];
  reply: string | null;
  messageId: string;
  at: string;
}

interface BoardItemChanged {
  item: ItemView;
  changes: FieldChange[];
  by: Actor;
  commandId: string | null;
  revision: number;
  at: string;
}

/** How an endpoint is doing, told to the tenant's other endpoints. */
export interface EndpointStanding {
  endpointId: string;
  /** Without its query, which may hold a key. */
  url: string;
  failingSince: string | null;
  lastError: string | null;
  waiting: number;
  held: number;
  reason: "gone" | "failing_5_days" | "by_user" | null;
  at: string;
}

export interface ReplayFinished {
  replayId: string;
  endpointId: string;
  state: "done" | "cancelled" | "failed";
  matched: number | null;
  queued: number;
  skipped: number;
  at: string;
}

export interface ItemView {
  id: string;
  kind: string;
  name: string;
  number: number | null;
  area: string | null;
  fields: Record<string, string | null>;
}

export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

export function itemView(item: BoardItem): ItemView {
  const { id, kind, name, number, area, fields } = item;
  return { id, kind, name, number, area, fields: { ...fields } };
}
