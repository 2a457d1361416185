import type { Reader, Tx } from "./database.ts";

/** Links that let the first person in. Their tokens are known to nobody but those who saw them printed. */

export async function insertSetupLink(tx: Tx, tenantId: string, tokenHash: Buffer): Promise<void> {
  await tx.q.insertInto("setup_links").values({ token_hash: tokenHash, tenant_id: tenantId }).execute();
}

/** The tenant a link sets up; null = it is not one of ours, or was used. */
export async function setupLinkTenant(
  reader: Reader,
  tokenHash: Buffer,
): Promise<{ tenantId: string; tenantName: string } | null> {
  const row = await reader.q
    .selectFrom("setup_links as s")
    .innerJoin("tenants as t", "t.id", "s.tenant_id")
    .select(["t.id as tenantId", "t.name as tenantName"])
    .where("s.token_hash", "=", tokenHash)
    .executeTakeFirst();
  return row ?? null;
}

/** Makes every link of a tenant worthless. */
export async function deleteSetupLinks(tx: Tx, tenantId: string): Promise<void> {
  await tx.q.deleteFrom("setup_links").where("tenant_id", "=", tenantId).execute();
}
