import { z } from "zod";
import { HubError } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { KEY_ROLES } from "../../domain/roles.ts";
import { openInvitation, takeUpInvitation } from "../../store/invitations.ts";
import { personByEmail } from "../../store/people.ts";
import { hashKey } from "../../tools/secrets.ts";
import { closed, name } from "../api/shapes.ts";
import { letIn, Password, Token, welcomeIn } from "./newcomer.ts";
import type { PortalApp, PortalDeps } from "./routes.ts";

const State = z.object({
  valid: z.boolean().describe("false: not ours, taken up, taken back or expired"),
  email: z.string().nullable(),
  role: z.enum(KEY_ROLES).nullable(),
  workspace: z.string().nullable(),
});
const NewMember = closed({ token: Token, name: name(), password: Password });
const Done = z.object({ id: z.string(), signedIn: z.boolean().describe("false: please sign in") });

/** The link of an invitation: whoever opens it joins the team, once. */
export function joinRoutes(app: PortalApp, deps: PortalDeps): void {
  const { database, clock } = deps;
  const now = () => new Date(clock.now());

  app.get(
    "/portal/invitation",
    {
      schema: {
        tags: ["portal"],
        security: [],
        querystring: z.object({ token: Token }),
        response: { 200: State },
      },
    },
    async (request) => {
      const found = await openInvitation(database, hashKey(request.query.token), now());
      const { email = null, role = null, tenantName = null } = found ?? {};
      return { valid: found !== null, email, role, workspace: tenantName };
    },
  );

  app.post(
    "/portal/invitation",
    { schema: { tags: ["portal"], security: [], body: NewMember, response: { 201: Done } } },
    async (request, reply) => {
      const { token, name: person, password } = request.body;
      const invitation = await openInvitation(database, hashKey(token), now());
      if (!invitation) throw noLonger();
      const passwordHash = await deps.signIn.hashPassword(password);
      const id = newId("usr");
      const { tenantId, email, role } = invitation;
      await database.transact(async (tx) => {
        if (!(await takeUpInvitation(tx, invitation.id, now()))) throw noLonger();
        if (await personByEmail(tx, email))
          throw new HubError("conflict", "This address is in a team already.");
        const newcomer = { id, name: person, email, tenantId, role, passwordHash };
        await letIn(tx, { ...newcomer, action: "team.joined" });
      });
      const signedIn = await welcomeIn(deps, request, reply, { email, password });
      return reply.code(201).send({ id, signedIn });
    },
  );
}

function noLonger(): HubError {
  return new HubError("not_found", "This invitation is not good any more. Please ask for a new one.");
}
