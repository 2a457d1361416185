import { afterAll, beforeAll, test } from "vitest";
import { rows } from "../router/acceptance.ts";
import { runRow } from "../router/acceptance-runner.ts";
import type { StoreWorld } from "../support/store-world.ts";
import { openStoreWorld } from "../support/store-world.ts";

/**
 * The acceptance table of docs/commands.md through the real doors, workers and database. A row mostly waits, so
 * a few worlds stand side by side; each belongs to one row at a time.
 */

/** No more than vitest runs at once. */
const WORLDS = 5;

const free: StoreWorld[] = [];

beforeAll(async () => {
  for (let i = 0; i < WORLDS; i++) free.push(await openStoreWorld());
});
afterAll(async () => {
  for (const world of free) await world.close();
});

test.concurrent.each(rows.map((row) => [row.id, row] as const))("%s", async (_id, row) => {
  const world = free.pop();
  if (!world) throw new Error("more rows at once than worlds");
  try {
    await runRow(world, row);
  } finally {
    free.push(world);
  }
});
