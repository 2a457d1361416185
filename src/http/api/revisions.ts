import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../../domain/board.ts";
import { HubError } from "../../domain/errors.ts";
import { lastChangeOf } from "../../store/audit.ts";
import type { Tx } from "../../store/database.ts";
import { callerOf } from "../auth.ts";

/*
 * Two people who edit the same thing. What can be edited is answered with its `revision`, as the ETag, too; a change that
 * carries it as `If-Match` is refused with 412 when the thing has changed since. Looked at in the transaction that writes,
 * with the row locked. Without the header the last one to save wins, as programs expect.
 */

/** Names a state: the same for the same, another for any other. Nothing of the state can be read from it. */
export function revisionOf(state: object): string {
  const text = JSON.stringify(state, (_key, value) => inOrder(value));
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sends the revision of what is answered as its ETag. */
export function tellRevisions(scope: FastifyInstance): void {
  scope.addHook("preSerialization", async (_request, reply, payload) => {
    const { revision } = (payload ?? {}) as { revision?: unknown };
    if (typeof revision === "string" || typeof revision === "number") reply.header("etag", `"${revision}"`);
    return payload;
  });
}

/** Whether a request would be content with this revision. Proxies that pack answers mark the tag as weak: it means the same. */
function isContent(request: FastifyRequest, revision: string | number): boolean {
  const wanted = request.headers["if-match"]?.trim();
  if (wanted === undefined || wanted === "*") return true;
  return wanted
    .split(",")
    .some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === String(revision));
}

/** Refuses a change of something that is not any more what the caller was shown; `known`: who changed it. */
export function refuseStale(
  request: FastifyRequest,
  revision: string | number,
  known: { by: Actor | null; at: string | Date },
): void {
  if (isContent(request, revision)) return;
  const by = known.by?.name ?? null;
  const at = new Date(known.at).toISOString();
  const message = `${by ?? "Somebody"} changed this meanwhile, at ${at}. Read it again before you change it.`;
  throw new HubError("precondition_failed", message, [], { changed: { by, at } });
}

/** The same for what the audit knows. `actions`: how the actions begin that change such a thing. */
export async function heedIfMatch(
  tx: Tx,
  request: FastifyRequest,
  thing: { object: string; actions: string; revision: string; updatedAt: Date | null },
): Promise<void> {
  const { object, actions, revision, updatedAt } = thing;
  if (isContent(request, revision)) return;
  const last = await lastChangeOf(tx, callerOf(request).tenantId, object, actions);
  const at = updatedAt ?? last?.at ?? new Date();
  // A change that the audit does not know was made by the program itself, or by the order of all.
  const isAudited = last !== null && Math.abs(last.at.getTime() - at.getTime()) < AUDITED_WITHIN_MS;
  refuseStale(request, revision, { by: isAudited ? last.by : null, at });
}

/** The row and its line in the audit are of one transaction, by two clocks. */
const AUDITED_WITHIN_MS = 60_000;
