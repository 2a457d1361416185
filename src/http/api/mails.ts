import { z } from "zod";
import type { StoredMail } from "../../store/mails.ts";
import { listMails } from "../../store/mails.ts";
import { callerOf } from "../auth.ts";
import { PASSWORD_MAIL } from "../portal/forgot-mail.ts";
import type { ApiDeps } from "./deps.ts";
import { INVITATION_MAIL } from "./invitations.ts";
import type { ApiApp } from "./routes.ts";
import { foundPage, ListQuery, MAY_BE_SHORT, page, readCursor, Time, text } from "./shapes.ts";

const STATES = ["waiting", "sent", "failed"] as const;

const MailView = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  body: z.string(),
  state: z.enum(STATES),
  attempts: z.array(
    z.object({
      at: Time,
      outcome: z.enum(["accepted", "refused", "unreachable", "not_set_up"]),
      code: z.number().nullable().describe("Of the mail server; null = none was heard"),
      text: z.string(),
    }),
  ),
  nextAt: Time.nullable().describe("When it is tried next; null = it is over"),
  event: z.string().describe("What caused it: `rule`, or the type of an event"),
  ruleId: z.string().nullable(),
  messageId: z.string().nullable(),
  createdAt: Time,
});

const Query = ListQuery.extend({
  state: z.enum(STATES, { error: `must be one of ${STATES.join(", ")}` }).optional(),
  rule: text(200).optional().describe("Id of a rule"),
});

export function mailRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/mails",
    {
      schema: {
        tags: ["mails"],
        description: `Mails that rules and notices asked for, with every attempt to hand them over; newest first. ${MAY_BE_SHORT}`,
        querystring: Query,
        response: { 200: page(MailView) },
      },
    },
    async (request) => {
      const { limit, cursor, state, rule } = request.query;
      const found = await listMails(deps.database, callerOf(request).tenantId, {
        state: state ?? null,
        ruleId: rule ?? null,
        after: readCursor(cursor),
        limit,
      });
      return foundPage(found, view);
    },
  );
}

const LINK_MAILS = [INVITATION_MAIL, PASSWORD_MAIL];

function view({ nextAt, createdAt, ...mail }: StoredMail): z.input<typeof MailView> {
  // Whoever has the link is let in.
  const body = LINK_MAILS.includes(mail.event) ? "(The link in it is shown to nobody else.)" : mail.body;
  return { ...mail, body, nextAt: nextAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}
