import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { claimArrivals, countFault, keepArrivals } from "../../src/store/inbox.ts";
import { arrivalOf, openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.run("t-clean", "truncate arrivals, inbox");
});

describe("keeping", () => {
  test("a repeat is answered alike, counted, and queued once", async () => {
    const [first] = await keepArrivals(database, [arrivalOf({ from: "+1", key: "a" })]);
    const [again] = await keepArrivals(database, [arrivalOf({ from: "+1", key: "a" })]);
    expect(first).toMatchObject({ fresh: true });
    expect(again).toEqual({ seq: first?.seq, fresh: false });
    const rows = await database.run<{ deliveries: number; queued: number }>(
      "t-count",
      "select deliveries, (select count(*)::int from inbox) as queued from arrivals",
    );
    expect(rows).toEqual([{ deliveries: 2, queued: 1 }]);
  });

  test("a repeat within one batch counts too", async () => {
    const kept = await keepArrivals(database, [
      arrivalOf({ from: "+1", key: "a" }),
      arrivalOf({ from: "+2", key: "b" }),
      arrivalOf({ from: "+1", key: "a" }),
    ]);
    expect(kept.map((item) => item.fresh)).toEqual([true, true, false]);
    expect(kept[2]?.seq).toBe(kept[0]?.seq);
  });

  test("the same key on another channel is another arrival", async () => {
    const kept = await keepArrivals(database, [
      arrivalOf({ from: "+1", key: "a" }),
      arrivalOf({ from: "+1", key: "a", channelId: "chn_2" }),
    ]);
    expect(kept.every((item) => item.fresh)).toBe(true);
  });

  test("what was not understood is kept and not queued", async () => {
    await keepArrivals(database, [{ ...arrivalOf({ from: "+1" }), arrival: null, aside: "no JSON" }]);
    const claimed = await database.transact((tx) => claimArrivals(tx, 10));
    expect(claimed).toEqual([]);
  });
});

describe("claiming", () => {
  test("two workers never hold texts of one person at once, and each sees them in order", async () => {
    const senders = Array.from({ length: 40 }, (_, i) => `+1415555${String(i).padStart(4, "0")}`);
    for (let round = 0; round < 10; round++) {
      await keepArrivals(
        database,
        senders.map((from) => arrivalOf({ from, text: String(round) })),
      );
    }
    const seen = new Map<string, string[]>();
    const workers = [0, 0];
    async function work(worker: number): Promise<void> {
      for (;;) {
        const count = await database.transact(async (tx) => {
          const claimed = await claimArrivals(tx, 7);
          for (const { arrival } of claimed) {
            if (arrival.kind !== "message") continue;
            seen.set(arrival.from, [...(seen.get(arrival.from) ?? []), arrival.text]);
          }
          const seqs = claimed.map((row) => row.seq);
          await tx.run("t-finish", "delete from inbox where seq = any($1)", [seqs]);
          return claimed.length;
        });
        workers[worker] = (workers[worker] ?? 0) + count;
        const [left] = await database.run<{ count: number }>(
          "t-left",
          "select count(*)::int as count from inbox",
        );
        if (left?.count === 0) return;
      }
    }
    await Promise.all([work(0), work(1)]);
    const inOrder = Array.from({ length: 10 }, (_, i) => String(i));
    for (const from of senders) expect(seen.get(from)).toEqual(inOrder);
    expect(workers[0]).toBeGreaterThan(0);
    expect(workers[1]).toBeGreaterThan(0);
  });

  test("a conversation in which STOP waits is worked on before older ones, in its own order", async () => {
    const crowd = Array.from({ length: 400 }, (_, i) => `+1415556${String(i).padStart(4, "0")}`);
    await keepArrivals(
      database,
      crowd.map((from) => arrivalOf({ from })),
    );
    for (const text of ["open gate 5", "please stop it", " Stop! "]) {
      await keepArrivals(database, [arrivalOf({ from: "+14155550101", text })]);
    }
    const claimed = await database.transact((tx) => claimArrivals(tx, 40));
    const hers = claimed.flatMap(({ arrival }) =>
      arrival.kind === "message" && arrival.from === "+14155550101" ? [arrival.text] : [],
    );
    expect(hers).toEqual(["open gate 5", "please stop it", " Stop! "]);
    // The rest of the claim is the oldest of all.
    expect(claimed).toHaveLength(40);
    expect(claimed[0]?.seq).toBeLessThan(claimed.at(-1)?.seq ?? 0);
  });

  test("a claim that is rolled back is free again", async () => {
    await keepArrivals(database, [arrivalOf({ from: "+1" })]);
    const broken = database.transact(async (tx) => {
      expect(await claimArrivals(tx, 10)).toHaveLength(1);
      throw new Error("the process dies");
    });
    await expect(broken).rejects.toThrow("the process dies");
    expect(await database.transact((tx) => claimArrivals(tx, 10))).toHaveLength(1);
  });

  test("after three faults an arrival is set aside, off the work list", async () => {
    const [kept] = await keepArrivals(database, [arrivalOf({ from: "+1" })]);
    const seq = kept?.seq ?? 0;
    const asides: boolean[] = [];
    for (let i = 0; i < 3; i++) {
      asides.push(await database.transact((tx) => countFault(tx, seq, "routing failed: x", 3)));
    }
    expect(asides).toEqual([false, false, true]);
    expect(await database.transact((tx) => claimArrivals(tx, 10))).toEqual([]);
  });
});
