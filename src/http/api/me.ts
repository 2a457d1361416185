import { z } from "zod";
import { KEY_ROLES } from "../../domain/roles.ts";
import { hasTwoFactor } from "../../store/people.ts";
import { membershipOf } from "../../store/team.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";

const Me = z.object({
  kind: z.enum(["user", "key"]).describe("A person who is signed in, or an API key"),
  id: z.string(),
  name: z.string(),
  email: z.string().nullable().describe("null for a key"),
  role: z.enum(KEY_ROLES),
  twoFactor: z.boolean().describe("Whether this person's sign-in asks for a second factor"),
  tenant: z.object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    timeZone: z.string().nullable().describe("null = nobody has chosen one, and UTC is used"),
  }),
  version: z.string().describe("Of Signalbox"),
  publicUrl: z.string().describe("Base of the addresses that providers call"),
});

export function meRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/me",
    {
      schema: { tags: ["me"], description: "Who is calling, and where.", response: { 200: Me } },
    },
    async (request) => {
      const { tenantId, role, actor } = callerOf(request);
      const { database, version } = deps;
      const isPerson = actor.kind === "user";
      const tenant = await tenantById(database, tenantId);
      if (!tenant) throw new Error(`the tenant ${tenantId} of a caller is missing`);
      const member = isPerson ? await membershipOf(database, actor.id) : null;
      return {
        kind: isPerson ? ("user" as const) : ("key" as const),
        id: actor.id,
        name: actor.name,
        email: member?.email ?? null,
        role,
        twoFactor: isPerson && (await hasTwoFactor(database, actor.id)),
        tenant: { id: tenant.id, name: tenant.name, slug: tenant.slug, timeZone: tenant.timeZone },
        version,
        publicUrl: deps.publicUrl(),
      };
    },
  );
}
