import type { Reporter } from "../domain/board.ts";
import type { Reader, Tx } from "./database.ts";
import { toReporter } from "./tenants.ts";

/** A reporter as answers show it. */
export interface StoredReporter extends Reporter {
  createdAt: Date;
  updatedAt: Date;
}

export async function insertReporter(tx: Tx, tenantId: string, reporter: Reporter): Promise<void> {
  await tx.q
    .insertInto("reporters")
    .values({ id: reporter.id, tenant_id: tenantId, ...columnsOf(reporter) })
    .execute();
  await insertPhones(tx, tenantId, reporter);
}

/** Writes a reporter back as a whole, phones included. */
export async function replaceReporter(tx: Tx, tenantId: string, reporter: Reporter): Promise<void> {
  await tx.q
    .updateTable("reporters")
    .set({ ...columnsOf(reporter), updated_at: new Date() })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", reporter.id)
    .execute();
  await tx.q
    .deleteFrom("reporter_phones")
    .where("tenant_id", "=", tenantId)
    .where("reporter_id", "=", reporter.id)
    .execute();
  await insertPhones(tx, tenantId, reporter);
}

function columnsOf(reporter: Reporter) {
  return {
    name: reporter.name,
    permissions: reporter.permissions,
    confirmation: reporter.confirmation,
    undo_window_seconds: reporter.undoWindowSeconds,
    pin_hash: reporter.pinHash,
    active: reporter.active,
    tags: reporter.tags,
  };
}

async function insertPhones(tx: Tx, tenantId: string, reporter: Reporter): Promise<void> {
  if (reporter.phones.length === 0) return;
  await tx.q
    .insertInto("reporter_phones")
    .values(reporter.phones.map((phone) => ({ tenant_id: tenantId, phone, reporter_id: reporter.id })))
    .execute();
}

/** Answers false when there was no such reporter. What they did stays in the log, under their name. */
export async function deleteReporter(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const gone = await tx.q
    .deleteFrom("reporters")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (gone.numDeletedRows === 0n) return false;
  await tx.q.deleteFrom("reporter_states").where("reporter_id", "=", id).execute();
  return true;
}

export async function reporterById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<StoredReporter | null> {
  const row = await reader.q
    .selectFrom("reporters")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) return null;
  const phones = await phonesOf(reader, [id]);
  return { ...toReporter(row, phones.get(id) ?? []), createdAt: row.created_at, updatedAt: row.updated_at };
}

/** Newest first. */
export async function listReporters(
  reader: Reader,
  tenantId: string,
  options: { after: string | null; limit: number; active?: boolean; phone?: string },
): Promise<StoredReporter[]> {
  let query = reader.q.selectFrom("reporters").selectAll().where("tenant_id", "=", tenantId);
  const { after, limit, active, phone } = options;
  if (after !== null) query = query.where("id", "<", after);
  if (active !== undefined) query = query.where("active", "=", active);
  if (phone !== undefined) {
    query = query.where("id", "in", (from) =>
      from
        .selectFrom("reporter_phones")
        .select("reporter_id")
        .where("tenant_id", "=", tenantId)
        .where("phone", "=", phone),
    );
  }
  const rows = await query.orderBy("id", "desc").limit(limit).execute();
  const phones = await phonesOf(
    reader,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    ...toReporter(row, phones.get(row.id) ?? []),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** Which of these numbers belong to another reporter, and to whom. */
export function phoneOwners(
  reader: Reader,
  tenantId: string,
  phones: string[],
  exceptId: string,
): Promise<{ phone: string; reporterId: string; name: string }[]> {
  return reader.run(
    "reporters-phone-owners",
    `select p.phone, r.id as "reporterId", r.name
     from reporter_phones p join reporters r on r.id = p.reporter_id
     where p.tenant_id = $1 and p.phone = any($2) and p.reporter_id <> $3`,
    [tenantId, phones, exceptId],
  );
}

async function phonesOf(reader: Reader, ids: string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.run<{ id: string; phones: string[] }>(
    "reporters-phones",
    `select reporter_id as id, array_agg(phone order by phone) as phones
     from reporter_phones where reporter_id = any($1) group by reporter_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.phones]));
}
