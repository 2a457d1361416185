import type { FastifyInstance, FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Issue } from "../domain/errors.ts";
import { HubError } from "../domain/errors.ts";
import type { Logger } from "../tools/log.ts";
import { inPlainWords } from "./plain-words.ts";

/** Turns everything a request can fail with into the API's one error shape; bugs are logged, never shown. */
export function answerErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const known = asHubError(error);
    if (known.status >= 500)
      log.error({ err: error, method: request.method, url: pathOf(request.url) }, "request failed");
    const body = {
      error: known.code,
      message: known.message,
      ...(known.issues.length > 0 && { issues: known.issues }),
      ...known.extra,
    };
    return reply.code(known.status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${pathOf(request.url)}.`;
    return reply.code(404).send({ error: "not_found", message });
  });
}

/** Faults that come before any route: an address or a request that is none. */
export function answerFrameworkError(error: { statusCode?: number }, reply: FastifyReply): void {
  const long = error.statusCode === 414;
  const message = long ? "This address is too long." : "This address cannot be read.";
  const issues = [{ path: "", message }];
  reply.code(400).send({ error: "validation_error", message, issues });
}

function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(
      (fault): Issue => ({
        path: fault.instancePath.replace(/^\//, "").replaceAll("/", "."),
        message: inPlainWords(fault),
      }),
    );
    const first = issues[0];
    const where = first?.path ? `${first.path}: ` : "";
    return new HubError(
      "validation_error",
      `${where}${first?.message ?? "The request is not valid."}`,
      issues,
    );
  }
  const code = (error as { code?: string }).code ?? "";
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return new HubError("payload_too_large", "The body is too large.");
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new HubError("unsupported_media_type", "Send JSON with `Content-Type: application/json`.");
  }
  if (status === 429) return new HubError("rate_limited", "Too many requests. Please wait a little.");
  if (status >= 400 && status < 500) {
    const message = error instanceof Error ? error.message : "The request is not valid.";
    return new HubError("validation_error", message, [{ path: "", message }]);
  }
  if (code === FULL_DISK) {
    return new HubError(
      "unavailable",
      "The disk of the database is full: make room, and it goes on by itself.",
    );
  }
  if (isDatabaseAway(error)) return new HubError("unavailable", "The database is away. Please try again.");
  return new HubError("internal_error", "Something went wrong on our side.");
}

const FULL_DISK = "53100";
/** What the server says on its way out or in, a standby that only reads, and what sockets say. */
const AWAY_CODES =
  /^(08...|53...|57...|25006|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What `pg` says without a code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered|was closed)|the database only reads)/;

function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" ? AWAY_CODES.test(code) : AWAY_WORDS.test(String(message));
}

/** Without the query, and without tokens that are as good as keys. */
function pathOf(url: string): string {
  return (url.split("?")[0] ?? url).replace(/\big_\w+/g, "ig_…");
}
