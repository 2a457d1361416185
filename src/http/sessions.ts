import type { FastifyReply, FastifyRequest } from "fastify";
import { HubError } from "../domain/errors.ts";
import type { Reader } from "../store/database.ts";
import { membershipOf } from "../store/team.ts";
import type { Caller } from "./auth.ts";
import type { SignIn } from "./portal/sign-in.ts";

/** People who are signed in, as callers of the API. */
export interface Sessions {
  /** Null: the request carries no session cookie. */
  cookieOf(request: FastifyRequest): string | null;
  /** Who is calling by this cookie. A session is prolonged only where the answer can still tell the browser so. */
  identify(request: FastifyRequest, reply: FastifyReply | null, cookie: string): Promise<Caller>;
  /** This person's sessions are looked up again at their next request: one ended, or they may do something else. */
  forgetPerson(userId: string): void;
  forgetCookie(cookie: string): void;
}

/** How long a cookie stays believed without asking the database, ms; other processes hear of its end this late. */
const BELIEVED_MS = 2_000;
const MOST_BELIEVED = 10_000;

export function createSessions(deps: { signIn: SignIn; database: Reader; now: () => number }): Sessions {
  const { signIn, database, now } = deps;
  const believed = new Map<string, { caller: Caller; until: number }>();

  function forgetPerson(userId: string): void {
    for (const [cookie, { caller }] of believed) if (caller.actor.id === userId) believed.delete(cookie);
  }

  return {
    cookieOf: signIn.cookieOf,
    async identify(request, reply, cookie) {
      const known = believed.get(cookie);
      if (known && known.until > now()) return known.caller;
      const session = await signIn.sessionOf(request, reply !== null);
      if (!session) throw new HubError("unauthorized", "Please sign in.");
      const { userId } = session;
      const member = await membershipOf(database, userId);
      if (!member) throw new HubError("unauthorized", "You are not in a team. Ask its owner to invite you.");
      if (!member.tenantActive) throw new HubError("tenant_inactive", "This account is suspended.");
      if (session.cookies.length > 0) reply?.header("set-cookie", session.cookies);
      const caller: Caller = {
        tenantId: member.tenantId,
        role: member.role,
        actor: { kind: "user", id: userId, name: member.name },
      };
      if (believed.size >= MOST_BELIEVED) believed.clear();
      believed.set(cookie, { caller, until: now() + BELIEVED_MS });
      return caller;
    },
    forgetPerson,
    forgetCookie(cookie) {
      const known = believed.get(cookie);
      if (known) forgetPerson(known.caller.actor.id);
    },
  };
}
