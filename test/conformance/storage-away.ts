import pg from "pg";
import { inject } from "vitest";

/** Cuts all connections to a database and lets no new ones in. Answers how to end that. */
export async function takeAway(databaseUrl: string): Promise<() => Promise<void>> {
  const name = new URL(databaseUrl.replace(/@[^/]*\//, "@host/")).pathname.slice(1);
  if (!/^t_[0-9a-f]+$/.test(name)) throw new Error(`${name} is not a database of a test`);
  const client = new pg.Client(inject("postgres"));
  await client.connect();
  await client.query(`alter database ${name} with allow_connections false`);
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  return async () => {
    await client.query(`alter database ${name} with allow_connections true`);
    await client.end();
  };
}
