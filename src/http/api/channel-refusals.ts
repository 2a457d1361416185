import { z } from "zod";
import { invalid, notFound } from "../../domain/errors.ts";
import { channelById, listRefusals } from "../../store/channels.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams, ListQuery, page, pageOf, readCursor, Time } from "./shapes.ts";

const Refusal = z.object({
  id: z.string(),
  at: Time,
  door: z.string(),
  client: z.string().describe("Address it came from"),
  reason: z.string().describe("Why it was not believed, as the caller was told"),
  bytes: z.number(),
  contentType: z.string().nullable(),
  userAgent: z.string().nullable(),
  body: z.string().describe("Its beginning, with all values taken out"),
});

/** What came to a channel's addresses and was not believed: a changed secret looks like this, and so does a stranger. */
export function channelRefusalRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/channels/:id/refusals",
    {
      schema: {
        tags: ["channels"],
        description:
          "Requests to the channel's addresses that were not believed, newest first; a hundred are kept.",
        params: IdParams,
        querystring: ListQuery,
        response: { 200: page(Refusal) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { id } = request.params;
      const { limit, cursor } = request.query;
      const before = readCursor(cursor);
      if (before !== null && !/^\d{1,18}$/.test(before)) throw invalid("cursor", "is not one we gave out");
      if (!(await channelById(deps.database, tenantId, id))) throw notFound("channel");
      const rows = await listRefusals(deps.database, { tenantId, channelId: id }, before, limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        ({ sample, at, ...row }) => ({ ...row, ...sample, at: at.toISOString() }),
      );
    },
  );
}
