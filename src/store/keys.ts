import type { KeyRole } from "../domain/roles.ts";
import type { Reader, Tx } from "./database.ts";

export interface KeyOwner {
  id: string;
  tenantId: string;
  tenantActive: boolean;
  name: string;
  role: KeyRole;
}

/** Whose key has this hash; null when unknown or revoked. */
export async function keyByHash(reader: Reader, hash: Buffer): Promise<KeyOwner | null> {
  const rows = await reader.run<KeyOwner>(
    "keys-by-hash",
    `select k.id, k.tenant_id as "tenantId", t.active as "tenantActive", k.name, k.role
     from api_keys k join tenants t on t.id = k.tenant_id where k.hash = $1 and k.revoked_at is null`,
    [hash],
  );
  return rows[0] ?? null;
}

export async function insertKey(
  tx: Tx,
  key: { id: string; tenantId: string; name: string; role: KeyRole; hash: Buffer; hint: string },
): Promise<void> {
  await tx.q
    .insertInto("api_keys")
    .values({
      id: key.id,
      tenant_id: key.tenantId,
      name: key.name,
      role: key.role,
      hash: key.hash,
      hint: key.hint,
    })
    .execute();
}

export interface StoredKey {
  id: string;
  name: string;
  role: KeyRole;
  hint: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export function listKeys(
  reader: Reader,
  tenantId: string,
  after: string | null,
  limit: number,
): Promise<StoredKey[]> {
  let query = reader.q
    .selectFrom("api_keys")
    .select(["id", "name", "role", "hint", "created_at as createdAt", "last_used_at as lastUsedAt"])
    .where("tenant_id", "=", tenantId)
    .where("revoked_at", "is", null);
  if (after !== null) query = query.where("id", "<", after);
  return query.orderBy("id", "desc").limit(limit).$castTo<StoredKey>().execute();
}

/** Answers false when there was no such key. */
export async function revokeKey(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const gone = await tx.q
    .updateTable("api_keys")
    .set({ revoked_at: new Date() })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return gone.numUpdatedRows > 0n;
}

/** Notes the use of a key, at most once a minute. */
export async function touchKey(reader: Reader, id: string): Promise<void> {
  await reader.run(
    "keys-touch",
    `update api_keys set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id],
  );
}

/** Whether a key of this name was ever made, revoked ones included. */
export async function hasKeyNamed(reader: Reader, tenantId: string, name: string): Promise<boolean> {
  const rows = await reader.q
    .selectFrom("api_keys")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("name", "=", name)
    .limit(1)
    .execute();
  return rows.length > 0;
}
