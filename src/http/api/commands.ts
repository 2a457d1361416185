import { Readable } from "node:stream";
import { z } from "zod";
import { notFound } from "../../domain/errors.ts";
import type { CommandFilter, CommandPage } from "../../store/commands.ts";
import { commandById, listCommands } from "../../store/commands.ts";
import { callerOf } from "../auth.ts";
import { CommandView, CSV_HEAD, commandView, csvLine } from "./command-view.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { cursorAt, Flag, IdParams, ListQuery, Phone, page, readCursor, TimeFilter, text } from "./shapes.ts";

/** Rows the export reads at a time. */
const CSV_PAGE = 1_000;

const filters = {
  kind: text(60).optional(),
  item: text(200).optional().describe("Id of an item that was changed"),
  field: text(60).optional(),
  value: text(60).optional().describe("The new value"),
  reporter: text(200).optional().describe("Id of a reporter"),
  channel: text(200).optional().describe("Id of a channel"),
  outcome: text(60).optional(),
  replyStatus: text(60).optional().describe("Status of the reply, or `withheld`"),
  since: TimeFilter.optional(),
  until: TimeFilter.optional(),
  q: text(200).optional().describe("Part of the text"),
};
const Query = ListQuery.extend(filters);
const CsvQuery = z.object({
  ...filters,
  raw: Flag.default(false).describe("true = cells as they are; else formulas are made harmless"),
});

const PreviewRequest = z.object({ from: Phone, text: text(10_000) });
const Preview = z.object({
  outcome: z.string(),
  class: z.string(),
  reporter: z.object({ id: z.string(), name: z.string() }).nullable(),
  meaning: z.looseObject({}),
  changes: z.array(
    z.object({
      itemId: z.string(),
      item: z.string(),
      field: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
  ),
  replies: z.array(z.object({ key: z.string(), text: z.string(), withheld: z.string().nullable() })),
  trace: z.array(z.string()),
});

export function commandRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;

  app.get(
    "/v1/commands",
    {
      schema: {
        tags: ["commands"],
        description:
          "The log: one row for each text that came in, newest first. A page may hold fewer than `limit` entries " +
          "although there are more: `nextCursor` tells.",
        querystring: Query,
        response: { 200: page(CommandView) },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const options = { filter, after: readCursor(cursor), limit };
      const { rows, next } = await listCommands(database, callerOf(request).tenantId, options);
      return { data: rows.map(commandView), nextCursor: next === null ? null : cursorAt(next) };
    },
  );

  app.get(
    "/v1/commands/:id",
    { schema: { tags: ["commands"], params: IdParams, response: { 200: CommandView } } },
    async (request) => {
      const row = await commandById(database, callerOf(request).tenantId, request.params.id);
      if (!row) throw notFound("entry of the log");
      return commandView(row);
    },
  );

  app.get(
    "/v1/commands.csv",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["commands"],
        description: "The log as a file, however long.",
        querystring: CsvQuery,
        produces: ["text/csv"],
        response: { 200: z.unknown() },
      },
    },
    (request, reply) => {
      const { raw, ...filter } = request.query;
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="commands.csv"')
        .send(Readable.from(csvOf(deps, callerOf(request).tenantId, filter, raw)));
    },
  );

  app.post(
    "/v1/commands/preview",
    {
      schema: {
        tags: ["commands"],
        description: "What a text would do and why; changes nothing.",
        body: PreviewRequest,
        response: { 200: Preview },
      },
    },
    async (request) => {
      const preview = await deps.preview(database, { tenantId: callerOf(request).tenantId, ...request.body });
      return { ...preview, meaning: { ...preview.meaning } };
    },
  );
}

/** Pages are read when the socket asks for more: a slow reader holds neither rows nor a connection. */
async function* csvOf(
  deps: ApiDeps,
  tenantId: string,
  filter: CommandFilter,
  raw: boolean,
): AsyncGenerator<string> {
  yield CSV_HEAD;
  let after: string | null = null;
  for (;;) {
    const page: CommandPage = await listCommands(deps.database, tenantId, { filter, after, limit: CSV_PAGE });
    let lines = "";
    for (const row of page.rows) lines += csvLine(commandView(row), raw);
    if (lines !== "") yield lines;
    if (page.next === null) return;
    after = page.next;
  }
}
