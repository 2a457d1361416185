import { afterAll, beforeAll, test } from "vitest";
import { rows } from "../router/acceptance.ts";
import { runRow } from "../router/acceptance-runner.ts";
import type { StoreWorld } from "../support/store-world.ts";
import { openStoreWorld } from "../support/store-world.ts";

/** The acceptance table of docs/commands.md through the real doors, workers and database. */

let world: StoreWorld;
beforeAll(async () => {
  world = await openStoreWorld();
});
afterAll(() => world.close());

test.each(rows.map((row) => [row.id, row] as const))("%s", async (_id, row) => {
  await runRow(world, row);
});
