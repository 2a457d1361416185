import type { Database } from "./database.ts";

/*
 * What PostgreSQL knows of our tables. A plan made while a table was empty looks for a message by any index that
 * has its tenant, and is kept; only news of the table has it made again. The server looks once a minute by itself,
 * and a flood into a new installation is over by then.
 */

/** Smaller ones are read in no time whatever the plan, pages. */
const SMALL = 16;
/** News is due when a table has grown so many times over. */
const GROWN = 4;

/** Has tables looked at that have grown far beyond what was last known of them. Answers which. */
export async function learnGrowth(database: Database): Promise<string[]> {
  const grown = await database.run<{ name: string }>(
    "statistics-grown",
    `select relname as name from pg_class
     where relkind = 'r' and relnamespace = current_schema()::regnamespace
       and pg_relation_size(oid) / current_setting('block_size')::int > $1 * greatest(relpages, $2)`,
    [GROWN, SMALL],
  );
  for (const { name } of grown) {
    // Another process may be at it.
    await database.run(`statistics-of-${name}`, `analyze (skip_locked) "${name}"`);
  }
  return grown.map(({ name }) => name);
}
