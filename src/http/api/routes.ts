import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { cleanText } from "../../domain/sms-text.ts";
import { requireCaller } from "../auth.ts";
import { heedIdempotencyKeys } from "../idempotency.ts";
import { arrivalRoutes } from "./arrivals.ts";
import { auditRoutes } from "./audit.ts";
import { boardRoutes } from "./board.ts";
import { channelPauseRoutes } from "./channel-pause.ts";
import { channelRefusalRoutes } from "./channel-refusals.ts";
import { channelRoutes } from "./channels.ts";
import { commandRoutes } from "./commands.ts";
import { consentRoutes } from "./consent.ts";
import { conversationRoutes } from "./conversations.ts";
import { deliveryRoutes } from "./deliveries.ts";
import type { ApiDeps } from "./deps.ts";
import { endpointRoutes } from "./endpoints.ts";
import { eventRoutes } from "./events.ts";
import { guardRoutes } from "./guards.ts";
import { healthRoutes } from "./health.ts";
import { ingressRoutes } from "./ingress.ts";
import { ingressDoor } from "./ingress-door.ts";
import { invitationRoutes } from "./invitations.ts";
import { keyRoutes } from "./keys.ts";
import { mailRoutes } from "./mails.ts";
import { meRoutes } from "./me.ts";
import { mediaRoutes } from "./media.ts";
import { messageRoutes } from "./messages.ts";
import { reporterRoutes } from "./reporters.ts";
import { tellRevisions } from "./revisions.ts";
import { ruleFormRoutes } from "./rule-forms.ts";
import { ruleRoutes } from "./rules.ts";
import { settingsRoutes } from "./settings.ts";
import { simulatorRoutes } from "./simulator.ts";
import { statsRoutes } from "./stats.ts";
import { teamRoutes } from "./team.ts";
import { teamAccessRoutes } from "./team-access.ts";
import { webhookRoutes } from "./webhooks.ts";

/** Calls one key or session may make in a minute; more are answered 429 with `Retry-After`. */
const CALLS_PER_MINUTE = 12_000;

export type ApiApp = ReturnType<typeof typed>;

function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** Everything under `/v1`. One file per noun; each route asks who is calling unless it says it is public. */
export function apiRoutes(deps: ApiDeps): FastifyPluginAsync {
  return async (scope) => {
    acceptEmptyBodies(scope);
    await scope.register(rateLimit, {
      max: CALLS_PER_MINUTE,
      timeWindow: "1 minute",
      // Before the key is looked up: guessing keys counts too.
      keyGenerator: (request) =>
        request.headers.authorization ?? deps.sessions.cookieOf(request) ?? request.ip,
    });
    // Whatever stands between keeps none of it, nor does the browser of somebody who has signed out.
    scope.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
    const { database, sessions, publicUrl } = deps;
    requireCaller(scope, { reader: database, now: () => deps.clock.now(), sessions, publicUrl });
    scope.addHook("preValidation", async (request) => {
      cleanAll(request.params);
      cleanAll(request.query);
    });
    heedIdempotencyKeys(scope, deps);
    tellRevisions(scope);
    await scope.register(ingressDoor(deps));
    const app = typed(scope);
    arrivalRoutes(app, deps);
    auditRoutes(app, deps);
    boardRoutes(app, deps);
    channelRoutes(app, deps);
    consentRoutes(app, deps);
    conversationRoutes(app, deps);
    channelPauseRoutes(app, deps);
    channelRefusalRoutes(app, deps);
    commandRoutes(app, deps);
    deliveryRoutes(app, deps);
    endpointRoutes(app, deps);
    eventRoutes(app, deps);
    guardRoutes(app, deps);
    healthRoutes(app, deps);
    ingressRoutes(app, deps);
    invitationRoutes(app, deps);
    keyRoutes(app, deps);
    meRoutes(app, deps);
    mediaRoutes(app, deps);
    mailRoutes(app, deps);
    messageRoutes(app, deps);
    reporterRoutes(app, deps);
    ruleRoutes(app, deps);
    ruleFormRoutes(app, deps);
    settingsRoutes(app, deps);
    simulatorRoutes(app, deps);
    statsRoutes(app, deps);
    teamRoutes(app, deps);
    teamAccessRoutes(app, deps);
    webhookRoutes(app, deps);
  };
}

/** Clients that always say `application/json` may leave the body out where there is nothing to say. */
export function acceptEmptyBodies(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser("error", "error");
  scope.removeContentTypeParser("application/json");
  scope.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else parse(request, body as string, done);
  });
}

/** Takes out of paths and queries what no id, number or word can hold and the database refuses. */
function cleanAll(values: unknown): void {
  const record = values as Record<string, unknown>;
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === "string") record[key] = cleanText(value);
    else if (Array.isArray(value)) record[key] = value.map((one) => cleanText(String(one)));
  }
}
