import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HubError } from "../../domain/errors.ts";
import { audit } from "../../store/audit.ts";
import { deletePasswordLinks, openPasswordLink, spendPasswordLink } from "../../store/password-links.ts";
import { endHalfSignIns, endSessions, lockPerson, personByEmail, setPassword } from "../../store/people.ts";
import { clearTries, countTry } from "../../store/sign-in-failures.ts";
import { membershipOf } from "../../store/team.ts";
import { hashKey } from "../../tools/secrets.ts";
import { Email } from "../api/invitations.ts";
import { closed } from "../api/shapes.ts";
import { accountOf } from "./count-password.ts";
import { mailPasswordChanged, mailPasswordLink } from "./forgot-mail.ts";
import { Password, Token } from "./newcomer.ts";
import { makePasswordLink } from "./password-link.ts";
import type { PortalApp, PortalDeps } from "./routes.ts";

/*
 * Somebody who forgot the password asks for a link by mail, and chooses a new one with it. Whoever asks learns nothing: what
 * is done for an account that exists is done behind the answer, which neither waits for it nor differs.
 */

const HOUR_MS = 60 * 60_000;
/** Mails that one account, or one address for any accounts, may ask for in an hour. */
const MOST_PER_ACCOUNT = 3;
const MOST_PER_ADDRESS = 20;

const Ways = z.object({ mailed: z.boolean().describe("false: no mail server is set up; ask an owner") });
const State = z.object({
  valid: z.boolean().describe("false: not ours, used or expired"),
  name: z.string().nullable(),
  email: z.string().nullable(),
});
const Asked = z.object({ asked: z.literal(true) });
const Done = z.object({ changed: z.literal(true) });

export function forgotRoutes(app: PortalApp, deps: PortalDeps): void {
  const { database, clock, log } = deps;
  const open = { tags: ["portal"], security: [] };
  const underWay = new Set<Promise<void>>();
  app.addHook("onClose", async () => void (await Promise.all(underWay)));

  app.get("/portal/forgotten-password", { schema: { ...open, response: { 200: Ways } } }, async () => ({
    mailed: deps.sendsMail,
  }));

  app.post(
    "/portal/forgotten-password",
    { schema: { ...open, body: closed({ email: Email }), response: { 202: Asked } } },
    async (request, reply) => {
      if (!deps.sendsMail)
        throw new HubError("conflict", "No mail server is set up. Ask an owner for a link.");
      const { email } = request.body;
      const client = deps.signIn.addressOf(request);
      await count(deps, reply, accountOf("new password", client), MOST_PER_ADDRESS);
      await count(deps, reply, accountOf("new password", email), MOST_PER_ACCOUNT);
      const work = mailLink(deps, email, client)
        .catch((error) => log.error({ err: error }, "sign-in: a link for a new password could not be mailed"))
        .finally(() => underWay.delete(work));
      underWay.add(work);
      return reply.code(202).send({ asked: true as const });
    },
  );

  app.get(
    "/portal/new-password",
    { schema: { ...open, querystring: z.object({ token: Token }), response: { 200: State } } },
    async (request) => {
      const found = await openPasswordLink(database, hashKey(request.query.token), new Date(clock.now()));
      return { valid: found !== null, name: found?.name ?? null, email: found?.email ?? null };
    },
  );

  app.post(
    "/portal/new-password",
    { schema: { ...open, body: closed({ token: Token, password: Password }), response: { 200: Done } } },
    async (request) => {
      await choose(deps, request, request.body);
      return { changed: true as const };
    },
  );
}

/** Refuses what is asked for too often, whether or not there is such an account. */
async function count(deps: PortalDeps, reply: FastifyReply, what: Buffer, most: number): Promise<void> {
  const now = new Date(deps.clock.now());
  const { tries, since } = await countTry(deps.database, what, now, HOUR_MS);
  if (tries <= most) return;
  const seconds = Math.ceil((since.getTime() + HOUR_MS - now.getTime()) / 1_000);
  reply.header("retry-after", String(Math.max(1, seconds)));
  throw new HubError("rate_limited", "A link was asked for too often. Please wait an hour, or ask an owner.");
}

/** Who asked is not known: the audit says so, and where they were. */
const STRANGER = { kind: "user" as const, id: "stranger", name: "Somebody at the sign-in page" };

async function mailLink(deps: PortalDeps, email: string, client: string): Promise<void> {
  await deps.database.transact(async (tx) => {
    const person = await personByEmail(tx, email);
    const member = person && (await membershipOf(tx, person.id));
    if (!person || !member?.tenantActive) return;
    const { tenantId } = member;
    const { link } = await makePasswordLink(tx, {
      tenantId,
      person,
      by: "mail",
      actor: STRANGER,
      publicUrl: deps.publicUrl(),
      now: deps.clock.now(),
      detail: { client },
    });
    await mailPasswordLink(tx, { tenantId, email: person.email, link });
  });
}

/** Sets the password, ends every session and link of the person. The second factor stays: the next sign-in asks for it. */
async function choose(
  deps: PortalDeps,
  request: FastifyRequest,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const { database } = deps;
  const tokenHash = hashKey(token);
  const link = await openPasswordLink(database, tokenHash, new Date(deps.clock.now()));
  if (!link) throw noLonger();
  const passwordHash = await deps.signIn.hashPassword(password);
  const { userId, name, email } = link;
  await database.transact(async (tx) => {
    await lockPerson(tx, userId);
    const member = await membershipOf(tx, userId);
    if (!member || !(await spendPasswordLink(tx, tokenHash))) throw noLonger();
    await deletePasswordLinks(tx, userId);
    await setPassword(tx, userId, passwordHash);
    await endSessions(tx, userId);
    await endHalfSignIns(tx, userId);
    const { tenantId } = member;
    const actor = { kind: "user" as const, id: userId, name };
    const detail = { client: deps.signIn.addressOf(request), link: link.madeBy };
    await audit(tx, { tenantId, actor, action: "person.password_reset", object: userId, detail });
    if (deps.sendsMail) await mailPasswordChanged(tx, { tenantId, email });
  });
  deps.sessions.forgetPerson(userId);
  // Wrong tries of before, most likely their own, do not keep them out.
  const account = accountOf(email);
  await clearTries(database, account);
  await clearTries(database, accountOf("known", account));
}

function noLonger(): HubError {
  return new HubError("not_found", "This link is not good any more. Please ask for a new one.");
}
