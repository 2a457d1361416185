import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../domain/board.ts";
import { HubError } from "../domain/errors.ts";
import type { KeyRole } from "../domain/roles.ts";
import { roleMay } from "../domain/roles.ts";
import type { Reader } from "../store/database.ts";
import { keyByHash, touchKey } from "../store/keys.ts";
import { hashKey } from "../tools/secrets.ts";

/** Who is calling, once the key has been believed. */
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

/** The caller of a request that passed `requireKey`. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error("a route without a key asked who is calling");
  return caller;
}

/** The caller, or null on a public route. */
export function callerIfAny(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** Makes every route of this scope ask for an API key, but those marked `config: { public: true }`. */
export function requireKey(scope: FastifyInstance, reader: Reader, now: () => number): void {
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

  scope.addHook("onRequest", async (request) => {
    if ((request.routeOptions.config as { public?: boolean }).public) return;
    const header = request.headers.authorization ?? "";
    const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (key === undefined) {
      throw new HubError("unauthorized", "Send your API key as `Authorization: Bearer sk_live_...`.");
    }
    if (!KEY.test(key))
      throw new HubError("unauthorized", "An API key is sk_live_ and 40 letters or digits.");
    const caller = await identify(key);
    const path = request.routeOptions.url ?? "";
    if (!roleMay(caller.role, request.method, path)) {
      throw new HubError("forbidden", `A key with the role ${caller.role} may not do this.`);
    }
    callers.set(request, caller);
  });
}
