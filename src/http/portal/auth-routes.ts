import type { FastifyReply, FastifyRequest } from "fastify";
import { HubError } from "../../domain/errors.ts";
import { cleanText } from "../../domain/sms-text.ts";
import { audit } from "../../store/audit.ts";
import { endHalfSignIns, endSessions, passwordState } from "../../store/people.ts";
import { membershipOf } from "../../store/team.ts";
import { accountOf, countPassword } from "./count-password.ts";
import type { PortalApp, PortalDeps } from "./routes.ts";

/*
 * The library's routes that the portal uses, under `/portal/auth`; all its others stay closed. Passwords are counted on
 * the way (`count-password.ts`).
 */

type Body = Record<string, unknown>;

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
      const answer = await ask(deps, request, reply, { path, body, person: before });
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

interface Call {
  path: string;
  body: Body;
  /** Who is signed in. */
  person: Named | null;
}

/** What the library says to a call; one that shows a password is counted first. */
async function ask(
  deps: PortalDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { path, body, person }: Call,
): Promise<Answer> {
  const { signIn } = deps;
  const handle = async () => read(await signIn.handle(request, path, body));
  if (path === "/sign-in/email") {
    const account = accountOf(String(body.email).toLowerCase());
    const counted = signIn.isKnown(request, account) ? accountOf("known", account) : account;
    const steady = () => withSteadyPassword(deps, String(body.email).toLowerCase(), handle);
    const answer = await countPassword(deps, request, reply, { account: counted, handle: steady });
    if (answer.status < 300) reply.header("set-cookie", signIn.markFor(account));
    return answer;
  }
  const showsPassword = body.password !== undefined || body.currentPassword !== undefined;
  if (!showsPassword || !person) return handle();
  // Who got hold of a session of somebody else's shall not guess the password there either.
  const account = accountOf("person", accountOf(person.id));
  return countPassword(deps, request, reply, { account, handle });
}

/**
 * A password that is changed while it is looked at was right and is not any more. Who changed it has ended all sessions by then,
 * and this one would begin behind their back.
 */
async function withSteadyPassword(
  { database }: PortalDeps,
  email: string,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  const before = await passwordState(database, email);
  const answer = await handle();
  if (answer.status >= 300) return answer;
  const after = await passwordState(database, email);
  if (before && before.state === after?.state) return answer;
  if (after) {
    await database.transact(async (tx) => {
      await endSessions(tx, after.userId);
      await endHalfSignIns(tx, after.userId);
    });
  }
  const message = "The password was changed just now. Please sign in with the new one.";
  return { status: 401, headers: new Headers(), body: { message } };
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
