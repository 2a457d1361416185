import type { FastifyRequest } from "fastify";
import type { Pool } from "pg";
import { HubError } from "../../domain/errors.ts";
import type { AddressList } from "../../tools/address-list.ts";
import { clientAddress } from "../../tools/address-list.ts";
import type { Logger } from "../../tools/log.ts";
import { cookieNamed, cookiePrefixAt } from "./cookies.ts";
import type { KnownBrowser } from "./known-browser.ts";
import { createKnownBrowser } from "./known-browser.ts";
import type { AuthLibrary, UsedSession } from "./library.ts";

/** Sign-in and sessions of people. The library behind is loaded, and its connections opened, when first needed. */
export interface SignIn extends KnownBrowser {
  /** Hands a request to the library; `path` is what comes behind its own. */
  handle(request: FastifyRequest, path: string, body: object | null): Promise<Response>;
  /** `mayProlong`: the cookies that prolong the session will reach the browser. Else it is left as it is. */
  sessionOf(request: FastifyRequest, mayProlong: boolean): Promise<UsedSession | null>;
  /** The cookies of a new session. */
  begin(request: FastifyRequest, email: string, password: string): Promise<string[]>;
  hashPassword(password: string): Promise<string>;
  /** The session cookie of a request, as it was sent; null = it has none. */
  cookieOf(request: FastifyRequest): string | null;
  /** Whom a request comes from. */
  addressOf(request: FastifyRequest): string;
  close(): Promise<void>;
}

export interface SignInDeps {
  openPool: () => Pool;
  secret: string;
  publicUrl: () => string;
  trustedProxies: AddressList;
  log: Logger;
}

export function createSignIn(deps: SignInDeps): SignIn {
  let opened: { library: Promise<AuthLibrary>; pool: Pool } | null = null;

  function library(): Promise<AuthLibrary> {
    opened ??= open();
    return opened.library;
  }

  function open(): { library: Promise<AuthLibrary>; pool: Pool } {
    const pool = deps.openPool();
    const { secret, log } = deps;
    const origin = originOf(deps.publicUrl());
    const loading = import("./library.ts").then(({ createLibrary }) =>
      createLibrary({ pool, secret, origin, cookiePrefix: cookiePrefixAt(origin), log }),
    );
    return { library: loading, pool };
  }

  const addressOf = (request: FastifyRequest) =>
    clientAddress(
      request.raw.socket.remoteAddress ?? "",
      request.headers["x-forwarded-for"],
      deps.trustedProxies,
    );

  /** What the library may know of a request. Its origin has been checked, and reads as the library's own. */
  function headersOf(request: FastifyRequest): Headers {
    const { cookie, "user-agent": agent } = request.headers;
    return new Headers({
      origin: originOf(deps.publicUrl()),
      "content-type": "application/json",
      "x-signalbox-client": addressOf(request),
      ...(cookie !== undefined && { cookie }),
      ...(agent !== undefined && { "user-agent": agent.slice(0, 300) }),
    });
  }

  return {
    async handle(request, path, body) {
      const { method } = request;
      const url = `${originOf(deps.publicUrl())}/portal/auth${path}`;
      const init = { method, headers: headersOf(request), ...(body && { body: JSON.stringify(body) }) };
      return (await library()).handle(new Request(url, init));
    },
    async sessionOf(request, mayProlong) {
      const loaded = await library();
      return loaded.sessionOf(headersOf(request), mayProlong).catch((error) => {
        deps.log.error({ err: error }, "sign-in: a session could not be read");
        throw new HubError("unavailable", "The database is away. Please try again.");
      });
    },
    async begin(request, email, password) {
      return (await library()).signIn(email, password, headersOf(request));
    },
    async hashPassword(password) {
      return (await library()).hashPassword(password);
    },
    cookieOf: (request) => cookieNamed(request, sessionCookie(deps.publicUrl())),
    addressOf,
    ...createKnownBrowser(deps),
    async close() {
      await opened?.pool.end();
    },
  };
}

function originOf(publicUrl: string): string {
  return new URL(publicUrl).origin;
}

function sessionCookie(publicUrl: string): string {
  return `${cookiePrefixAt(publicUrl)}.session_token`;
}
