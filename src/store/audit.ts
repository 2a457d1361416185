import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Actor } from "../domain/board.ts";
import { newId } from "../domain/ids.ts";
import type { Reader, Tx } from "./database.ts";
import { idCeiling, idFloor } from "./id-floor.ts";
import type { Found } from "./search.ts";
import { kindsLike, searchKinds, searchRows } from "./search.ts";

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

/** Newest first: found by the object, by who did it, or by the action, whichever is told. */
export async function listAudit(
  reader: Reader,
  filter: AuditFilter,
  after: string | null,
  limit: number,
): Promise<Found<AuditEntry>> {
  const { tenantId, action, actorId, object, since, until } = filter;
  const within: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  // Ids and times are of one moment: the index finds where to begin and to end.
  if (since !== null) within.push(sql`t.id >= ${idFloor("adt", since)}`);
  if (until !== null) within.push(sql`t.id < ${idCeiling("adt", until)}`);
  const asked: RawBuilder<unknown>[] = [];
  if (object !== null) asked.push(sql`t.object = ${object}`);
  if (actorId !== null) asked.push(sql`t.actor->>'id' = ${actorId}`);
  if (action !== null && !action.endsWith(".*")) asked.push(sql`t.action = ${action}`);
  const [first = [], ...rest] = asked;
  const filters = [...rest];
  if (since !== null) filters.push(sql`t.at >= ${since}`);
  if (until !== null) filters.push(sql`t.at < ${until}`);
  const columns = sql`t.id, t.at, t.actor, t.action, t.object, t.detail`;
  const search = { table: "audit", columns, narrow: within.concat(first), filter: filters, after, limit };
  if (!action?.endsWith(".*")) return searchRows(reader, search);
  const start = action.slice(0, -1);
  if (asked.length > 0) {
    return searchRows(reader, { ...search, filter: [...filters, sql`starts_with(t.action, ${start})`] });
  }
  const tenant = { table: "audit", narrow: [sql`t.tenant_id = ${tenantId}`], kind: "action" };
  const kinds = await kindsLike(reader, tenant, [start]);
  return searchKinds(reader, { ...search, kind: "action", kinds });
}

/** Who changed a thing last: the newest entry about it whose action begins so. Null = none is kept. */
export async function lastChangeOf(
  reader: Reader,
  tenantId: string,
  object: string,
  actions: string,
): Promise<{ at: Date; by: Actor } | null> {
  const rows = await reader.run<{ at: Date; by: Actor }>(
    "audit-last-change",
    `select at, actor as by from (
       select at, actor, action from audit where tenant_id = $1 and object = $2 order by id desc limit 50
     ) newest where starts_with(action, $3) limit 1`,
    [tenantId, object, actions],
  );
  return rows[0] ?? null;
}
