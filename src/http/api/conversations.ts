import { z } from "zod";
import type { StoredConversation } from "../../store/conversations.ts";
import { listConversations } from "../../store/conversations.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { Message, messageView } from "./messages.ts";
import type { ApiApp } from "./routes.ts";
import { cursorAt, ListQuery, page, readCursor, text } from "./shapes.ts";

const Conversation = z.object({
  phone: z.string().describe("The person's number"),
  reporter: z.object({ id: z.string(), name: z.string() }).nullable(),
  last: Message.describe("The newest message; with `q` the newest one that holds it"),
});

const Query = ListQuery.extend({
  q: text(200).optional().describe("Part of a text, or of a number"),
});

export function conversationRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/conversations",
    {
      schema: {
        tags: ["messages"],
        description:
          "One entry for each phone that sent or was sent a text, the newest first. A page may hold fewer than " +
          "`limit` entries although there are more: `nextCursor` tells.",
        querystring: Query,
        response: { 200: page(Conversation) },
      },
    },
    async (request) => {
      const { limit, cursor, q } = request.query;
      const { tenantId } = callerOf(request);
      const search = q?.trim() || null;
      const found = await listConversations(deps.database, tenantId, search, readCursor(cursor), limit);
      const nextCursor = found.next === null ? null : cursorAt(found.next);
      const publicUrl = deps.publicUrl();
      return { data: found.rows.map((row) => conversationView(row, publicUrl)), nextCursor };
    },
  );
}

function conversationView(row: StoredConversation, publicUrl: string): z.input<typeof Conversation> {
  const { phone, reporterId, reporterName, ...message } = row;
  const reporter = reporterId === null ? null : { id: reporterId, name: reporterName ?? "" };
  return { phone, reporter, last: messageView(message, publicUrl) };
}
