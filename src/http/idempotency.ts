import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HubError, invalid } from "../domain/errors.ts";
import type { Reader, Tx } from "../store/database.ts";
import type { IdempotencyClaim, KeptAnswer } from "../store/idempotency.ts";
import { claimKey, keepAnswer, releaseKey } from "../store/idempotency.ts";
import type { Clock } from "../tools/clock.ts";
import type { Logger } from "../tools/log.ts";
import type { SecretBox } from "../tools/secrets.ts";
import type { Caller } from "./auth.ts";
import { callerIfAny } from "./auth.ts";

/*
 * Writes may carry an `Idempotency-Key`. The first call with a key takes it before its handler runs; when it
 * succeeded, its answer is kept for a day and a repeat gets that instead of a second run. A call that failed
 * changed nothing, so it frees the key. A handler that must never run twice, not even when the program dies
 * between commit and answer, keeps its answer in its own transaction (`keepAnswerIn`).
 */

const WRITES = new Set(["POST", "PUT", "PATCH"]);
const LONGEST_KEY = 255;
const DEEPEST_BODY = 100;

export interface IdempotencyDeps {
  database: Reader;
  clock: Clock;
  log: Logger;
  box: SecretBox;
}

const claims = new WeakMap<FastifyRequest, IdempotencyClaim>();
const hashes = new WeakMap<FastifyRequest, Buffer>();

/** Makes every POST, PUT and PATCH of this scope heed the header. Comes after `requireCaller`: keys are per tenant. */
export function heedIdempotencyKeys(scope: FastifyInstance, deps: IdempotencyDeps): void {
  // Before the schemas: they drop unknown fields, and the same body means what was sent.
  scope.addHook("preValidation", async (request) => {
    if (keyOf(request) !== null) hashes.set(request, hashOf(request));
  });

  scope.addHook("preHandler", async (request, reply) => {
    const key = keyOf(request);
    const caller = callerIfAny(request);
    const requestHash = hashes.get(request);
    if (key === null || caller === null || !requestHash) return;
    const wanted = { tenantId: caller.tenantId, key: keyOfCaller(caller, key), requestHash };
    if (await takeKey(deps, request, reply, wanted)) return reply;
  });

  scope.addHook("onSend", async (request, reply, payload) => {
    const claim = claims.get(request);
    if (!claim) return payload;
    claims.delete(request);
    try {
      if (reply.statusCode >= 400) await releaseKey(deps.database, claim);
      else await keepAnswer(deps.database, claim, seal(deps.box, claim, reply.statusCode, payload));
    } catch (error) {
      // The call itself succeeded and its answer must go out; the key frees itself after a while.
      deps.log.error({ err: error }, "idempotency: an answer could not be kept");
    }
    return payload;
  });
}

/**
 * Takes the key for this call, or answers what the first call with it was answered; tells whether it did. (Not by
 * the reply: who awaits one gets nothing.)
 */
async function takeKey(
  deps: IdempotencyDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: { tenantId: string; key: string; requestHash: Buffer },
): Promise<boolean> {
  const result = await claimKey(deps.database, { ...wanted, now: new Date(deps.clock.now()) });
  switch (result.kind) {
    case "claimed":
      claims.set(request, result.claim);
      return false;
    case "answered":
      replay(reply, result.answer, deps.box, wanted);
      return true;
    case "running":
      reply.header("retry-after", "1");
      throw new HubError("conflict", "The first call with this Idempotency-Key is still running.");
    case "other-request":
      throw new HubError("conflict", "This Idempotency-Key was used for another request.");
    default:
      return result satisfies never;
  }
}

/**
 * The same for a call whose tenant only its handler learns. `key` goes before the header, null = none; with it a repeat
 * is what says the `same`, for its sender may count his tries or write down the time beside it. `what` is the call
 * whatever its address says. Tells whether it was answered.
 */
export async function heedKey(
  deps: IdempotencyDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  call: { tenantId: string; key: string | null; same: readonly string[]; what: string },
): Promise<boolean> {
  const given = keyOf(request);
  // Whoever posts there chooses keys among their own: those of the account's programs stay free.
  const key = call.key ?? (given === null ? null : `${call.what} ${given}`);
  if (key === null) return false;
  const requestHash = call.key === null ? hashOf(request, call.what) : hashOfParts(call.what, call.same);
  return takeKey(deps, request, reply, { tenantId: call.tenantId, key, requestHash });
}

/**
 * Keeps the answer together with what the call does. Throws when another call took the key over meanwhile, so
 * that the transaction falls.
 */
export async function keepAnswerIn(
  tx: Tx,
  request: FastifyRequest,
  box: SecretBox,
  status: number,
  body: object,
): Promise<void> {
  const claim = claims.get(request);
  if (!claim) return;
  const kept = await keepAnswer(tx, claim, seal(box, claim, status, JSON.stringify(body)));
  if (!kept)
    throw new HubError("conflict", "This call took too long and another one has its Idempotency-Key.");
}

function keyOf(request: FastifyRequest): string | null {
  if (!WRITES.has(request.method)) return null;
  const header = request.headers["idempotency-key"];
  if (header === undefined) return null;
  const key = String(header);
  if (key.length >= 1 && key.length <= LONGEST_KEY) return key;
  throw invalid("Idempotency-Key", `must have 1 to ${LONGEST_KEY} characters`);
}

/** Programs share the keys of their tenant; what one person was answered is no other person's to have again. */
function keyOfCaller({ actor }: Caller, key: string): string {
  return actor.kind === "user" ? `${actor.id} ${key}` : key;
}

function hashOf(request: FastifyRequest, what = `${request.method} ${request.url}`): Buffer {
  const hash = createHash("sha256").update(`${what}\n`);
  const { body } = request;
  if (Buffer.isBuffer(body)) hash.update(body);
  else if (body !== undefined) hash.update(JSON.stringify(sorted(body)));
  return hash.digest();
}

function hashOfParts(what: string, parts: readonly string[]): Buffer {
  return createHash("sha256")
    .update(`${what}\n${JSON.stringify(parts)}`)
    .digest();
}

/** The same JSON whatever the order of its fields. */
function sorted(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST_BODY) throw invalid("", `must not be nested deeper than ${DEEPEST_BODY} levels`);
  if (Array.isArray(value)) return value.map((inner) => sorted(inner, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner, depth + 1)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function seal(
  box: SecretBox,
  claim: { tenantId: string; key: string },
  status: number,
  payload: unknown,
): KeptAnswer {
  const body = typeof payload === "string" ? payload : "";
  return { status, sealed: box.seal(body, associated(claim)) };
}

function associated(claim: { tenantId: string; key: string }): string {
  return `${claim.tenantId} idempotency ${claim.key}`;
}

function replay(
  reply: FastifyReply,
  answer: KeptAnswer,
  box: SecretBox,
  claim: { tenantId: string; key: string },
): void {
  const body = unseal(box, answer, claim);
  reply.code(answer.status).header("idempotency-replayed", "true");
  if (body === "") reply.send();
  else reply.type("application/json; charset=utf-8").send(body);
}

function unseal(box: SecretBox, answer: KeptAnswer, claim: { tenantId: string; key: string }): string {
  try {
    return box.open(answer.sealed, associated(claim));
  } catch {
    // Kept with another SIGNALBOX_SECRET. It must not run again, and what it answered cannot be read.
    throw new HubError("conflict", "This call was made before, and its answer can no longer be read.");
  }
}
