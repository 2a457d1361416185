import { z } from "zod";
import { HubError, notFound } from "../../domain/errors.ts";
import type { KeyRole } from "../../domain/roles.ts";
import { KEY_ROLES, roleMayGive } from "../../domain/roles.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import { deleteInvitationsBy } from "../../store/invitations.ts";
import { deletePasswordLinks, deletePasswordLinksBy } from "../../store/password-links.ts";
import { deleteLonePerson, endSessions } from "../../store/people.ts";
import type { Member } from "../../store/team.ts";
import { countOwners, listTeam, memberById, removeMember, setMemberRole } from "../../store/team.ts";
import { lockTenant } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { closed, ListQuery, page, pageOf, readCursor, Time, text } from "./shapes.ts";

const Role = z.enum(KEY_ROLES, { error: `must be one of ${KEY_ROLES.join(", ")}` });

const MemberView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  twoFactor: z.boolean(),
  createdAt: Time.describe("When they joined"),
  lastSeenAt: Time.nullable().describe("To the day; null = signed out everywhere"),
});
export const MemberParams = z.object({ userId: text(200) });

export function teamRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database, sessions } = deps;

  app.get(
    "/v1/team",
    { schema: { tags: ["team"], querystring: ListQuery, response: { 200: page(MemberView) } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await listTeam(database, callerOf(request).tenantId, readCursor(cursor), limit + 1);
      return pageOf(rows, limit, (row) => row.id, view);
    },
  );

  app.patch(
    "/v1/team/:userId",
    {
      schema: {
        tags: ["team"],
        description:
          "Gives somebody another role. The last owner stays one; only owners make and unmake owners.",
        params: MemberParams,
        body: closed({ role: Role }),
        response: { 200: MemberView },
      },
    },
    async (request) => {
      const { tenantId, actor, role: own } = callerOf(request);
      const { userId } = request.params;
      const { role } = request.body;
      const member = await database.transact(async (tx) => {
        const before = await lockMember(tx, tenantId, userId, own);
        if (!roleMayGive(own, role)) throw ownersOnly();
        if (before.role === role) return before;
        if (before.role === "owner") await keepAnOwner(tx, tenantId);
        await setMemberRole(tx, tenantId, userId, role);
        await takeBackLinks(tx, tenantId, userId, role);
        // Whoever kept a link of theirs might not have been given one for the new role.
        await deletePasswordLinks(tx, userId);
        const detail = { name: before.name, from: before.role, to: role };
        await audit(tx, { tenantId, actor, action: "team.role_changed", object: userId, detail });
        return { ...before, role };
      });
      sessions.forgetPerson(userId);
      return view(member);
    },
  );

  app.delete(
    "/v1/team/:userId",
    {
      schema: {
        tags: ["team"],
        description: "Takes somebody out of the team and ends their sessions. The last owner stays.",
        params: MemberParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { tenantId, actor, role: own } = callerOf(request);
      const { userId } = request.params;
      await database.transact(async (tx) => {
        const { name, role } = await lockMember(tx, tenantId, userId, own);
        if (role === "owner") await keepAnOwner(tx, tenantId);
        await removeMember(tx, tenantId, userId);
        await takeBackLinks(tx, tenantId, userId, null);
        await endSessions(tx, userId);
        await deleteLonePerson(tx, userId);
        await audit(tx, { tenantId, actor, action: "team.removed", object: userId, detail: { name, role } });
      });
      sessions.forgetPerson(userId);
      return reply.code(204).send(null);
    },
  );
}

/** A member whom this caller may change; nobody else changes the team meanwhile. */
export async function lockMember(tx: Tx, tenantId: string, userId: string, own: KeyRole): Promise<Member> {
  await lockTenant(tx, tenantId);
  const member = await memberById(tx, tenantId, userId);
  if (!member) throw notFound("member");
  if (!roleMayGive(own, member.role)) throw ownersOnly();
  return member;
}

/** A link somebody kept is no way back, nor to more than they may give by now. `role`: theirs; null = gone. */
async function takeBackLinks(tx: Tx, tenantId: string, userId: string, role: KeyRole | null): Promise<void> {
  const lost = KEY_ROLES.filter((wanted) => role === null || !roleMayGive(role, wanted));
  if (lost.length > 0) await deleteInvitationsBy(tx, tenantId, userId, lost);
  await deletePasswordLinksBy(tx, userId);
}

async function keepAnOwner(tx: Tx, tenantId: string): Promise<void> {
  if ((await countOwners(tx, tenantId)) > 1) return;
  throw new HubError("conflict", "This is the last owner. Make somebody else an owner first.");
}

function ownersOnly(): HubError {
  return new HubError("forbidden", "Only an owner may do this to an owner, or make one.");
}

function view({ createdAt, lastSeenAt, ...member }: Member): z.input<typeof MemberView> {
  return {
    ...member,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  };
}
