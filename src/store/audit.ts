import type { Actor } from "../domain/board.ts";
import { newId } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";

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

export function listAudit(
  reader: Reader,
  tenantId: string,
  after: string | null,
  limit: number,
): Promise<AuditEntry[]> {
  let query = reader.q
    .selectFrom("audit")
    .select(["id", "at", "actor", "action", "object", "detail"])
    .where("tenant_id", "=", tenantId);
  if (after !== null) query = query.where("id", "<", after);
  return query.orderBy("id", "desc").limit(limit).execute();
}
