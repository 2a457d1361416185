import { afterEach, beforeEach, expect, test } from "vitest";
import { dropEndpoint, endpointById } from "../../src/store/endpoints.ts";
import { disableEndpoint } from "../../src/store/hook-lanes.ts";
import { expireHooks } from "../../src/store/hook-queue.ts";
import { insertEvents } from "../../src/store/routing.ts";
import type { HookWorld } from "../support/hook-world.ts";
import { openHookWorld } from "../support/hook-world.ts";

/** Endpoints that change in the very moment in which something is written for them. */

let world: HookWorld;
beforeEach(async () => {
  world = await openHookWorld();
});
afterEach(() => world.close());

const URL = "https://hooks.example.com/";

/** Writes an event, and lets `meanwhile` happen before it is committed. */
async function fireWhile(meanwhile: () => Promise<unknown>): Promise<void> {
  await world.database.transact(async (tx) => {
    await insertEvents(tx, world.alerts(1));
    await meanwhile();
  });
}

const states = async () => (await world.deliveries()).map((row) => row.state);

test("what is written for an endpoint while it is deleted is cancelled, and waits for nobody", async () => {
  const { id } = await world.endpoint({ url: URL });
  await fireWhile(() =>
    world.database.transact(async (tx) => {
      const row = await endpointById(tx, world.tenantId, id);
      if (row) await dropEndpoint(tx, row);
    }),
  );
  expect(await states()).toEqual(["waiting"]);
  await world.work();
  await world.until((rows) => rows.every((row) => row.state === "cancelled"));
});

test("what is written for an endpoint while it is disabled is held, and does not grow old", async () => {
  const { id } = await world.endpoint({ url: URL });
  await fireWhile(() => world.database.transact((tx) => disableEndpoint(tx, id, "gone")));
  expect(await states()).toEqual(["waiting"]);
  await world.work();
  await world.until((rows) => rows.every((row) => row.state === "held"));
  await world.database.run("test-old", "update hook_queue set created_at = now() - interval '8 days'");
  expect(await expireHooks(world.database, 7, 100)).toBe(0);
});

test("disabling does not wait for a long backlog, and all of it is held all the same", async () => {
  const { id } = await world.endpoint({ url: URL });
  await world.database.run(
    "test-backlog",
    `insert into hook_queue (id, tenant_id, endpoint_id, state)
     select 'dlv_' || i, $1, $2, 'waiting' from generate_series(1, 3500) i`,
    [world.tenantId, id],
  );
  await world.database.transact((tx) => disableEndpoint(tx, id, "gone"));
  const held = async () => {
    const rows = await world.database.run<{ count: number }>(
      "test-held",
      "select count(*)::int as count from hook_queue where state = 'held'",
    );
    return rows[0]?.count ?? 0;
  };
  expect(await held()).toBe(1_000);
  await world.work();
  await expect.poll(held, { timeout: 20_000 }).toBe(3_500);
});
