import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Database } from "../../store/database.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import { acceptEmptyBodies } from "../api/routes.ts";
import { refuseForeignOrigin } from "../origin.ts";
import type { Sessions } from "../sessions.ts";
import { authRoutes } from "./auth-routes.ts";
import { forgotRoutes } from "./forgot-routes.ts";
import { joinRoutes } from "./join-routes.ts";
import { setupRoutes } from "./setup-routes.ts";
import type { SignIn } from "./sign-in.ts";

export interface PortalDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  publicUrl: () => string;
  signIn: SignIn;
  sessions: Sessions;
  /** Whether mails leave: a mail server is known. */
  sendsMail: boolean;
}

export type PortalApp = ReturnType<typeof typed>;

function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** Calls one address may make in a minute, of those that let somebody in. */
const CALLS_PER_MINUTE = 600;

/** Everything under `/portal`: how people come in, and go. None of it asks for a key. */
export function portalRoutes(deps: PortalDeps): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    acceptEmptyBodies(scope);
    // Forms of other sites can send plain text without asking; here it is nothing.
    scope.removeContentTypeParser("text/plain");
    await scope.register(rateLimit, {
      max: CALLS_PER_MINUTE,
      timeWindow: "1 minute",
      keyGenerator: (request) => deps.signIn.addressOf(request),
    });
    scope.addHook("onRequest", async (request, reply) => {
      reply.header("cache-control", "no-store");
      refuseForeignOrigin(request, deps.publicUrl(), { isNeeded: request.headers.cookie !== undefined });
    });
    const app = typed(scope);
    authRoutes(app, deps);
    forgotRoutes(app, deps);
    joinRoutes(app, deps);
    setupRoutes(app, deps);
  };
}
