import { z } from "zod";
import type { HubEvent } from "../domain/events.ts";
import type { MessageStatus } from "../domain/message.ts";
import { STATUS_RANK } from "../domain/message.ts";

/** What `data` of each type of event holds, for those who receive it. A type that is missing or differs does not compile. */
export type EventType = HubEvent["type"];
export type DataOf<Type, Event = HubEvent> = Event extends { type: infer Named; data: infer Data }
  ? Type extends Named
    ? Data
    : never
  : never;

const STATUSES = Object.keys(STATUS_RANK) as [MessageStatus, ...MessageStatus[]];
const nullable = z.string().nullable();
const time = z.string().describe("UTC, ISO 8601 with milliseconds");
const id = z.string();

const media = z.object({
  id: nullable,
  url: z.string(),
  contentType: nullable,
  bytes: z.number().nullable(),
  state: z.enum(["waiting", "fetched", "refused", "failed", "removed", "linked"]),
  reason: nullable,
});

const message = z.object({
  id,
  channelId: id,
  direction: z.enum(["in", "out"]),
  from: z.string().describe("E.164; short codes and names as they are"),
  to: z.string(),
  text: z.string(),
  media: z.array(media),
  segments: z.number(),
  encoding: z.string(),
  status: z.enum(STATUSES),
  ref: nullable,
  contactId: nullable,
  commandId: nullable,
  ruleId: nullable,
  createdAt: time,
});

const error = z.object({
  code: z.string().describe("Ours: invalid_number, opted_out, expired, rejected_by_channel ..."),
  providerCode: nullable,
  text: z.string(),
  fault: z.enum(["recipient", "carrier", "provider", "channel", "sender", "hub"]),
});

const actor = z.object({
  kind: z.enum(["reporter", "user", "key", "rule", "schedule"]),
  id,
  name: z.string(),
});
const item = z.object({
  id,
  kind: z.string(),
  name: z.string(),
  number: z.number().nullable(),
  area: nullable,
  fields: z.record(z.string(), nullable),
});
const change = z.object({ field: z.string(), from: nullable, to: nullable });

const consent = z.object({
  phone: z.string(),
  contactId: nullable,
  topic: nullable.describe("Null: everything"),
  address: z.string().describe("Our number; `*` is all of them"),
  keyword: nullable,
  source: z.enum(["keyword", "provider", "operator"]),
  messageId: nullable,
  at: time,
});

const standing = z.object({
  endpointId: id,
  url: z.string().describe("Without its query"),
  failingSince: time.nullable(),
  lastError: nullable,
  waiting: z.number(),
  held: z.number(),
  reason: z.enum(["gone", "failing_5_days", "by_user"]).nullable(),
  at: time,
});

export const EVENT_SHAPES: { [Type in EventType]: z.ZodType<DataOf<Type>> } = {
  "message.received": z.object({
    message,
    class: z.string().describe("stop, start, help, keyword, command, prompt, reaction, other"),
    matchedRuleId: nullable,
    deviceId: nullable,
    receivedAt: time,
  }),
  "message.queued": z.object({
    message,
    kind: z.enum(["compliance", "command_reply", "auto_reply", "conversation", "notification"]),
    sendAt: time.nullable(),
    expiresAt: time.nullable(),
  }),
  "message.sent": z.object({ message, providerMessageId: nullable, sentAt: time }),
  "message.delivered": z.object({ message, deliveredAt: time }),
  "message.failed": z.object({ message, error, certain: z.boolean(), failedAt: time }),
  "message.rejected": z.object({
    message,
    error,
    stage: z.enum(["validation", "consent", "limit", "budget", "channel", "provider"]),
    rejectedAt: time,
  }),
  "contact.subscribed": consent,
  "contact.unsubscribed": consent,
  "contact.bounced": z.object({ phone: z.string(), contactId: nullable, bounces: z.number(), at: time }),
  "contact.status_changed": z.object({
    phone: z.string(),
    contactId: nullable,
    from: z.string(),
    to: z.string(),
    at: time,
  }),
  "command.executed": z.object({
    commandId: id,
    text: z.string(),
    actor,
    item,
    change,
    changes: z.array(z.object({ item, change })),
    undoUntil: time.nullable(),
    undoOf: nullable,
    reply: nullable,
    messageId: id,
    at: time,
  }),
  "command.refused": z.object({
    commandId: id,
    text: z.string(),
    actor: actor.nullable(),
    reason: z.string(),
    candidates: z.array(z.string()),
    reply: nullable,
    messageId: id,
    at: time,
  }),
  "board.item.changed": z.object({
    item,
    changes: z.array(change),
    by: actor,
    commandId: nullable,
    revision: z.number().describe("Counts up, for each item"),
    at: time,
  }),
  "channel.down": z.object({ channelId: id, cause: z.string(), since: time }),
  "channel.up": z.object({ channelId: id, since: time }),
  "channel.rejection": z.object({
    channelId: id,
    code: z.string(),
    message: z.string(),
    description: z.string(),
  }),
  "endpoint.failing": standing,
  "endpoint.disabled": standing,
  "endpoint.enabled": standing,
  "endpoint.secret_rotated": z.object({
    endpointId: id,
    secretId: nullable,
    oldValidUntil: time.nullable(),
    by: actor,
    at: time,
  }),
  "replay.finished": z.object({
    replayId: id,
    endpointId: id,
    state: z.enum(["done", "cancelled", "failed"]),
    matched: z.number().nullable(),
    queued: z.number(),
    skipped: z.number(),
    at: time,
  }),
  "webhook.test": z.object({ endpointId: id, note: z.string() }),
  alert: z.object({ code: z.string(), text: z.string(), commandId: nullable, at: time }),
};
