import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ActiveChannel } from "../../channels/types.ts";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import type { MessageView } from "../../domain/events.ts";
import { messageQueued } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import type { MessageStatus } from "../../domain/message.ts";
import { MESSAGE_KINDS, STATUS_RANK } from "../../domain/message.ts";
import { isPhoneNumber, normalisePhone } from "../../domain/phone.ts";
import { cleanText, MOST_SEGMENTS, measureText } from "../../domain/sms-text.ts";
import type { Tx } from "../../store/database.ts";
import type { StoredMessage } from "../../store/messages.ts";
import { cancelWaiting, lastChannelWith, listMessages, messageById } from "../../store/messages.ts";
import { emptyBatch, ensureContacts, writeRouted } from "../../store/routing.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import { keepAnswerIn } from "../idempotency.ts";
import type { ApiDeps } from "./deps.ts";
import { messagePreviewRoute, mostSegments, Substitute, textToSend } from "./message-preview.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, Phone, page, readCursor, Time, TimeFilter, text } from "./shapes.ts";

const LONGEST_TEXT = 1_600;
const WRONG_LENGTH = `must have 1 to ${LONGEST_TEXT} characters`;

const NewMessage = z.object({
  to: Phone,
  text: z
    .string()
    .min(1, WRONG_LENGTH)
    .max(LONGEST_TEXT, { error: ({ input }) => tooManySegments(String(input)) })
    .transform(cleanText)
    .refine((value) => value.length > 0, WRONG_LENGTH),
  ref: text(64).nullish().describe("Your own reference; comes back in answers and webhooks"),
  callback: z
    .null({ error: "is not available yet; leave it out and use an endpoint" })
    .optional()
    .describe("Not available yet"),
  channel: z.literal("sms", { error: 'only "sms" is known; `channelId` chooses a channel' }).nullish(),
  channelId: text(100).nullish().describe("The channel to send from; else we choose"),
  substitute: Substitute,
});

const Queued = z.object({
  id: z.string(),
  status: z.literal("queued"),
  createdAt: Time,
  channelId: z.string(),
  ref: z.string().optional(),
});
type Queued = z.infer<typeof Queued>;

const STATUSES = Object.keys(STATUS_RANK) as [MessageStatus, ...MessageStatus[]];

export const Message = z.object({
  id: z.string(),
  direction: z.enum(["in", "out"]),
  channelId: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  media: z.array(
    z.object({ url: z.string(), contentType: z.string().nullable(), bytes: z.number().nullable() }),
  ),
  createdAt: Time,
  segments: z.number(),
  encoding: z.string(),
  status: z.enum(STATUSES),
  flags: z.array(z.string()).describe("`uncertain`: no clear answer came. `unconfirmed`: no receipt in time"),
  statusHistory: z.array(z.object({ status: z.enum(STATUSES), at: Time })),
  attempts: z.array(z.record(z.string(), z.unknown())).describe("One line for each try to send it"),
  error: z
    .object({ code: z.string(), providerCode: z.string().nullable(), text: z.string(), fault: z.string() })
    .nullable(),
  ref: z.string().nullable(),
  contactId: z.string().nullable(),
  commandId: z.string().nullable(),
  ruleId: z.string().nullable(),
});
export type Message = z.infer<typeof Message>;

const MessageQuery = ListQuery.extend({
  direction: z.enum(["in", "out"]).optional(),
  status: z.enum(STATUSES).optional(),
  channel: z.string().max(100).optional().describe("Id of a channel"),
  contact: z.string().max(100).optional().describe("Id of a contact"),
  from: Phone.optional(),
  to: Phone.optional(),
  text: z.string().min(1).max(200).optional().describe("Part of the text, whatever its case"),
  since: TimeFilter.optional(),
  until: TimeFilter.optional().describe("Before this time"),
});

export function messageView(row: StoredMessage): Message {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    statusHistory: row.statusHistory.map(({ status, at }) => ({ status, at: new Date(at).toISOString() })),
  };
}

export function messageRoutes(app: ApiApp, deps: ApiDeps): void {
  app.post(
    "/v1/messages",
    { schema: { tags: ["messages"], body: NewMessage, response: { 202: Queued } } },
    async (request, reply) => {
      const { to, text, ref, channelId, substitute } = request.body;
      const order = { to, text, ref: ref ?? null, channelId: channelId ?? null, substitute };
      return reply.code(202).send(await queueText(deps, callerOf(request).tenantId, order, request));
    },
  );

  messagePreviewRoute(app, deps, async (tenantId, wanted) => {
    const channels = await channelsOf(deps, tenantId, wanted);
    return channels.length === 0 && wanted === null ? null : pick(channels, wanted, wanted !== null);
  });

  app.get(
    "/v1/messages",
    {
      schema: {
        tags: ["messages"],
        description:
          "Newest first. A page may hold fewer than `limit` messages although there are more: `nextCursor` tells.",
        querystring: MessageQuery,
        response: { 200: page(Message) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { limit, cursor, channel, contact, from, to, ...rest } = request.query;
      const country = from !== undefined || to !== undefined ? await countryOf(deps, tenantId) : "";
      const filter = {
        ...rest,
        channelId: channel,
        contactId: contact,
        from: from === undefined ? undefined : normalisePhone(from, country),
        to: to === undefined ? undefined : normalisePhone(to, country),
      };
      const found = await listMessages(deps.database, tenantId, filter, readCursor(cursor), limit);
      const nextCursor = found.next === null ? null : Buffer.from(found.next).toString("base64url");
      return { data: found.rows.map(messageView), nextCursor };
    },
  );

  app.get(
    "/v1/messages/:id",
    { schema: { tags: ["messages"], params: IdParams, response: { 200: Message } } },
    async (request) => {
      const row = await messageById(deps.database, callerOf(request).tenantId, request.params.id);
      if (!row) throw notFound("message");
      return messageView(row);
    },
  );

  app.post(
    "/v1/messages/:id/cancel",
    { schema: { tags: ["messages"], params: IdParams, response: { 200: Message } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { id } = request.params;
      const at = new Date(deps.clock.now()).toISOString();
      return deps.database.transact(async (tx) => {
        const cancelled = await cancelWaiting(tx, tenantId, id, at);
        const row = await messageById(tx, tenantId, id);
        if (!row) throw notFound("message");
        if (!cancelled) throw new HubError("conflict", whyNotCancelled(row));
        return messageView(row);
      });
    },
  );
}

function whyNotCancelled(row: StoredMessage): string {
  if (row.direction === "in") return "A text that came in cannot be cancelled.";
  if (row.status === "queued" || row.status === "held") return "The text is being handed over right now.";
  return `The text no longer waits: it is ${row.status.replace("_", " ")}.`;
}

/** A text that somebody wants sent. */
export interface TextOrder {
  /** As a person types it. */
  to: string;
  text: string;
  ref: string | null;
  /** Null: we choose. */
  channelId: string | null;
  /** Whether typographic characters become plain ones; left out, the settings decide. */
  substitute?: boolean | null | undefined;
}

/**
 * Writes the message, its place in the outbox, its contact and its event in one transaction, then wakes the
 * workers. With `request`, the answer is kept under its Idempotency-Key in the same transaction.
 */
export async function queueText(
  deps: ApiDeps,
  tenantId: string,
  order: TextOrder,
  request: FastifyRequest | null,
): Promise<Queued> {
  const channels = await channelsOf(deps, tenantId, order.channelId);
  const to = normalisePhone(order.to, channels[0]?.country ?? (await countryOf(deps, tenantId)));
  if (!isPhoneNumber(to)) throw invalid("to", "is not a phone number; write it like +14155550101");
  const { text } = await textToSend(deps, tenantId, order.text, order.substitute ?? null);
  if (text === "") throw invalid("text", "holds nothing that can be seen");
  const answer = await deps.database.transact(async (tx) => {
    const chosen = order.channelId ?? (await lastChannelWith(tx, tenantId, to, idsOf(channels)));
    const channel = pick(channels, chosen, order.channelId !== null);
    checkLength(text, channel);
    const [contact] = await ensureContacts(tx, [{ id: newId("con"), tenantId, phone: to }]);
    const contactId = contact?.id ?? null;
    const view = viewOf({ ...order, text }, to, channel, contactId, new Date(deps.clock.now()));
    await writeText(tx, tenantId, view);
    const { id, createdAt, channelId } = view;
    const queued: Queued = { id, status: "queued", createdAt, channelId };
    if (order.ref !== null) queued.ref = order.ref;
    if (request) await keepAnswerIn(tx, request, deps.box, 202, queued);
    return queued;
  });
  deps.wakeOutbox();
  deps.eventsWritten();
  return answer;
}

/** The tenant's channels; another process may have made the one that is asked for a moment ago. */
async function channelsOf(deps: ApiDeps, tenantId: string, wanted: string | null): Promise<ActiveChannel[]> {
  const known = deps.channels.ofTenant(tenantId);
  const found = wanted === null ? known.length > 0 : known.some((channel) => channel.id === wanted);
  if (found) return known;
  await deps.channels.refresh();
  return deps.channels.ofTenant(tenantId);
}

export async function countryOf(deps: ApiDeps, tenantId: string): Promise<string> {
  const known = deps.channels.ofTenant(tenantId)[0]?.country;
  return known ?? (await tenantById(deps.database, tenantId))?.country ?? "US";
}

function idsOf(channels: ActiveChannel[]): string[] {
  return channels.map((channel) => channel.id);
}

function pick(channels: ActiveChannel[], chosen: string | null, byCaller: boolean): ActiveChannel {
  const channel = channels.find((one) => one.id === chosen);
  if (channel) return channel;
  if (byCaller) throw invalid("channelId", "there is no such channel");
  const other = channels.find((one) => one.isDefault) ?? channels[0];
  if (other) return other;
  throw new HubError("no_active_device_for_tenant", "There is no channel to send from. Set one up first.");
}

function checkLength(text: string, channel: ActiveChannel): void {
  const { segments } = measureText(text);
  const { maxSegments, title } = channel.provider;
  if (segments <= mostSegments(channel)) return;
  if (maxSegments > MOST_SEGMENTS) throw invalid("text", tooManySegments(text));
  throw invalid("text", `takes ${segments} segments; ${title} sends at most ${maxSegments}`);
}

function tooManySegments(text: string): string {
  return `takes ${measureText(text).segments} segments; at most ${MOST_SEGMENTS} are sent`;
}

function viewOf(
  order: TextOrder,
  to: string,
  channel: ActiveChannel,
  contactId: string | null,
  now: Date,
): MessageView {
  const { encoding, segments } = measureText(order.text);
  return {
    id: newId("msg"),
    channelId: channel.id,
    direction: "out",
    from: channel.address,
    to,
    text: order.text,
    media: [],
    segments,
    encoding,
    status: "queued",
    ref: order.ref,
    contactId,
    commandId: null,
    ruleId: null,
    createdAt: now.toISOString(),
  };
}

async function writeText(tx: Tx, tenantId: string, view: MessageView): Promise<void> {
  const rule = MESSAGE_KINDS.conversation;
  const expiresAt = new Date(Date.parse(view.createdAt) + rule.livesMs).toISOString();
  const batch = emptyBatch();
  batch.messages.push({
    tenantId,
    view,
    kind: "conversation",
    phone: view.to,
    providerMessageId: null,
    arrivalSeq: null,
    expiresAt,
    history: [{ status: "queued", at: view.createdAt }],
  });
  batch.outbox.push({
    tenantId,
    lane: view.channelId,
    messageId: view.id,
    conversation: view.to,
    priority: rule.priority,
    expiresAt,
  });
  batch.events.push(messageQueued(tenantId, view, "conversation", expiresAt));
  await writeRouted(tx, batch);
}
