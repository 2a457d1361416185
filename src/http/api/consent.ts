import { z } from "zod";
import { scopeParts, scopeWord } from "../../domain/consent.ts";
import { HubError, invalid, notFound } from "../../domain/errors.ts";
import { isPhoneNumber, normalisePhone } from "../../domain/phone.ts";
import { audit } from "../../store/audit.ts";
import type { ConsentEvent, RouteBlock, Suppression } from "../../store/consent-view.ts";
import {
  blocksOf,
  broadcastsPaused,
  consentEvents,
  contactIdOf,
  standingOptOuts,
  suppressionsOf,
} from "../../store/consent-view.ts";
import { insertEvents } from "../../store/routing.ts";
import { tenantById } from "../../store/tenants.ts";
import { maskPhone } from "../../tools/log.ts";
import { callerOf } from "../auth.ts";
import { consentReviewRoutes } from "./consent-reviews.ts";
import type { ApiDeps } from "./deps.ts";
import { countryOf } from "./queue-text.ts";
import type { ApiApp } from "./routes.ts";
import { closed, ListQuery, name, Phone, pageOf, readCursor, Time, text } from "./shapes.ts";

const SCOPES = ["all", "address", "topic"] as const;
const Scope = z.object({
  scope: z.enum(SCOPES),
  address: z.string().nullable(),
  topic: z.string().nullable().describe("Key of the topic"),
});

const Consent = z.object({
  phone: z.string(),
  contactId: z.string().nullable(),
  optedOut: z.array(
    Scope.extend({
      method: z.string(),
      word: z.string().nullable(),
      messageId: z.string().nullable(),
      since: Time,
    }),
  ),
  broadcastsPaused: z.boolean().describe("Until a person has looked at what was written: see reviews"),
  blocks: z
    .array(
      z.object({
        channelId: z.string(),
        channel: z.string().nullable(),
        address: z.string().nullable(),
        state: z.enum(["blocked", "lifted"]),
        code: z.string(),
        messageId: z.string().nullable(),
        since: Time,
        lastSeenAt: Time,
        liftedAt: Time.nullable(),
        remedy: z.string().nullable(),
      }),
    )
    .describe("What providers refuse to carry, whatever consent says"),
  events: z
    .array(
      Scope.extend({
        id: z.number(),
        action: z.string().describe("revoke, restore: consent. block, lift: the route of a channel"),
        method: z.string(),
        word: z.string().nullable().describe("The word or wording, or the provider's code"),
        text: z.string().nullable(),
        messageId: z.string().nullable(),
        channelId: z.string().nullable(),
        actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
        note: z.string().nullable(),
        evidence: z.unknown(),
        receivedAt: Time,
        recordedAt: Time,
      }),
    )
    .describe("The evidence, newest first. Nothing is ever taken out"),
  nextCursor: z.string().nullable().describe("Of `events`"),
});
type Consent = z.infer<typeof Consent>;

const METHODS = ["staff", "paper", "web_form"] as const;
const Change = closed({
  phone: Phone,
  action: z.enum(["revoke", "restore"], { error: "must be revoke or restore" }),
  scope: z.enum(SCOPES, { error: "must be all, address or topic" }).default("all"),
  address: text(40).nullish().describe("With the scope address: a number of ours"),
  topic: text(40).nullish().describe("With the scope topic: its key"),
  method: z.enum(METHODS, { error: "must be staff, paper or web_form" }),
  note: name(1000).nullish().describe("Who said so and where it is written down; a restore needs it"),
  evidence: closed({
    page: text(500).nullish().describe("Address of the form"),
    formVersion: text(100).nullish(),
    wording: text(2000).nullish().describe("The words that were shown"),
    clientAddress: text(100).nullish().describe("Where the form was sent from"),
  }).nullish(),
});
type Change = z.infer<typeof Change>;

const NO_NUMBER = "is not a phone number; write it like +14155550101";
/** Machines text from those, and may write STOP. */
const SHORT_CODE = /^\d{3,8}$/;

export function consentRoutes(app: ApiApp, deps: ApiDeps): void {
  consentReviewRoutes(app, deps);

  app.get(
    "/v1/consent",
    {
      schema: {
        tags: ["consent"],
        description: "Why a person may, or may not, be texted: both layers, and the evidence behind them.",
        querystring: ListQuery.extend({ phone: Phone }),
        response: { 200: Consent },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { phone, cursor, limit } = request.query;
      const person = normalisePhone(phone, await countryOf(deps, tenantId));
      // "Nothing is recorded" would be read as a yes.
      if (!isPhoneNumber(person) && !SHORT_CODE.test(person)) throw invalid("phone", NO_NUMBER);
      return consentOf(deps, tenantId, person, readCursor(cursor), limit);
    },
  );

  app.post(
    "/v1/consent",
    {
      schema: {
        tags: ["consent"],
        description:
          "Records what a person said by another way than a text. A block of a provider stays: only the person can lift it.",
        body: Change,
        response: { 200: Consent },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const phone = normalisePhone(request.body.phone, await countryOf(deps, tenantId));
      if (!isPhoneNumber(phone)) throw invalid("phone", NO_NUMBER);
      await recordChange(deps, callerOf(request), { ...request.body, phone });
      deps.eventsWritten();
      return consentOf(deps, tenantId, phone, null, 50);
    },
  );
}

async function recordChange(
  deps: ApiDeps,
  { tenantId, actor }: ReturnType<typeof callerOf>,
  change: Change,
): Promise<void> {
  const { phone, action, method, note } = change;
  if (action === "restore" && !note) {
    throw invalid("note", "must say who asked for it and where that is written down");
  }
  const scope = await scopeOf(deps, tenantId, change);
  await deps.database.transact(async (tx) => {
    const standing = await standingOptOuts(tx, { tenantId, phone, scope });
    if (action === "restore" && method === "staff" && standing.some((how) => BY_PERSON.has(how))) {
      throw new HubError("conflict", TAKE_NO_WORD_BACK);
    }
    const contactId = await contactIdOf(tx, tenantId, phone);
    const events = await deps.changeConsent(tx, {
      ...{ tenantId, phone, action, method, address: scope, actor },
      ...{ word: "", text: null, messageId: null, channelId: null },
      note: note ?? null,
      evidence: change.evidence ?? null,
      at: new Date(deps.clock.now()),
      contactId,
      channelAddress: scopeParts(scope).address ?? deps.channels.defaultOf(tenantId)?.address ?? "",
      keyword: null,
      source: "operator",
    });
    await insertEvents(tx, events);
    const detail = { method, scope, note: note ?? null };
    await audit(tx, {
      tenantId,
      actor,
      action: `consent.${action}d`,
      object: contactId ?? maskPhone(phone),
      detail,
    });
  });
}

/** Opt-outs that came from the person: nobody of the staff can say that they were not meant. */
const BY_PERSON = new Set(["text_word", "text_phrase", "provider_block"]);
const TAKE_NO_WORD_BACK =
  "This person opted out by text: only START, or new consent on paper or a web form, brings them back. A wording on the review list can be reversed there.";

async function scopeOf(deps: ApiDeps, tenantId: string, change: Change): Promise<string> {
  const { scope, address, topic } = change;
  if (scope === "address") {
    const known = deps.channels.ofTenant(tenantId).some((channel) => channel.address === address);
    if (!known) throw invalid("address", "must be a number of one of the channels");
  }
  if (scope === "topic") {
    const tenant = await tenantById(deps.database, tenantId);
    if (!tenant) throw notFound("account");
    const known = tenant.settings.consent.topics.some(({ key }) => key === topic);
    if (!known) throw invalid("topic", "must be the key of a topic in the settings");
  }
  return scopeWord(scope, topic ?? null, address ?? "");
}

async function consentOf(
  deps: ApiDeps,
  tenantId: string,
  phone: string,
  cursor: string | null,
  limit: number,
): Promise<Consent> {
  const { database } = deps;
  const before = cursor === null ? null : Number(cursor);
  if (before !== null && !Number.isSafeInteger(before)) throw invalid("cursor", "is not one we gave out");
  const events = await consentEvents(database, { tenantId, phone }, before, limit + 1);
  const page = pageOf(events, limit, (row) => String(row.id), eventView);
  return {
    phone,
    contactId: await contactIdOf(database, tenantId, phone),
    optedOut: (await suppressionsOf(database, tenantId, phone)).map(optOutView),
    broadcastsPaused: await broadcastsPaused(database, tenantId, phone),
    blocks: (await blocksOf(database, tenantId, phone)).map(blockView),
    events: page.data,
    nextCursor: page.nextCursor,
  };
}

function optOutView({ scope, word, since, ...row }: Suppression): Consent["optedOut"][number] {
  return { ...scopeParts(scope), ...row, word: word || null, since: since.toISOString() };
}

function blockView(row: RouteBlock): Consent["blocks"][number] {
  const { since, lastSeenAt, liftedAt, address } = row;
  return {
    ...row,
    state: liftedAt ? "lifted" : "blocked",
    since: since.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    liftedAt: liftedAt?.toISOString() ?? null,
    remedy: liftedAt ? null : `This person must text START to ${address ?? "that number"}.`,
  };
}

function eventView({ scope, word, receivedAt, recordedAt, ...row }: ConsentEvent): Consent["events"][number] {
  return {
    ...scopeParts(scope),
    ...row,
    word: word || null,
    receivedAt: receivedAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
  };
}
