import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { HubError, notFound } from "../domain/errors.ts";
import type { ItemView } from "../domain/events.ts";
import type { PlacedEvent } from "../store/events.ts";
import { positionOf } from "../store/events.ts";
import type { ApiDeps } from "./api/deps.ts";
import { Time, text } from "./api/shapes.ts";
import type { PublicBoard } from "./board-cache.ts";
import { createBoardCache, renderedOnce, statesOf } from "./board-cache.ts";
import type { BoardLook } from "./board-html.ts";
import { boardHtml } from "./board-html.ts";
import { follow } from "./live.ts";
import { createStreamRoom, eventFrame } from "./sse.ts";

/** Viewers of this process who are kept up to date; the others are asked to come back. */
const MOST_VIEWERS = 1_000;
/** Changes told to a viewer who comes back; after more he reads the board anew. */
const MOST_REPLAYED = 1_000;

const Params = z.object({ slug: z.string().describe("Short name of the account") });

const Look = z.object({
  embed: z.enum(["1"]).optional().describe("1 = without a head, for a frame on a page of yours"),
  kind: text(60).optional().describe("Only this kind"),
  theme: z.enum(["light", "dark"]).optional(),
});

const States = z.record(z.string(), z.string().nullable());
const Board = z.object({
  name: z.string(),
  timeZone: z.string(),
  updatedAt: Time.nullable(),
  revision: z.number(),
  kinds: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      plural: z.string(),
      fields: z.array(
        z.object({ key: z.string(), values: z.array(z.object({ key: z.string(), state: z.string() })) }),
      ),
    }),
  ),
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      number: z.number().nullable(),
      area: z.string().nullable(),
      fields: States,
      states: States.describe("The fields in words; null = not set"),
      updatedAt: Time,
    }),
  ),
});

/** The board for everybody: as data, as a page, and as a stream of its changes. No key, no people. */
export function boardPages(scope: FastifyInstance, deps: ApiDeps): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const cache = createBoardCache(deps.database);
  const assets = boardAssets(scope);
  const viewers = createStreamRoom(scope, MOST_VIEWERS);

  async function boardOf(slug: string): Promise<PublicBoard> {
    const board = await cache.get(slug);
    if (!board) throw notFound("board");
    return board;
  }

  app.get(
    "/board/:slug.json",
    {
      schema: {
        tags: ["public board"],
        security: [],
        description: "Needs no key. 404 where the board is not public.",
        params: Params,
        response: { 200: Board },
      },
    },
    async (request, typed) => {
      const board = await boardOf(request.params.slug);
      // Written out once for all viewers: a text that is JSON already goes past the serializer.
      const reply = typed as FastifyReply;
      reply.header("access-control-allow-origin", "*");
      if (isKnown(request, reply, board, deps.version)) return reply.code(304).send();
      const json = renderedOnce(board, "json", (current) => JSON.stringify(boardJson(current)));
      return reply.type("application/json; charset=utf-8").send(json);
    },
  );

  app.get(
    "/board/:slug",
    { schema: { hide: true, params: Params, querystring: Look } },
    async (request, reply) => {
      const board = await boardOf(request.params.slug);
      const { embed, kind = null, theme = null } = request.query;
      const look: BoardLook = { isEmbedded: embed === "1", kind, theme };
      allowFrames(reply, look.isEmbedded);
      if (isKnown(request, reply, board, deps.version)) return reply.code(304).send();
      return reply.type("text/html; charset=utf-8").send(boardHtml(board, look, assets));
    },
  );

  app.get(
    "/board/:slug/events",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["public board"],
        security: [],
        description:
          "Server-sent events `board.item.changed`, without people. `Last-Event-ID` replays up to 1,000 changes; " +
          "`board.reload` says that there were more, and the board should be read anew.",
        params: Params,
        querystring: z.object({ lastEventId: text(200).optional() }),
        produces: ["text/event-stream"],
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const { slug } = request.params;
      const { tenantId } = await boardOf(slug);
      if (viewers.isFull) {
        reply.header("retry-after", "30");
        throw new HubError("unavailable", "Too many are watching. The page itself can still be read.");
      }
      const lastId = request.headers["last-event-id"]?.toString() || request.query.lastEventId || null;
      const after = lastId === null ? null : await positionOf(deps.database, tenantId, lastId);
      reply.header("access-control-allow-origin", "*");
      await follow(deps, reply, {
        tenantId,
        types: { exact: ["board.item.changed"], prefixes: [] },
        after,
        mostPast: MOST_REPLAYED,
        onTooMuch: RELOAD,
        opened(stream) {
          viewers.add(stream);
          if (lastId !== null && after === null) stream.write(RELOAD);
        },
        async frames(events) {
          const board = await cache.get(slug);
          return board && events.map((event) => publicFrame(event, board)).join("");
        },
      });
    },
  );
}

const RELOAD = eventFrame({ type: "board.reload", data: "{}" });

/** Serves the page's stylesheet and script; answers their addresses, which change with their content. */
function boardAssets(app: FastifyInstance): { css: string; js: string } {
  const serve = (file: string, type: string) => {
    const content = readFileSync(new URL(`./assets/${file}`, import.meta.url), "utf8");
    const version = createHash("sha256").update(content).digest("hex").slice(0, 12);
    app.get(`/board/-/${file}`, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).header("cache-control", "public, max-age=31536000, immutable").send(content),
    );
    return `/board/-/${file}?v=${version}`;
  };
  return {
    css: serve("board.css", "text/css; charset=utf-8"),
    js: serve("board.js", "text/javascript; charset=utf-8"),
  };
}

/** What the page may load, and who may show it in a frame: anybody, where it was asked for like that. */
function allowFrames(reply: FastifyReply, isEmbedded: boolean): void {
  if (isEmbedded) reply.removeHeader("x-frame-options");
  reply.header(
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
      `base-uri 'none'; form-action 'none'; frame-ancestors ${isEmbedded ? "*" : "'self'"}`,
  );
}

/** Sets the headers of caching; answers whether the caller has this very state already. */
function isKnown(request: FastifyRequest, reply: FastifyReply, board: PublicBoard, version: string): boolean {
  const etag = `"${board.stamp}-${version}"`;
  reply.header("etag", etag).header("cache-control", "no-cache");
  const held = request.headers["if-none-match"] ?? "";
  return held.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

function boardJson(board: PublicBoard): z.input<typeof Board> {
  const kinds = new Map(board.kinds.map((kind) => [kind.key, kind]));
  return {
    name: board.settings.board.name,
    timeZone: board.settings.board.timeZone,
    updatedAt: board.updatedAt,
    revision: board.revision,
    kinds: board.kinds.map(({ key, label, plural, fields }) => ({
      key,
      label,
      plural,
      fields: fields.map((field) => ({
        key: field.key,
        values: field.values.map((value) => ({ key: value.key, state: value.state })),
      })),
    })),
    items: [...board.items.values()].map(({ id, kind, name, number, area, fields, updatedAt }) => ({
      id,
      kind,
      name,
      number,
      area,
      fields,
      states: statesOf(kinds.get(kind), fields),
      updatedAt,
    })),
  };
}

const written = new WeakMap<PlacedEvent, string>();

/** A change as everybody may see it. Items that are archived or gone are not told of. */
function publicFrame(event: PlacedEvent, board: PublicBoard): string {
  const kept = written.get(event);
  if (kept !== undefined) return kept;
  const { item, changes, revision, at } = event.data as {
    item: ItemView;
    changes: unknown;
    revision: number;
    at: string;
  };
  let frame = "";
  if (board.items.has(item.id)) {
    const kind = board.kinds.find((candidate) => candidate.key === item.kind);
    const shown = { ...item, states: statesOf(kind, item.fields) };
    const data = JSON.stringify({
      id: event.id,
      type: event.type,
      timestamp: event.at.toISOString(),
      tenantId: event.tenantId,
      data: { item: shown, changes, revision, at },
    });
    frame = eventFrame({ id: event.id, type: event.type, data });
  }
  written.set(event, frame);
  return frame;
}
