import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import helmet from "@fastify/helmet";
import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifyReply } from "fastify";
import Fastify from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { ApiDeps } from "./api/deps.ts";
import { apiRoutes } from "./api/routes.ts";
import { boardPages } from "./board-page.ts";
import { answerErrors, answerFrameworkError } from "./errors.ts";
import { eventWebhooks } from "./event-webhooks.ts";
import type { HealthDeps } from "./health.ts";
import { healthRoutes } from "./health.ts";
import type { DoorDeps } from "./inbound.ts";
import { inboundDoors } from "./inbound.ts";
import type { PortalDeps } from "./portal/routes.ts";
import { portalRoutes } from "./portal/routes.ts";
import { portalFiles } from "./portal-files.ts";

export interface HttpDeps {
  api: ApiDeps;
  doors: DoorDeps;
  portal: PortalDeps;
  /** Where the built portal lies. */
  portalFolder: string;
  health: HealthDeps;
}

export interface HttpServer {
  /** The port it listens on. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no new requests; resolves when those under way are answered, or were cut off after a while. */
  close(): Promise<void>;
}

/** A request that is not all there after this time is given up, ms. */
const REQUEST_MS = 30_000;
/** When the program stops, requests under way get this long; the rest is for texts being sent, ms. */
const CLOSE_MS = 2_000;
/** Idle connections of clients are closed after this time, ms; longer than common proxies keep theirs. */
const KEEP_ALIVE_MS = 75_000;

/** The API page shows our document and calls nobody else. */
const SCALAR = {
  url: "/openapi.json",
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  telemetry: false,
  withDefaultFonts: false,
} as const;

export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const app = Fastify({
    logger: false,
    frameworkErrors: (error, _request, reply) => answerFrameworkError(error, reply),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, deps.api.log);
  inboundDoors(app, deps.doors);
  healthRoutes(app, deps.health);
  await app.register(async (pages) => {
    await describeApi(pages, deps.api.version);
    await pages.register(apiRoutes(deps.api));
    boardPages(pages, deps.api);
    await pages.register(portalRoutes(deps.portal));
  });
  portalFiles(app, deps.portalFolder);
  return {
    async listen(host, port) {
      await app.listen({ host, port });
      return (app.server.address() as AddressInfo).port;
    },
    async close() {
      const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
      await app.close();
      clearTimeout(cut);
    },
  };
}

async function loadApiPage(): Promise<FastifyInstance> {
  const { default: scalar } = await import("@scalar/fastify-api-reference");
  const app = Fastify({ logger: false });
  await app.register(scalar, { routePrefix: "/docs", configuration: SCALAR });
  await app.ready();
  return app;
}

/** `GET /docs` shows the API, `GET /openapi.json` is the document behind it. */
async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        "script-src": ["'self'"],
        // The API page writes styles in place.
        "style-src": ["'self'", "'unsafe-inline'"],
        "upgrade-insecure-requests": null,
      },
    },
    // Plain http on a private network is a normal way to run this.
    strictTransportSecurity: false,
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Signalbox",
        version,
        description: "Texts in, commands and replies out. Keys: `Authorization: Bearer sk_live_...`.",
      },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
      security: [{ key: [] }],
      webhooks: eventWebhooks(),
    },
    transform: jsonSchemaTransform,
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  let page: Promise<FastifyInstance> | undefined;
  for (const path of ["/docs", "/docs/*"]) {
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      // Most processes never show it, and it takes as much memory as the rest of the API.
      page ??= loadApiPage();
      const answer = await (await page).inject({ method: "GET", url: request.url });
      if (String(answer.headers["content-type"]).startsWith("text/html")) allowItsScript(reply, answer.body);
      return reply.code(answer.statusCode).headers(answer.headers).send(answer.rawPayload);
    });
  }
}

/** The script that stands in the API page, and no other one in place. */
function allowItsScript(reply: FastifyReply, page: string): void {
  const scripts = [...page.matchAll(/<script[^>]*>([^<]+)<\/script>/g)].map(([, script = ""]) => script);
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const policy = String(reply.getHeader("content-security-policy"));
  reply.header(
    "content-security-policy",
    policy.replace("script-src 'self'", ["script-src 'self'", ...hashes].join(" ")),
  );
}
