import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HubError } from "../../domain/errors.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { audit } from "../../store/audit.ts";
import type { FailureWindow } from "../../store/sign-in-failures.ts";
import { clearTries, countTry, takeBackTry } from "../../store/sign-in-failures.ts";
import { membershipOf } from "../../store/team.ts";
import type { PortalApp, PortalDeps } from "./routes.ts";

/*
 * The library's routes that the portal uses, under `/portal/auth`; all its others stay closed. Passwords are counted
 * on the way: after ten wrong ones of an account nobody gets further with it for a while, whatever address they
 * come from.
 */

type Body = Record<string, unknown>;

const WRONG_PASSWORDS = 10;
const WINDOW_MS = 15 * 60_000;
const LONGEST_NAME = 200;

/** What is handed on of a body. */
const POSTS: Record<string, (body: Body) => Body> = {
  "/sign-in/email": ({ email, password, rememberMe }) => ({
    email: typeof email === "string" ? email.trim() : email,
    password,
    rememberMe,
  }),
  "/sign-out": () => ({}),
  // Who changes a password mostly wants others to be gone.
  "/change-password": (body) => ({ ...body, revokeOtherSessions: true }),
  "/update-user": ({ name }) => ({ name: nameIn(name) }),
  "/revoke-other-sessions": () => ({}),
  "/two-factor/enable": ({ password }) => ({ password }),
  "/two-factor/disable": ({ password }) => ({ password }),
  "/two-factor/get-totp-uri": ({ password }) => ({ password }),
  "/two-factor/generate-backup-codes": ({ password }) => ({ password }),
  "/two-factor/verify-totp": ({ code, trustDevice }) => ({ code, trustDevice }),
  "/two-factor/verify-backup-code": ({ code, trustDevice }) => ({ code, trustDevice }),
};

/** What is worth a line in the audit when it succeeded; null = nothing. */
function actionOf(path: string, wasSignedIn: boolean): string | null {
  switch (path) {
    case "/sign-in/email":
      return "person.signed_in";
    // The first code from the app turns it on; later ones are how one signs in.
    case "/two-factor/verify-totp":
      return wasSignedIn ? "person.two_factor_on" : "person.signed_in";
    case "/two-factor/verify-backup-code":
      return wasSignedIn ? null : "person.signed_in";
    case "/two-factor/disable":
      return "person.two_factor_off";
    case "/change-password":
      return "person.password_changed";
    default:
      return null;
  }
}

export function authRoutes(app: PortalApp, deps: PortalDeps): void {
  app.get("/portal/auth/get-session", { schema: { hide: true } }, async (request, reply) =>
    pass(reply, await read(await deps.signIn.handle(request, "/get-session", null))),
  );

  for (const [path, bodyOf] of Object.entries(POSTS)) {
    app.post(`/portal/auth${path}`, { schema: { hide: true } }, async (request, reply) => {
      const body = bodyOf(asBody(request.body));
      // Who it was has to be known before the session ends.
      const before = await personOf(deps, request);
      const answer =
        path === "/sign-in/email"
          ? await trySignIn(deps, request, reply, body)
          : await read(await deps.signIn.handle(request, path, body));
      const cookie = deps.signIn.cookieOf(request);
      if (cookie !== null) deps.sessions.forgetCookie(cookie);
      const action = answer.status < 300 ? actionOf(path, before !== null) : null;
      const person = action === "person.signed_in" ? personIn(answer.body) : before;
      if (action !== null && person) await note(deps, request, action, person);
      return pass(reply, answer);
    });
  }
}

interface Answer {
  status: number;
  headers: Headers;
  body: Body | null;
}

async function read(response: Response): Promise<Answer> {
  const body = (await response.json().catch(() => null)) as Body | null;
  return { status: response.status, headers: response.headers, body };
}

async function trySignIn(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Body,
): Promise<Answer> {
  const account = createHash("sha256").update(String(body.email).toLowerCase()).digest();
  const now = new Date(deps.clock.now());
  const window = await countTry(deps.database, account, now, WINDOW_MS);
  if (window.tries > WRONG_PASSWORDS) throw lockedOut(reply, window, now);
  const answer = await read(await deps.signIn.handle(request, "/sign-in/email", body));
  if (answer.status < 300) await clearTries(deps.database, account);
  else if (answer.status !== 401) await takeBackTry(deps.database, account);
  else deps.log.warn({ client: deps.signIn.addressOf(request), tries: window.tries }, "sign-in: refused");
  return answer;
}

function lockedOut(reply: FastifyReply, window: FailureWindow, now: Date): HubError {
  const seconds = Math.ceil((window.since.getTime() + WINDOW_MS - now.getTime()) / 1_000);
  reply.header("retry-after", String(Math.max(1, seconds)));
  return new HubError("rate_limited", "Too many wrong passwords. Please wait a quarter of an hour.");
}

/** Answers what the library said, in the API's own shape where it refused. Tokens stay in the cookie. */
function pass(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  for (const cookie of headers.getSetCookie()) reply.header("set-cookie", cookie);
  if (status < 300) {
    const { token: _token, session: _session, ...shown } = body ?? {};
    return reply.code(status).send(shown);
  }
  const wait = headers.get("x-retry-after");
  if (wait !== null) reply.header("retry-after", wait);
  const { code, message } = body ?? {};
  const silent = status >= 500 ? "Something went wrong on our side." : "The request was refused.";
  const text = typeof message === "string" && message !== "" ? message : silent;
  return reply.code(status).send({ error: ERROR_CODES[status] ?? "validation_error", message: text, code });
}

const ERROR_CODES: Record<number, string> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
  500: "internal_error",
};

interface Named {
  id: string;
  name: string;
}

async function personOf(deps: PortalDeps, request: FastifyRequest): Promise<Named | null> {
  const cookie = deps.signIn.cookieOf(request);
  if (cookie === null) return null;
  const caller = await deps.sessions.identify(request, null, cookie).catch(() => null);
  return caller && { id: caller.actor.id, name: caller.actor.name };
}

/** The person of an answer that began a session. */
function personIn(body: Body | null): Named | null {
  const user = body?.user as { id?: unknown; name?: unknown } | undefined;
  return typeof user?.id === "string" ? { id: user.id, name: String(user.name) } : null;
}

async function note(deps: PortalDeps, request: FastifyRequest, action: string, person: Named): Promise<void> {
  const member = await membershipOf(deps.database, person.id);
  if (!member) return;
  const { tenantId } = member;
  const detail = { client: deps.signIn.addressOf(request) };
  const actor = { kind: "user" as const, ...person };
  await deps.database.transact((tx) => audit(tx, { tenantId, actor, action, object: person.id, detail }));
}

function asBody(body: unknown): Body {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Body) : {};
}

function nameIn(value: unknown): string {
  const name = typeof value === "string" ? cleanText(value).trim() : "";
  if (name !== "" && name.length <= LONGEST_NAME) return name;
  const message = `must have 1 to ${LONGEST_NAME} characters`;
  throw new HubError("validation_error", `name: ${message}`, [{ path: "name", message }]);
}
