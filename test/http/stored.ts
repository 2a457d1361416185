import pg from "pg";
import { newId } from "../../src/domain/ids.ts";
import { makeApiKey } from "../../src/http/api/keys.ts";
import { insertKey } from "../../src/store/keys.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { hashKey } from "../../src/tools/secrets.ts";
import type { Program } from "../support/program.ts";

/** Everything the database holds, as text: what must not be there in clear is looked for in it. */
export async function databaseText(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  const tables = await client.query("select tablename from pg_tables where schemaname = 'public'");
  let all = "";
  for (const { tablename } of tables.rows) {
    const rows = await client.query(`select t::text as row from "${tablename}" t`);
    all += rows.rows.map((row) => row.row).join("\n");
  }
  await client.end();
  return all;
}

/** The key of an owner of another account in the same program. */
export async function otherTenantKey(program: Program): Promise<string> {
  const key = makeApiKey();
  const tenantId = newId("ten");
  const row = { id: newId("key"), name: "Other", hint: key.slice(-4), role: "owner" as const };
  await program.app.database.transact(async (tx) => {
    await createTenant(tx, { id: tenantId, slug: tenantId, name: "Other", settings: {} });
    await insertKey(tx, { ...row, tenantId, hash: hashKey(key) });
  });
  return key;
}
