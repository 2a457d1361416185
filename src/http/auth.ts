import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../domain/board.ts";
import { HubError } from "../domain/errors.ts";
import type { KeyRole } from "../domain/roles.ts";
import { roleMay } from "../domain/roles.ts";
import type { Reader } from "../store/database.ts";
import { keyByHash, touchKey } from "../store/keys.ts";
import { hashKey } from "../tools/secrets.ts";
import { refuseForeignOrigin } from "./origin.ts";
import type { Sessions } from "./sessions.ts";

/** Who is calling, once the key or the cookie has been believed. */
export interface Caller {
  tenantId: string;
  actor: Actor;
  role: KeyRole;
}

const KEY = /^sk_live_[A-Za-z0-9]{40}$/;
/** How long a key stays believed without asking the database; revoking takes this long at worst, ms. */
const BELIEVED_MS = 2_000;
const MOST_BELIEVED = 10_000;

const callers = new WeakMap<FastifyRequest, Caller>();
const identities = new WeakMap<FastifyRequest, () => Promise<Caller>>();

/** The caller of a request that passed `requireCaller`. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error("a route without a key asked who is calling");
  return caller;
}

/** The caller, or null on a public route. */
export function callerIfAny(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** Whether the caller of a request that goes on for long would still be let in. */
export async function isStillWelcome(request: FastifyRequest): Promise<boolean> {
  const identify = identities.get(request);
  if (!identify) return false;
  try {
    const { tenantId, role } = await identify();
    return tenantId === callerOf(request).tenantId && mayCall(role, request);
  } catch (error) {
    if (error instanceof HubError && error.status < 500) return false;
    throw error;
  }
}

export interface AuthDeps {
  reader: Reader;
  now: () => number;
  sessions: Sessions;
  publicUrl: () => string;
}

/**
 * Makes every route of this scope ask for an API key, or for the cookie of somebody who is signed in, but those
 * marked `config: { public: true }`. A key goes before a cookie.
 */
export function requireCaller(scope: FastifyInstance, deps: AuthDeps): void {
  const { reader, now, sessions, publicUrl } = deps;
  const believed = new Map<string, { caller: Caller; until: number }>();

  async function identify(key: string): Promise<Caller> {
    const known = believed.get(key);
    if (known && known.until > now()) return known.caller;
    const owner = await keyByHash(reader, hashKey(key));
    if (!owner) throw new HubError("invalid_api_key", "This API key is unknown or was revoked.");
    if (!owner.tenantActive) throw new HubError("tenant_inactive", "This account is suspended.");
    await touchKey(reader, owner.id);
    const caller: Caller = {
      tenantId: owner.tenantId,
      role: owner.role,
      actor: { kind: "key", id: owner.id, name: owner.name },
    };
    if (believed.size >= MOST_BELIEVED) believed.clear();
    believed.set(key, { caller, until: now() + BELIEVED_MS });
    return caller;
  }

  function identityOf(request: FastifyRequest, reply: FastifyReply): () => Promise<Caller> {
    const { authorization } = request.headers;
    const cookie = authorization === undefined ? sessions.cookieOf(request) : null;
    if (cookie !== null) {
      refuseForeignOrigin(request, publicUrl(), { isNeeded: true });
      return () => sessions.identify(request, reply.sent ? null : reply, cookie);
    }
    const key = keyIn(authorization ?? "");
    return () => identify(key);
  }

  scope.addHook("onRequest", async (request, reply) => {
    if ((request.routeOptions.config as { public?: boolean }).public) return;
    const identity = identityOf(request, reply);
    const caller = await identity();
    if (!mayCall(caller.role, request)) {
      const who = caller.actor.kind === "key" ? "A key" : "Somebody";
      throw new HubError("forbidden", `${who} with the role ${caller.role} may not do this.`);
    }
    callers.set(request, caller);
    identities.set(request, identity);
  });
}

function mayCall(role: KeyRole, request: FastifyRequest): boolean {
  return roleMay(role, request.method, request.routeOptions.url ?? "");
}

function keyIn(header: string): string {
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (key === undefined) {
    throw new HubError("unauthorized", "Send your API key as `Authorization: Bearer sk_live_...`.");
  }
  if (!KEY.test(key)) throw new HubError("unauthorized", "An API key is sk_live_ and 40 letters or digits.");
  return key;
}
