import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());

test("a connection that is lost while a transaction thinks fails the transaction and nothing else", async () => {
  const thinking = database.transact(async (tx) => {
    const [own] = await tx.run<{ pid: number }>("t-pid", "select pg_backend_pid() as pid");
    await database.run("t-kill", "select pg_terminate_backend($1, 5000)", [own?.pid]);
    // Long enough for the news to arrive while no statement of this connection is under way.
    for (let i = 0; i < 20; i++) await database.run("t-other", "select 1");
    return tx.run("t-next", "select 1");
  });
  await expect(thinking).rejects.toThrow(/terminat|not queryable/);
  expect(await database.run("t-after", "select 1 as one")).toEqual([{ one: 1 }]);
});
