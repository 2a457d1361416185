import { randomBytes } from "node:crypto";
import { z } from "zod";
import { HubError, notFound } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { KEY_ROLES, roleMayGive } from "../../domain/roles.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import type { Invitation } from "../../store/invitations.ts";
import { deleteInvitation, insertInvitation, invitedRole, listInvitations } from "../../store/invitations.ts";
import { insertMails } from "../../store/mails.ts";
import { personByEmail } from "../../store/people.ts";
import { lockTenant } from "../../store/tenants.ts";
import { hashKey } from "../../tools/secrets.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { closed, IdParams, ListQuery, page, pageOf, readCursor, Time } from "./shapes.ts";

const DAYS = 7;

/** An address as people type it; kept in lower case. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .toLowerCase()
  .pipe(z.email({ error: "must be an e-mail address" }));

const Role = z.enum(KEY_ROLES, { error: `must be one of ${KEY_ROLES.join(", ")}` });

const InvitationView = z.object({
  id: z.string(),
  email: z.string(),
  role: Role,
  createdAt: Time,
  expiresAt: Time,
  expired: z.boolean(),
});
const NewInvitation = closed({ email: Email, role: Role });
const CreatedInvitation = InvitationView.extend({
  link: z.string().describe("Shown this once; whoever opens it joins"),
  mailed: z.boolean().describe("Whether it goes out by mail as well"),
});

export function invitationRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database, clock } = deps;

  app.get(
    "/v1/team/invitations",
    {
      schema: {
        tags: ["team"],
        description: "Those that nobody has taken up yet, newest first.",
        querystring: ListQuery,
        response: { 200: page(InvitationView) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { tenantId } = callerOf(request);
      const rows = await listInvitations(database, tenantId, readCursor(cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        (row) => view(row, clock.now()),
      );
    },
  );

  app.post(
    "/v1/team/invitations",
    {
      schema: {
        tags: ["team"],
        description: `A link that makes somebody a member, once, within ${DAYS} days. A new one to the same address replaces the one before.`,
        body: NewInvitation,
        response: { 201: CreatedInvitation },
      },
    },
    async (request, reply) => {
      const { tenantId, actor, role: own } = callerOf(request);
      const { email, role } = request.body;
      if (!roleMayGive(own, role)) throw new HubError("forbidden", "Only an owner may invite an owner.");
      const token = randomBytes(32).toString("base64url");
      const link = `${deps.publicUrl()}/invitation?token=${token}`;
      const createdAt = new Date(clock.now());
      const expiresAt = new Date(clock.now() + DAYS * 86_400_000);
      const invitation = { id: newId("inv"), email, role, createdAt, expiresAt };
      await database.transact(async (tx) => {
        const tenant = await lockTenant(tx, tenantId);
        if (await personByEmail(tx, email)) {
          throw new HubError("conflict", "Somebody with this address is in a team already.");
        }
        const before = await invitedRole(tx, tenantId, email);
        if (before !== null && !roleMayGive(own, before)) {
          throw new HubError(
            "forbidden",
            "An owner invited this address as owner. Only an owner may change that.",
          );
        }
        await insertInvitation(tx, tenantId, {
          ...invitation,
          tokenHash: hashKey(token),
          invitedBy: actor.id,
        });
        if (deps.sendsMail) await mailLink(tx, { tenantId, workspace: tenant?.name ?? "", email, link });
        const detail = { email, role };
        await audit(tx, { tenantId, actor, action: "team.invited", object: invitation.id, detail });
      });
      return reply.code(201).send({ ...view(invitation, clock.now()), link, mailed: deps.sendsMail });
    },
  );

  app.delete(
    "/v1/team/invitations/:id",
    { schema: { tags: ["team"], params: IdParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor, role: own } = callerOf(request);
      const { id } = request.params;
      await database.transact(async (tx) => {
        const gone = await deleteInvitation(tx, tenantId, id);
        if (!gone) throw notFound("invitation");
        if (!roleMayGive(own, gone.role))
          throw new HubError("forbidden", "Only an owner may take this back.");
        await audit(tx, { tenantId, actor, action: "team.invitation_revoked", object: id, detail: gone });
      });
      return reply.code(204).send(null);
    },
  );
}

/** The event of mails that hold such a link; what they say is shown to nobody else. */
export const INVITATION_MAIL = "team.invited";

async function mailLink(
  tx: Tx,
  { tenantId, workspace, email, link }: { tenantId: string; workspace: string; email: string; link: string },
): Promise<void> {
  const body = [
    `You are invited to ${workspace} on Signalbox. Choose a password here:`,
    "",
    link,
    "",
    `The link works once, for ${DAYS} days. If you did not expect it, do nothing.`,
  ].join("\n");
  const mail = { tenantId, id: newId("mail"), to: email, subject: `Invitation to ${workspace}`, body };
  await insertMails(tx, [{ ...mail, event: INVITATION_MAIL, ruleId: null, messageId: null }]);
}

function view({ createdAt, expiresAt, ...rest }: Invitation, now: number): z.input<typeof InvitationView> {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    expired: expiresAt.getTime() <= now,
  };
}
