import { afterAll, beforeAll, expect, test } from "vitest";
import { addSpend, budgetDays, noteTold } from "../../src/store/budgets.ts";
import type { TripRow } from "../../src/store/guards.ts";
import { listTrips, writeTrips } from "../../src/store/guards.ts";
import { purgeOld } from "../../src/store/retention.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
  await database.transact((tx) => createTenant(tx, { id: "ten_1", slug: "t", name: "T", settings: {} }));
});
afterAll(() => database.close());

const DAY_MS = 86_400_000;

function tripAt(id: string, at: number, over: Partial<TripRow> = {}): TripRow {
  return {
    ...{
      tenantId: "ten_1",
      id,
      at: new Date(at).toISOString(),
      rule: "L3",
      channelId: "chn_1",
      address: "64600",
    },
    ...{
      phone: "+14155550101",
      counter: 4,
      limit: 3,
      textHash: 4_294_967_295,
      withheld: "text",
      told: false,
    },
    ...{ endsAt: new Date(at + 3_600_000).toISOString(), ...over },
  };
}

const all = async (phone?: string) =>
  (await listTrips(database, "ten_1", { filter: { phone }, now: new Date(), after: null, limit: 100 })).rows;

test("a trip is one row however often it holds back, in one batch or in several", async () => {
  const now = Date.now();
  const write = (...rows: TripRow[]) => database.transact((tx) => writeTrips(tx, rows));
  await write(
    tripAt("gtr_1", now),
    tripAt("gtr_2", now),
    tripAt("gtr_1", now + 5_000, { counter: 5, told: true }),
  );
  await write(tripAt("gtr_1", now + 9_000, { counter: 6 }));
  await write();
  expect(await all()).toMatchObject([
    { id: "gtr_2", times: 1, counter: 4, told: false },
    { id: "gtr_1", times: 3, counter: 6, told: true, textHash: 4_294_967_295, at: new Date(now) },
  ]);
  expect((await all())[1]?.lastAt).toEqual(new Date(now + 9_000));
  expect((await all())[1]?.endsAt).toEqual(new Date(now + 9_000 + 3_600_000));
});

test("trips and sums of days go after 30 days", async () => {
  const old = Date.now() - 31 * DAY_MS;
  await database.transact((tx) => writeTrips(tx, [tripAt("gtr_0", old, { phone: "+14155550199" })]));
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const spend = { tenantId: "ten_1", address: "64600", segments: 1 };
  await addSpend(database, [
    { ...spend, day: dayOf(old - DAY_MS) },
    { ...spend, day: dayOf(Date.now()) },
  ]);
  await purgeOld(database, () => false);
  expect(await all("+14155550199")).toEqual([]);
  expect(await all("+14155550101")).toHaveLength(2);
  const days = [dayOf(old - DAY_MS), dayOf(Date.now())];
  expect(await budgetDays(database, ["ten_1", "ten_1"], days)).toMatchObject([{ segments: 1 }]);
});

test("sums of two workers add up, and only one of them tells", async () => {
  const row = { tenantId: "ten_1", address: "64601", day: "2026-01-15" };
  const tell = (percent: number) => database.transact((tx) => noteTold(tx, { ...row, percent }));
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      addSpend(database, [
        { ...row, segments: 2 },
        { ...row, address: `6460${i % 2}`, segments: 1 },
      ]),
    ),
  );
  const [first] = (await budgetDays(database, ["ten_1"], [row.day])).filter(
    (one) => one.address === row.address,
  );
  expect(first?.segments).toBe(50);
  const told = await Promise.all([tell(80), tell(80), tell(80)]);
  expect(told.filter(Boolean)).toHaveLength(1);
  expect([await tell(100), await tell(80)]).toEqual([true, false]);
});
