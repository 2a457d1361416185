import { z } from "zod";
import { listAudit } from "../../store/audit.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { foundPage, ListQuery, MAY_BE_SHORT, page, readCursor, Time, TimeFilter, text } from "./shapes.ts";

const Entry = z.object({
  id: z.string(),
  at: Time,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  action: z.string(),
  object: z.string(),
  detail: z.unknown(),
});

const Query = ListQuery.extend({
  action: text(100).optional().describe("`channel.changed`, or `channel.*` for all about channels"),
  actor: text(200).optional().describe("Id of who did it"),
  object: text(200).optional().describe("Id of what it was done to"),
  since: TimeFilter.optional(),
  until: TimeFilter.optional(),
});

export function auditRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/audit",
    {
      schema: {
        tags: ["audit"],
        description: `Who changed what, newest first. ${MAY_BE_SHORT}`,
        querystring: Query,
        response: { 200: page(Entry) },
      },
    },
    async (request) => {
      const { limit, cursor, action, actor, object, since, until } = request.query;
      const filter = {
        tenantId: callerOf(request).tenantId,
        action: action ?? null,
        actorId: actor ?? null,
        object: object ?? null,
        since: since ?? null,
        until: until ?? null,
      };
      const found = await listAudit(deps.database, filter, readCursor(cursor), limit);
      return foundPage(found, (row) => ({ ...row, at: row.at.toISOString() }));
    },
  );
}
