import { z } from "zod";
import { HubError } from "../../domain/errors.ts";
import { newId } from "../../domain/ids.ts";
import { defaultSettings } from "../../domain/settings.ts";
import type { Tx } from "../../store/database.ts";
import { personByEmail } from "../../store/people.ts";
import { deleteSetupLinks, setupLinkTenant } from "../../store/setup-links.ts";
import { countOwners } from "../../store/team.ts";
import type { Tenant } from "../../store/tenants.ts";
import { lockTenant, renameTenant, saveSettings, tenantById } from "../../store/tenants.ts";
import { hashKey } from "../../tools/secrets.ts";
import { Email } from "../api/invitations.ts";
import { overridesOf, TimeZone, withZone } from "../api/settings-shape.ts";
import { closed, name } from "../api/shapes.ts";
import { letIn, Password, Token, welcomeIn } from "./newcomer.ts";
import type { PortalApp, PortalDeps } from "./routes.ts";

const State = z.object({
  valid: z.boolean().describe("false: not ours, or used"),
  workspace: z.string().nullable().describe("How it is called so far"),
  timeZone: z.string().nullable().describe("null = nobody has chosen one"),
});
const NewOwner = closed({
  token: Token,
  name: name(),
  email: Email,
  password: Password,
  workspace: name().optional().describe("How it is called from now on"),
  timeZone: TimeZone.optional(),
});
const Done = z.object({ id: z.string(), signedIn: z.boolean().describe("false: please sign in") });

/** The link that the first start prints: whoever opens it becomes the owner, once. */
export function setupRoutes(app: PortalApp, deps: PortalDeps): void {
  const { database } = deps;

  app.get(
    "/portal/setup",
    {
      schema: {
        tags: ["portal"],
        security: [],
        querystring: z.object({ token: Token }),
        response: { 200: State },
      },
    },
    async (request) => {
      const found = await setupLinkTenant(database, hashKey(request.query.token));
      const tenant = found && (await tenantById(database, found.tenantId));
      return { valid: tenant !== null, workspace: tenant?.name ?? null, timeZone: tenant?.timeZone ?? null };
    },
  );

  app.post(
    "/portal/setup",
    { schema: { tags: ["portal"], security: [], body: NewOwner, response: { 201: Done } } },
    async (request, reply) => {
      const { token, name: person, email, password, workspace, timeZone } = request.body;
      const tokenHash = hashKey(token);
      const isGood = (await setupLinkTenant(database, tokenHash)) !== null;
      if (!isGood) throw usedUp();
      const passwordHash = await deps.signIn.hashPassword(password);
      const id = newId("usr");
      await database.transact(async (tx) => {
        // Two people with the link at the same time: the second one finds it gone.
        const before = await setupLinkTenant(tx, tokenHash);
        const tenant = before && (await lockTenant(tx, before.tenantId));
        const link = tenant && (await setupLinkTenant(tx, tokenHash));
        if (!tenant || !link || (await countOwners(tx, tenant.id)) > 0) throw usedUp();
        if (await personByEmail(tx, email)) throw new HubError("conflict", "This address is in use already.");
        await deleteSetupLinks(tx, tenant.id);
        if (timeZone !== undefined) await chooseZone(tx, tenant, timeZone);
        if (workspace !== undefined) await renameTenant(tx, tenant.id, workspace);
        const newcomer = { id, name: person, email, tenantId: tenant.id, role: "owner" as const };
        await letIn(tx, { ...newcomer, passwordHash, action: "team.set_up" });
      });
      const signedIn = await welcomeIn(deps, request, reply, { email, password });
      return reply.code(201).send({ id, signedIn });
    },
  );
}

/** The rest of the settings stays, by the name they were made with. */
async function chooseZone(tx: Tx, { id, name, settings }: Tenant, timeZone: string): Promise<void> {
  await saveSettings(tx, id, withZone(overridesOf(settings, defaultSettings(name)), timeZone));
}

function usedUp(): HubError {
  const message =
    "This link is not good any more. A start of the program prints a new one until there is an owner.";
  return new HubError("not_found", message);
}
