import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./database.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
/** Any constant of ours: processes that start together migrate one after the other. */
const LOCK = 7_226_001;

/** Applies the migrations that are missing, in order, each in a transaction. Answers how many. */
export async function migrate(database: Database): Promise<number> {
  const names = await migrationNames();
  const client = await database.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(
      "create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ name: string }>("select name from migrations");
    const applied = new Set(rows.map((row) => row.name));
    const missing = names.filter((name) => !applied.has(name));
    for (const name of missing) {
      const sql = await readFile(new URL(name, FOLDER), "utf8");
      await client.query(`begin;\n${sql}`);
      await client.query("insert into migrations (name) values ($1)", [name]);
      await client.query("commit");
    }
    return missing.length;
  } finally {
    await client.end();
  }
}

/** Whether the database has all migrations this program knows. */
export async function isMigrated(database: Database): Promise<boolean> {
  const names = await migrationNames();
  const rows = await database.run<{ name: string }>("migrations", "select name from migrations");
  const applied = new Set(rows.map((row) => row.name));
  return names.every((name) => applied.has(name));
}

let known: Promise<string[]> | undefined;

function migrationNames(): Promise<string[]> {
  known ??= readdir(FOLDER).then((files) => files.filter((file) => file.endsWith(".sql")).sort());
  return known;
}
