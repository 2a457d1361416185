import { sql } from "kysely";
import type { Actor } from "../domain/board.ts";
import { newId } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";
import { idCeiling, idFloor } from "./id-floor.ts";

/** Notes who changed what, in the transaction of the change. `detail` must hold no secret. */
export async function audit(
  tx: Tx,
  entry: { tenantId: string; actor: Actor; action: string; object: string; detail?: object },
): Promise<void> {
  await tx.q
    .insertInto("audit")
    .values({
      tenant_id: entry.tenantId,
      id: newId("adt"),
      actor: JSON.stringify(entry.actor),
      action: entry.action,
      object: entry.object,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

export interface AuditEntry {
  id: string;
  at: Date;
  actor: Actor;
  action: string;
  object: string;
  detail: unknown;
}

export interface AuditFilter {
  tenantId: string;
  /** `channel.changed`, or `channel.*` for all about channels. */
  action: string | null;
  actorId: string | null;
  object: string | null;
  since: Date | null;
  until: Date | null;
}

/** Newest first. */
export function listAudit(
  reader: Reader,
  filter: AuditFilter,
  after: string | null,
  limit: number,
): Promise<AuditEntry[]> {
  const { tenantId, action, actorId, object, since, until } = filter;
  let query = reader.q
    .selectFrom("audit")
    .select(["id", "at", "actor", "action", "object", "detail"])
    .where("tenant_id", "=", tenantId);
  if (action?.endsWith(".*")) query = query.where(sql<boolean>`starts_with(action, ${action.slice(0, -1)})`);
  else if (action !== null) query = query.where("action", "=", action);
  if (actorId !== null) query = query.where((eb) => eb(eb.ref("actor", "->>").key("id"), "=", actorId));
  if (object !== null) query = query.where("object", "=", object);
  // Ids and times are of one moment: the primary key finds where to begin and to end.
  if (since !== null) query = query.where("at", ">=", since).where("id", ">=", idFloor("adt", since));
  if (until !== null) query = query.where("at", "<", until).where("id", "<", idCeiling("adt", until));
  if (after !== null) query = query.where("id", "<", after);
  return query.orderBy("id", "desc").limit(limit).execute();
}
