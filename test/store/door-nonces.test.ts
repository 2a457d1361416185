import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { OnceRequest } from "../../src/store/door-nonces.ts";
import { keepOnce } from "../../src/store/door-nonces.ts";
import { keepArrivals } from "../../src/store/inbox.ts";
import { purgeOld } from "../../src/store/retention.ts";
import { arrivalOf, openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.run("t-clean", "truncate arrivals, inbox, door_nonces");
});

function request(once: string[], ...keys: string[]): OnceRequest {
  const arrivals = keys.map((key) => arrivalOf({ from: `+1${key}`, key }));
  return { channelId: arrivalOf({ from: "+1" }).channelId, once, arrivals };
}

async function counted() {
  return database.run<{ kept: number; queued: number; nonces: number }>(
    "t-counted",
    `select (select count(*)::int from arrivals) as kept, (select count(*)::int from inbox) as queued,
       (select count(*)::int from door_nonces) as nonces`,
  );
}

test("answers in the order of the requests, also between repeats", async () => {
  await keepOnce(database, [request(["n1"], "a", "b")]);
  const kept = await keepOnce(database, [
    request(["n2"], "c", "d"),
    request(["n1"], "b", "x"),
    request(["n3"], "a"),
    request(["n2"], "d"),
    request(["n4"]),
  ]);
  expect(kept.map((answers) => answers.map(({ fresh }) => fresh))).toEqual([
    [true, true],
    [false],
    [false],
    [false],
    [],
  ]);
  const rows = await database.run<{ deliveries: number }>(
    "t-deliveries",
    "select deliveries from arrivals order by seq",
  );
  expect(rows.map((row) => row.deliveries)).toEqual([2, 2, 1, 2]);
  expect(await counted()).toEqual([{ kept: 4, queued: 4, nonces: 4 }]);
});

test("one of two nonces that was there before makes it a repeat", async () => {
  await keepOnce(database, [request(["n1", "n2"], "a")]);
  expect(await keepOnce(database, [request(["n2"], "b"), request(["n3", "n1"], "c")])).toEqual([[], []]);
});

test("of many at once with one nonce a single one is kept, however they are committed", async () => {
  const requests = Array.from({ length: 20 }, (_, index) => request(["n1", "n2"], `k${index}`));
  const kept = await Promise.all(requests.map((one) => keepOnce(database, [one])));
  expect(kept.flat(2)).toHaveLength(1);
  expect(await counted()).toEqual([{ kept: 1, queued: 1, nonces: 2 }]);
});

test("what could not be kept has used up nothing", async () => {
  const bad = request(["n1"], "a");
  for (const arrival of bad.arrivals) arrival.client = "\0";
  await expect(keepOnce(database, [bad])).rejects.toThrow();
  expect(await keepOnce(database, [request(["n1"], "a")])).toMatchObject([[{ fresh: true }]]);
});

test("without nonces nothing is noted", async () => {
  await keepArrivals(database, request([], "a").arrivals);
  expect(await counted()).toEqual([{ kept: 1, queued: 1, nonces: 0 }]);
});

test("a secret before is forgotten once its time is over", async () => {
  await database.run(
    "t-channels",
    `with tenant as (insert into tenants (id, slug, name) values ('ten_1', 'one', 'One') returning id)
     insert into channels (id, tenant_id, provider, name, address, token, proof_before, proof_before_until)
     select x.id, tenant.id, 'plivo', 'Plivo', '1', x.id, 'sealed', now() + x.hours * interval '1 hour'
     from tenant, (values ('chn_1', -1), ('chn_2', 1)) x(id, hours)`,
  );
  await purgeOld(database, () => false);
  const rows = await database.run("t-proofs", "select proof_before from channels order by id");
  expect(rows).toEqual([{ proof_before: null }, { proof_before: "sealed" }]);
});

test("nonces are kept for a week", async () => {
  await keepOnce(database, [request(["n6"], "a"), request(["n8"], "b")]);
  await database.run(
    "t-age",
    `update door_nonces set at = now() - case when nonce = substring(sha256('n8') for 16)
       then interval '8 days' else interval '6 days' end`,
  );
  await purgeOld(database, () => false);
  expect(await counted()).toMatchObject([{ nonces: 1 }]);
  expect(await keepOnce(database, [request(["n6"], "c"), request(["n8"], "d")])).toMatchObject([[], [{}]]);
});
