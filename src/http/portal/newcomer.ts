import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { KeyRole } from "../../domain/roles.ts";
import { audit } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import type { Person } from "../../store/people.ts";
import { insertPerson } from "../../store/people.ts";
import { addMember } from "../../store/team.ts";
import { accountOf } from "./count-password.ts";
import type { PortalDeps } from "./routes.ts";

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

/** A password that somebody chooses. Length is what counts. */
export const Password = z
  .string()
  .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`);

/** What a link carries. */
export const Token = z.string().max(200);

/** A person and their place in a team, in the transaction that makes the link worthless. */
export async function letIn(
  tx: Tx,
  newcomer: Person & { tenantId: string; role: KeyRole; passwordHash: string; action: string },
): Promise<void> {
  const { id, name, email, tenantId, role, passwordHash, action } = newcomer;
  await insertPerson(tx, { id, name, email, passwordHash });
  await addMember(tx, tenantId, id, role);
  const actor = { kind: "user" as const, id, name };
  await audit(tx, { tenantId, actor, action, object: id, detail: { email, role } });
}

/** Signs a newcomer in. They are in the team by now: when this fails, they sign in with their password. */
export async function welcomeIn(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password }: { email: string; password: string },
): Promise<boolean> {
  try {
    const cookies = await deps.signIn.begin(request, email, password);
    reply.header("set-cookie", [...cookies, deps.signIn.markFor(accountOf(email))]);
    return cookies.length > 0;
  } catch (error) {
    deps.log.warn({ err: error }, "sign-in: a newcomer could not be signed in");
    return false;
  }
}
