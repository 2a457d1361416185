import type { DataOf, EventType } from "./event-shapes.ts";

const at = "2026-11-20T14:32:04.120Z";
const endpointId = "ep_01m7w9h4jr0000k3sb1x8p5vtd";
const channelId = "chn_01m7w9f2c60000d0a9y3e7q4zn";
const contactId = "con_01m7w9g8t20000b6r2m5j1w0kx";
const commandId = "cmd_01m7w9j5ah0000x2c8n6d3f9sp";
const phone = "+14155550101";
const received = {
  id: "msg_01m7w9j5af0000q7v4t1z9c2me",
  channelId,
  direction: "in" as const,
  from: phone,
  to: "+14155550100",
  text: "Snow report?",
  media: [],
  segments: 1,
  encoding: "GSM-7",
  status: "received" as const,
  ref: null,
  contactId,
  commandId,
  ruleId: "rule_01m7w9d1w90000p5k2h8b6y4ga",
  createdAt: "2026-11-20T14:32:00.000Z",
};
const sent = {
  ...received,
  id: "msg_01m7w9j8k40000w3e6r0a5x7uj",
  direction: "out" as const,
  from: "+14155550100",
  to: phone,
  text: "12 cm of new snow. Have a good day!",
  status: "sent" as const,
  ref: "order-4821",
  commandId: null,
  ruleId: null,
};
const error = {
  code: "invalid_number",
  providerCode: "30005",
  text: "Unknown destination handset. Check the number.",
  fault: "recipient" as const,
};
const by = { kind: "reporter" as const, id: "rep_01m7w9c3qe0000h8t5s0v2m6fd", name: "Ana" };
const item = {
  id: "itm_01m7w9b7p50000r4y1k9g3c8wx",
  kind: "lift",
  name: "Lift 4",
  number: 4,
  area: "North",
  fields: { status: "hold" },
};
const change = { field: "status", from: "open", to: "hold" };
const consent = {
  ...{ phone, contactId, topic: null, address: "+14155550100" },
  ...{ source: "keyword" as const, messageId: received.id, at },
};
const url = "https://app.example.com/hooks";
const endpoint = { endpointId, url, failingSince: null, lastError: null, waiting: 0, held: 0, at };
const failing = { ...endpoint, failingSince: "2026-11-15T14:30:00.000Z", lastError: "connection refused" };
const command = { commandId, messageId: received.id, at };

/** When each type of event is told, and what its `data` looks like then. */
export const EVENT_EXAMPLES: { [Type in EventType]: { when: string; data: DataOf<Type> } } = {
  "message.received": {
    when: "A text came in and was routed.",
    data: {
      message: received,
      ...{ class: "other", matchedRuleId: received.ruleId, deviceId: null },
      receivedAt: received.createdAt,
    },
  },
  "message.queued": {
    when: "A text to be sent was taken.",
    data: { message: { ...sent, status: "queued" }, kind: "conversation", sendAt: null, expiresAt: at },
  },
  "message.sent": {
    when: "The channel took it.",
    data: { message: sent, providerMessageId: "SM5f3c", sentAt: at },
  },
  "message.delivered": {
    when: "The carrier or the phone confirmed it.",
    data: { message: { ...sent, status: "delivered" }, deliveredAt: at },
  },
  "message.failed": {
    when: "It was taken and did not arrive, or was given up.",
    data: { message: { ...sent, status: "undelivered" }, error, certain: true, failedAt: at },
  },
  "message.rejected": {
    when: "It never left, or was refused on the spot.",
    data: { message: { ...sent, status: "failed" }, error, stage: "provider", rejectedAt: at },
  },
  "contact.subscribed": { when: "Somebody came back.", data: { ...consent, keyword: "START" } },
  "contact.unsubscribed": { when: "Somebody opted out.", data: { ...consent, keyword: "STOP" } },
  "contact.bounced": {
    when: "A text to them was judged a bounce.",
    data: { phone, contactId, bounces: 1, at },
  },
  "contact.status_changed": {
    when: "The carrier says that their number was suspended, resumed or moved.",
    data: { phone, contactId, from: "active", to: "suspended", at },
  },
  "command.executed": {
    when: "A command by text changed the board.",
    data: {
      ...command,
      ...{ text: "hold lift 4", actor: by, item, change, changes: [{ item, change }] },
      ...{ undoUntil: "2026-11-20T14:42:04.120Z", undoOf: null, reply: "Lift 4 is now on hold." },
    },
  },
  "command.refused": {
    when: "A command by text changed nothing, or not yet.",
    data: {
      ...command,
      ...{ text: "hold lift", actor: by, reason: "asked_menu", candidates: ["Lift 4", "Lift 5"] },
      reply: "Which one? 1 Lift 4, 2 Lift 5",
    },
  },
  "board.item.changed": {
    when: "An item of the board changed, by whatever way.",
    data: { item, changes: [change], by, commandId, revision: 7, at },
  },
  "channel.down": {
    when: "Nothing leaves by a channel until somebody acts.",
    data: { channelId, cause: "credentials", since: at },
  },
  "channel.up": { when: "It works again.", data: { channelId, since: at } },
  "channel.rejection": {
    when: "A provider told of a request that it rejected.",
    data: { channelId, code: "101", message: "Rejected", description: "The sender is not registered." },
  },
  "endpoint.failing": {
    when: "An endpoint has failed for an hour, a day, three days; told to the others.",
    data: { ...failing, waiting: 31, reason: null },
  },
  "endpoint.disabled": {
    when: "It takes nothing any more.",
    data: { ...failing, held: 31, reason: "failing_5_days" },
  },
  "endpoint.enabled": { when: "It takes events again.", data: { ...endpoint, reason: "by_user" } },
  "endpoint.secret_rotated": {
    when: "It has a new secret.",
    data: { endpointId, secretId: "sec_01m7w9k2rd0000f1z7c4n8q5ah", oldValidUntil: at, by, at },
  },
  "replay.finished": {
    when: "A replay is done, was cancelled or failed.",
    data: {
      ...{ replayId: "rpl_01m7w9m6ye0000s9b3j5t2w8gc", endpointId, state: "done" },
      ...{ matched: 120, queued: 118, skipped: 2, at },
    },
  },
  "webhook.test": {
    when: "Somebody tried an endpoint out.",
    data: { endpointId, note: "This is a test: nothing happened." },
  },
  alert: {
    when: "Something that a person should see.",
    data: { code: "consent_review", text: "Please look at what +14155550101 wrote.", commandId, at },
  },
};
