import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import Fastify from "fastify";

/*
 * The portal is one page with many addresses: whatever is no file of the build and belongs to nobody else is
 * answered with the page, and its script shows what the address means.
 */

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Addresses that are somebody else's: what is unknown there is not found. */
const OTHERS = /^\/(v1|in|phone|mobiniti|board|docs|openapi\.json|health|metrics|portal|wp-json)(?=[/.]|$)/;
/** Names that change with what the file holds. */
const HASHED = /^\/assets\//;
const FILE = /^(\/[\w-][\w.-]*)+\.\w+$/;

const HEADERS = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self'",
    // The components write their measures and colours in place.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

/** `GET` of every address that is nobody else's. */
export function portalFiles(app: FastifyInstance, folder: string): void {
  let files: Promise<FastifyInstance> | undefined;

  async function pass(path: string, headers: object, reply: FastifyReply, cache: string) {
    // Many processes never show a page, and what reads files takes memory.
    files ??= openFiles(folder);
    const answer = await (await files).inject({ method: "GET", url: path, headers: { ...headers } });
    reply.code(answer.statusCode).headers(answer.headers).headers(HEADERS);
    return reply.header("cache-control", cache).send(answer.rawPayload);
  }

  app.get("/*", { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split("?")[0] ?? "/";
    if (OTHERS.test(path)) return reply.callNotFound();
    const { "if-none-match": tag, "accept-encoding": encoding } = request.headers;
    const headers = {
      ...(tag && { "if-none-match": tag }),
      ...(encoding && { "accept-encoding": encoding }),
    };
    if (FILE.test(path) && (await isFile(join(folder, path)))) {
      const cache = HASHED.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache";
      return pass(path, headers, reply, cache);
    }
    // A file of an older build: the page in its place would be no script.
    if (HASHED.test(path)) return reply.callNotFound();
    if (await isFile(join(folder, "index.html"))) return pass("/index.html", headers, reply, "no-cache");
    return reply
      .code(503)
      .headers(HEADERS)
      .headers({ "cache-control": "no-store", "retry-after": "60" })
      .type("text/html; charset=utf-8")
      .send(NOT_BUILT);
  });
}

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signalbox</title></head>
<body><h1>The portal is not built yet</h1>
<p>Stop the program, run <code>npm run build:portal</code> in its folder, and start it again.
<code>npm start</code> does both by itself.</p>
<p>Everything else works meanwhile: <a href="/docs">the API</a>.</p></body></html>
`;

async function openFiles(folder: string): Promise<FastifyInstance> {
  const { default: fastifyStatic } = await import("@fastify/static");
  const app = Fastify({ logger: false });
  await app.register(fastifyStatic, { root: folder, index: false, dotfiles: "ignore", preCompressed: true });
  await app.ready();
  return app;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
