import { z } from "zod";
import { scopeParts } from "../../domain/consent.ts";
import { HubError, notFound } from "../../domain/errors.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { audit } from "../../store/audit.ts";
import type { StoredReview } from "../../store/consent-reviews.ts";
import { decideReview, listReviews, lockReview } from "../../store/consent-reviews.ts";
import { contactIdOf, standingOptOuts } from "../../store/consent-view.ts";
import type { Tx } from "../../store/database.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Caller } from "../auth.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { countryOf } from "./queue-text.ts";
import type { ApiApp } from "./routes.ts";
import {
  closed,
  foundPage,
  IdParams,
  ListQuery,
  MAY_BE_SHORT,
  name,
  Phone,
  page,
  readCursor,
  Time,
} from "./shapes.ts";

/** How long an opt-out by wording may be taken back. */
const REVERSIBLE_MS = 14 * 86_400_000;

const STATES = ["open", "kept", "reversed"] as const;

const Review = z.object({
  id: z.string(),
  phone: z.string(),
  channelId: z.string(),
  kind: z
    .enum(["opt_out", "review_only"])
    .describe("opt_out: it was honoured at once. review_only: it was not"),
  scope: z.enum(["all", "address", "topic"]),
  text: z.string(),
  phrase: z.string().describe("The entry of the phrase list that matched"),
  version: z.string().describe("Of the phrase list"),
  messageId: z.string(),
  pausesBroadcasts: z.boolean(),
  state: z.enum(STATES),
  decidedBy: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
  decidedAt: Time.nullable(),
  reason: z.string().nullable(),
  createdAt: Time,
  reversibleUntil: Time,
});

const Decision = closed({
  decision: z.enum(["keep", "not_an_opt_out"], { error: "must be keep or not_an_opt_out" }),
  reason: name(1000),
});

function reviewView(row: StoredReview): z.infer<typeof Review> {
  return {
    ...row,
    scope: scopeParts(row.scope).scope,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    reversibleUntil: new Date(row.createdAt.getTime() + REVERSIBLE_MS).toISOString(),
  };
}

export function consentReviewRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/consent/reviews",
    {
      schema: {
        tags: ["consent"],
        description: `Wordings that a person should judge, newest first. ${MAY_BE_SHORT}`,
        querystring: ListQuery.extend({ state: z.enum(STATES).optional(), phone: Phone.optional() }),
        response: { 200: page(Review) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { state, phone, cursor, limit } = request.query;
      const person = phone === undefined ? null : normalisePhone(phone, await countryOf(deps, tenantId));
      const filter = { tenantId, state: state ?? null, phone: person };
      const found = await listReviews(deps.database, filter, readCursor(cursor), limit);
      return foundPage(found, reviewView);
    },
  );

  app.post(
    "/v1/consent/reviews/:id",
    {
      schema: {
        tags: ["consent"],
        description:
          "Within 14 days. `not_an_opt_out` gives back what the wording took; an exact word like STOP is never reversed.",
        params: IdParams,
        body: Decision,
        response: { 200: Review },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const { decision, reason } = request.body;
      const decided = await deps.database.transact(async (tx) => {
        const review = await lockReview(tx, caller.tenantId, id);
        if (!review) throw notFound("review");
        if (review.state !== "open") throw new HubError("conflict", "This was decided already.");
        const at = new Date(deps.clock.now());
        if (decision === "not_an_opt_out") await reverse(deps, tx, caller, review, reason, at);
        const { tenantId, actor } = caller;
        const detail = { decision, reason, phrase: review.phrase };
        await audit(tx, { tenantId, actor, action: "consent.reviewed", object: id, detail });
        const state = decision === "keep" ? "kept" : "reversed";
        return decideReview(tx, { tenantId, id, state, by: actor, reason, at });
      });
      deps.eventsWritten();
      return reviewView(decided);
    },
  );
}

async function reverse(
  deps: ApiDeps,
  tx: Tx,
  { tenantId, actor }: Caller,
  review: StoredReview,
  reason: string,
  at: Date,
): Promise<void> {
  if (at.getTime() - review.createdAt.getTime() > REVERSIBLE_MS) {
    throw new HubError("conflict", "This is older than 14 days and stays as it is.");
  }
  if (review.kind === "review_only") return;
  const { phone, scope, channelId } = review;
  const standing = await standingOptOuts(tx, { tenantId, phone, scope });
  if (standing.some((method) => method !== "text_phrase")) {
    throw new HubError("conflict", "The person has opted out by an exact word too; that is never reversed.");
  }
  const events = await deps.changeConsent(tx, {
    ...{ tenantId, phone, actor, at, address: scope, action: "restore", method: "review" },
    ...{ word: "", text: null, messageId: review.messageId, channelId: null, note: reason },
    contactId: await contactIdOf(tx, tenantId, phone),
    channelAddress: deps.channels.byId(channelId)?.address ?? "",
    keyword: null,
    source: "operator",
  });
  await insertEvents(tx, events);
}
