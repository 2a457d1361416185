import { z } from "zod";
import type { ActiveChannel } from "../../channels/types.ts";
import { HubError, invalid } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { cleanText } from "../../domain/sms-text.ts";
import type { Kept, NewArrival } from "../../store/inbox.ts";
import { keepArrivals } from "../../store/inbox.ts";
import { talkOf } from "../../store/messages.ts";
import { createBatcher } from "../../tools/batcher.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { Message, messageView } from "./messages.ts";
import { countryOf } from "./queue-text.ts";
import type { ApiApp } from "./routes.ts";
import { ListQuery, name, Phone, page, readCursor, text } from "./shapes.ts";

/** Plays the phones of a simulator channel: what it posts goes the same way as a provider's webhook. */

const LONGEST_TEXT = 20_000;
/** Arrivals in one commit. */
const COMMIT_AT_MOST = 500;

const Sender = Phone.refine((value) => value.trim().length > 0, "must not be empty");

const Media = z.object({
  url: z
    .string()
    .max(2_000)
    .transform(cleanText)
    .refine((value) => URL.canParse(value), "must be an address such as https://example.com/picture.jpg"),
  contentType: text(200).nullable().default(null),
  bytes: z.int().min(0).nullable().default(null),
});

const PhoneText = z.object({
  from: Sender.describe("The phone that texts"),
  text: text(LONGEST_TEXT).describe("May be empty"),
  to: Sender.nullish().describe("Address of the simulator channel; else the first one"),
  media: z.array(Media).max(20).default([]),
  providerMessageId: name(200)
    .nullish()
    .describe("The carrier's id of this text; the same id again is a repeat and does nothing"),
});

const Accepted = z.object({ accepted: z.literal(true), duplicate: z.boolean() });

const TalkQuery = ListQuery.extend({
  phone: Sender,
  after: z
    .string()
    .max(100)
    .optional()
    .describe("Id of a message: only later ones. Poll with the last id you have"),
});

export function simulatorRoutes(app: ApiApp, deps: ApiDeps): void {
  const keep = createBatcher<NewArrival, Kept>(
    { maxItems: COMMIT_AT_MOST, concurrency: 1 },
    async (arrivals) => {
      const kept = await keepArrivals(deps.database, arrivals);
      deps.activity.note(arrivals);
      deps.wakeInbox();
      return kept;
    },
  );

  app.post(
    "/v1/simulator/messages",
    { schema: { tags: ["simulator"], body: PhoneText, response: { 202: Accepted } } },
    async (request, reply) => {
      const { tenantId } = callerOf(request);
      const { body } = request;
      const channel = choose(await simulatorsOf(deps, tenantId), body.to ?? null);
      const providerMessageId = body.providerMessageId ?? `sim_${newId("arr")}`;
      const kept = await keep.add({
        tenantId,
        channelId: channel.id,
        dedupeKey: `inbound ${providerMessageId}`,
        arrival: {
          kind: "message",
          providerMessageId,
          from: normalisePhone(body.from, channel.country),
          to: channel.address,
          text: body.text,
          media: body.media,
          providerTime: null,
          providerContactId: null,
        },
        aside: null,
        raw: null,
        headers: {},
        door: "simulator",
        client: request.raw.socket.remoteAddress ?? "",
        receivedAt: new Date(deps.clock.now()),
      });
      return reply.code(202).send({ accepted: true, duplicate: !kept.fresh });
    },
  );

  app.get(
    "/v1/simulator/messages",
    {
      schema: {
        tags: ["simulator"],
        description:
          "What a phone sent and what is on its way to it or has arrived, oldest first: the newest page, or with " +
          "`after` what came later. `nextCursor` leads on in the same direction.",
        querystring: TalkQuery,
        response: { 200: page(Message) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { limit, phone } = request.query;
      const { after, before } = position(request.query);
      const channels = await simulatorsOf(deps, tenantId);
      const talk = {
        tenantId,
        phone: normalisePhone(phone, await countryOf(deps, tenantId)),
        channelIds: channels.map((channel) => channel.id),
        after,
        before,
      };
      const rows = await talkOf(deps.database, talk, limit + 1);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = rows.length > limit && last ? `${after === null ? "before" : "after"} ${last.id}` : null;
      if (after === null) shown.reverse();
      return {
        data: shown.map((row) => messageView(row, deps.publicUrl())),
        nextCursor: next === null ? null : Buffer.from(next).toString("base64url"),
      };
    },
  );
}

/** A cursor goes before `after`: it was given out for the page that `after` began. */
function position(query: { cursor?: string | undefined; after?: string | undefined }): {
  after: string | null;
  before: string | null;
} {
  const cursor = readCursor(query.cursor);
  if (cursor === null) return { after: query.after ?? null, before: null };
  const [direction, id] = cursor.split(" ");
  if (id === undefined || (direction !== "after" && direction !== "before")) {
    throw invalid("cursor", "is not one we gave out");
  }
  return direction === "after" ? { after: id, before: null } : { after: null, before: id };
}

async function simulatorsOf(deps: ApiDeps, tenantId: string): Promise<ActiveChannel[]> {
  const list = () =>
    deps.channels.ofTenant(tenantId).filter((channel) => channel.provider.provider === "simulator");
  const known = list();
  if (known.length > 0) return known;
  // Another process may have made one a moment ago.
  await deps.channels.refresh();
  return list();
}

function choose(channels: ActiveChannel[], to: string | null): ActiveChannel {
  const first = channels[0];
  if (!first) {
    const hint =
      'Make one: POST /v1/channels {"provider":"simulator","name":"Simulator","address":"+14155550100"}.';
    throw new HubError("not_found", `There is no simulator channel. ${hint}`);
  }
  if (to === null) return first;
  const address = normalisePhone(to, first.country);
  const chosen = channels.find((channel) => channel.address === address);
  if (chosen) return chosen;
  const addresses = channels.map((channel) => channel.address).join(", ");
  throw invalid("to", `no simulator channel answers on it; there is ${addresses}`);
}
