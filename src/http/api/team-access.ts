import { z } from "zod";
import { HubError } from "../../domain/errors.ts";
import { callerOf } from "../auth.ts";
import { makePasswordLink, resetTwoFactor } from "../portal/password-link.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { Time } from "./shapes.ts";
import { lockMember, MemberParams } from "./team.ts";

const Link = z.object({
  link: z.string().describe("Shown this once; whoever opens it chooses the person's new password"),
  expiresAt: Time,
});

/** Letting somebody back in who lost their password or their second factor. */
export function teamAccessRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database, sessions } = deps;

  app.post(
    "/v1/team/:userId/password-link",
    {
      schema: {
        tags: ["team"],
        description:
          "A link by which somebody chooses a new password, once, within a day. Their second factor stays. " +
          "For owners only owners make one; nobody makes one for themselves.",
        params: MemberParams,
        response: { 201: Link },
      },
    },
    async (request, reply) => {
      const { tenantId, actor, role } = callerOf(request);
      const { userId } = request.params;
      refuseOneself(actor.id, userId, "Change your own password under Your account.");
      const { link, expiresAt } = await database.transact(async (tx) => {
        const person = await lockMember(tx, tenantId, userId, role);
        const publicUrl = deps.publicUrl();
        return makePasswordLink(tx, {
          tenantId,
          person,
          by: "team",
          actor,
          publicUrl,
          now: deps.clock.now(),
        });
      });
      return reply.code(201).send({ link, expiresAt: expiresAt.toISOString() });
    },
  );

  app.delete(
    "/v1/team/:userId/two-factor",
    {
      schema: {
        tags: ["team"],
        description:
          "Takes away the second factor of somebody who lost it, and signs them out everywhere. " +
          "For owners only owners do; nobody does it for themselves.",
        params: MemberParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { tenantId, actor, role } = callerOf(request);
      const { userId } = request.params;
      refuseOneself(actor.id, userId, "Turn your own two-factor off under Your account.");
      await database.transact(async (tx) => {
        const person = await lockMember(tx, tenantId, userId, role);
        if (await resetTwoFactor(tx, { tenantId, person, actor })) return;
        throw new HubError("conflict", `${person.name} has no second factor.`);
      });
      sessions.forgetPerson(userId);
      return reply.code(204).send(null);
    },
  );
}

/** One's own password and codes are asked for where one changes them: a browser left open must not be a way around. */
function refuseOneself(callerId: string, userId: string, message: string): void {
  if (callerId === userId) throw new HubError("conflict", message);
}
