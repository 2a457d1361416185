import { z } from "zod";
import { listAudit } from "../../store/audit.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { ListQuery, page, pageOf, readCursor, Time } from "./shapes.ts";

const Entry = z.object({
  id: z.string(),
  at: Time,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  action: z.string(),
  object: z.string(),
  detail: z.unknown(),
});

export function auditRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/audit",
    { schema: { tags: ["audit"], querystring: ListQuery, response: { 200: page(Entry) } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await listAudit(deps.database, callerOf(request).tenantId, readCursor(cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        (row) => ({ ...row, at: row.at.toISOString() }),
      );
    },
  );
}
