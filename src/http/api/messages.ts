import { z } from "zod";
import type { Issue } from "../../domain/errors.ts";
import { HubError, notFound } from "../../domain/errors.ts";
import { MOST_FILES, withAddresses } from "../../domain/media.ts";
import type { MessageStatus } from "../../domain/message.ts";
import { STATUS_RANK } from "../../domain/message.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText, isBlank, measureText } from "../../domain/sms-text.ts";
import type { StoredMessage } from "../../store/messages.ts";
import { cancelWaiting, listMessages, messageById } from "../../store/messages.ts";
import { callerOf } from "../auth.ts";
import { keepAnswerIn } from "../idempotency.ts";
import type { ApiDeps } from "./deps.ts";
import { Url, urlIssues } from "./endpoint-shape.ts";
import { messagePreviewRoute, Substitute } from "./message-preview.ts";
import { channelsOf, countryOf, pickChannel, Queued, queueText, tooManySegments } from "./queue-text.ts";
import type { ApiApp } from "./routes.ts";
import {
  IdParams,
  ListQuery,
  Phone,
  page,
  readCursor,
  refuse,
  Time,
  TimeFilter,
  text,
  whole,
} from "./shapes.ts";

const LONGEST_TEXT = 1_600;
const MOST_AHEAD_MS = 30 * 86_400_000;
const CLOCKS_DIFFER_MS = 60_000;
const WRONG_LENGTH = `must have 1 to ${LONGEST_TEXT} characters`;

const MediaUrls = z
  .array(
    z
      .string()
      .max(2_000)
      .transform(cleanText)
      .refine(isPublicAddress, "must be an address such as https://example.com/picture.jpg"),
  )
  .max(MOST_FILES, `must be at most ${MOST_FILES}`)
  .optional()
  .describe("Files that go with the text (MMS), where the channel can; the provider fetches them from there");

/** What a provider can fetch, and neither tells nor needs a password. */
function isPublicAddress(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === "https:" && url.username === "" && url.password === "";
}

const SendAt = TimeFilter.nullish().describe("Not before this time, at most 30 days ahead");

const NewMessage = z.object({
  to: Phone,
  text: z
    .string()
    .min(1, WRONG_LENGTH)
    .max(LONGEST_TEXT, { error: ({ input }) => tooManySegments(measureText(String(input)).segments) })
    .transform(cleanText)
    .refine((value) => value.length > 0, { error: WRONG_LENGTH, abort: true })
    .refine((value) => !isBlank(value), "must not be blank"),
  ref: text(64).nullish().describe("Your own reference; comes back in answers and webhooks"),
  callback: Url.nullish().describe("Hears what becomes of this text; signed like every webhook"),
  channel: z.literal("sms", { error: 'only "sms" is known; `channelId` chooses a channel' }).nullish(),
  channelId: text(100).nullish().describe("The channel to send from; else we choose"),
  substitute: Substitute,
  mediaUrls: MediaUrls,
  sendAt: SendAt,
  queueSeconds: whole(0, 604_800)
    .nullish()
    .describe("How long it may wait when no channel can take it now; left out, the settings say"),
});

const STATUSES = Object.keys(STATUS_RANK) as [MessageStatus, ...MessageStatus[]];

const HistoryLine = z.object({
  status: z.enum(STATUSES),
  at: Time,
  sendAt: Time.optional().describe("Queued for then"),
  code: z.string().optional().describe("The provider's own code"),
  text: z.string().optional().describe("In words"),
  part: z.string().optional().describe('Of a long text: "2/3"'),
  ignored: z.literal(true).optional().describe("It came too late to change the status"),
});

export const Message = z.object({
  id: z.string(),
  direction: z.enum(["in", "out"]),
  channelId: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  media: z.array(
    z.object({
      id: z.string().nullable().describe("Null: not kept by us"),
      url: z.string().describe("Of a text that came in: here, with your API key"),
      contentType: z.string().nullable(),
      bytes: z.number().nullable(),
      state: z.enum(["waiting", "fetched", "refused", "failed", "removed", "linked"]),
      reason: z.string().nullable().describe("Why it was refused or failed"),
    }),
  ),
  createdAt: Time,
  segments: z.number(),
  providerSegments: z.number().nullable().describe("As the provider counted them, where it says so"),
  encoding: z.string(),
  status: z.enum(STATUSES),
  flags: z.array(z.string()).describe("`uncertain`: no clear answer came. `unconfirmed`: no receipt in time"),
  statusHistory: z.array(HistoryLine),
  attempts: z.array(z.record(z.string(), z.unknown())).describe("One line for each try to send it"),
  error: z
    .object({ code: z.string(), providerCode: z.string().nullable(), text: z.string(), fault: z.string() })
    .nullable(),
  ref: z.string().nullable(),
  contactId: z.string().nullable(),
  commandId: z.string().nullable(),
  ruleId: z.string().nullable(),
  reactionTo: z.string().optional().describe('Of a reaction such as "Liked …": the message that it quotes'),
});
export type Message = z.infer<typeof Message>;

const MessageQuery = ListQuery.extend({
  direction: z.enum(["in", "out"]).optional(),
  status: z.enum(STATUSES).optional(),
  channel: z.string().max(100).optional().describe("Id of a channel"),
  contact: z.string().max(100).optional().describe("Id of a contact"),
  phone: Phone.optional().describe("The person's number, whoever sent the text"),
  from: Phone.optional(),
  to: Phone.optional(),
  text: z.string().min(1).max(200).optional().describe("Part of the text, whatever its case"),
  since: TimeFilter.optional(),
  until: TimeFilter.optional().describe("Before this time"),
});

export function messageView(stored: StoredMessage, publicUrl: string): Message {
  const { reactionTo, ...row } = stored;
  return {
    ...row,
    ...(reactionTo === null ? {} : { reactionTo }),
    media: withAddresses(row.media, publicUrl),
    createdAt: row.createdAt.toISOString(),
    statusHistory: row.statusHistory.map((line) => ({ ...line, at: new Date(line.at).toISOString() })),
  };
}

export function messageRoutes(app: ApiApp, deps: ApiDeps): void {
  app.post(
    "/v1/messages",
    {
      schema: {
        tags: ["messages"],
        description:
          "To somebody who has opted out a person who is signed in is answered 409 `opted_out`. A program is " +
          "answered 202; the text fails when it is about to leave.",
        body: NewMessage,
        response: { 202: Queued },
      },
    },
    async (request, reply) => {
      const { ref, channelId, ...body } = request.body;
      const { tenantId, role, actor } = callerOf(request);
      refuse("validation_error", [
        ...(body.callback ? urlIssues(deps, body.callback, "callback") : []),
        ...timeIssues(body.sendAt, deps.clock.now()),
      ]);
      const byPerson = actor.kind === "user";
      const order = { ...body, ref: ref ?? null, channelId: channelId ?? null, byPerson };
      const queued = await queueText(deps, tenantId, order, async (tx, answer) => {
        // A secret is for those who set things up.
        if (role !== "owner" && role !== "admin") delete answer.callbackSecret;
        await keepAnswerIn(tx, request, deps.box, 202, answer);
      });
      return reply.code(202).send(queued);
    },
  );

  messagePreviewRoute(app, deps, async (tenantId, wanted) => {
    const channels = await channelsOf(deps, tenantId, wanted);
    return channels.length === 0 && wanted === null ? null : pickChannel(channels, wanted, wanted !== null);
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
      const { limit, cursor, channel, contact, phone, from, to, ...rest } = request.query;
      const named = [phone, from, to].some((one) => one !== undefined);
      const country = named ? await countryOf(deps, tenantId) : "";
      const numberOf = (typed: string | undefined) =>
        typed === undefined ? undefined : normalisePhone(typed, country);
      const filter = {
        ...rest,
        channelId: channel,
        contactId: contact,
        phone: numberOf(phone),
        from: numberOf(from),
        to: numberOf(to),
      };
      const found = await listMessages(deps.database, tenantId, filter, readCursor(cursor), limit);
      const nextCursor = found.next === null ? null : Buffer.from(found.next).toString("base64url");
      const publicUrl = deps.publicUrl();
      return { data: found.rows.map((row) => messageView(row, publicUrl)), nextCursor };
    },
  );

  app.get(
    "/v1/messages/:id",
    { schema: { tags: ["messages"], params: IdParams, response: { 200: Message } } },
    async (request) => {
      const row = await messageById(deps.database, callerOf(request).tenantId, request.params.id);
      if (!row) throw notFound("message");
      return messageView(row, deps.publicUrl());
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
        return messageView(row, deps.publicUrl());
      });
    },
  );
}

function timeIssues(sendAt: Date | null | undefined, now: number): Issue[] {
  if (!sendAt) return [];
  const ahead = sendAt.getTime() - now;
  if (ahead > MOST_AHEAD_MS) return [{ path: "sendAt", message: "must be at most 30 days ahead" }];
  return ahead < -CLOCKS_DIFFER_MS ? [{ path: "sendAt", message: "must not lie in the past" }] : [];
}

function whyNotCancelled(row: StoredMessage): string {
  if (row.direction === "in") return "A text that came in cannot be cancelled.";
  if (row.status === "queued" || row.status === "held") return "The text is being handed over right now.";
  return `The text no longer waits: it is ${row.status.replace("_", " ")}.`;
}
