import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { STATUS_RANK } from "../../src/domain/message.ts";
import { pauseLane, reserveRoute, saveLane } from "../../src/store/lanes.ts";
import { joinAsNode } from "../../src/store/nodes.ts";
import type { Settlement } from "../../src/store/outbox.ts";
import { claimFlights, lostFlights, nextDue, releaseFlights, settleFlights } from "../../src/store/outbox.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.run("t-clean", "truncate outbox, outbox_flights, messages, lanes, events, suppressions");
});

const claim = (limit = 100, node = "node") => claimFlights(database, node, `claim-${Math.random()}`, limit);

async function lane(id: string, over: { concurrency?: number; rate?: number | null } = {}): Promise<void> {
  const { concurrency = 64, rate = null } = over;
  await database.transact((tx) => saveLane(tx, { id, tenantId: "ten_1", concurrency, rate }));
}

/** Puts a text on the work list. */
async function queue(id: string, to: string, over: { lane?: string; priority?: number } = {}): Promise<void> {
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at) values ('ten_1', $1, $2, 'out', 'command_reply', '64600', $3, $3, $1, 1,
       'GSM-7', 'queued', now())`,
    [id, over.lane ?? "lane", to],
  );
  await database.run(
    "t-outbox",
    `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at)
     values ('ten_1', $2, $1, $3, $4, now())`,
    [id, over.lane ?? "lane", to, over.priority ?? 1],
  );
}

type Flights = Awaited<ReturnType<typeof claimFlights>>;

function settlement(flight: Flights[number], over: Partial<Settlement> = {}): Settlement {
  const { seq, claim: held, tenantId, lane: laneId, conversation, priority, message } = flight;
  return {
    ...{ seq, claim: held, tenantId, lane: laneId, conversation, priority, messageId: message.id },
    ...{
      status: "handed_over",
      flag: null,
      providerMessageId: "p1",
      error: null,
      attempt: { outcome: "accepted" },
    },
    ...{ at: new Date().toISOString(), again: null, events: [], accepted: true, pollAfterMs: null },
    ...{ lookUpAfterMs: null, move: null, providerSegments: null },
    ...over,
  };
}

const statusOf = async (id: string) => {
  const rows = await database.run<{ status: string; flags: string[]; attempts: { late?: boolean }[] }>(
    "t-status",
    "select status, flags, attempts from messages where id = $1",
    [id],
  );
  return rows[0];
};

describe("claiming", () => {
  test("answers before broadcasts, then first come first served", async () => {
    await lane("lane");
    await queue("m1", "+1", { priority: 4 });
    await queue("m2", "+2");
    await queue("m3", "+3");
    expect((await claim()).map((flight) => flight.message.id)).toEqual(["m2", "m3", "m1"]);
  });

  test("a backlog in one lane does not starve another", async () => {
    await lane("busy");
    await lane("calm");
    for (let i = 0; i < 50; i++) await queue(`b${i}`, `+1${i}`, { lane: "busy" });
    await queue("c", "+2", { lane: "calm" });
    const first = await claim(4);
    expect(first.map((flight) => flight.lane)).toContain("calm");
    expect(first.length).toBeLessThanOrEqual(4);
  });

  test("never more at once than the lane's concurrency, whoever claims", async () => {
    await lane("lane", { concurrency: 3 });
    for (let i = 0; i < 10; i++) await queue(`m${i}`, `+1${i}`);
    const rounds = await Promise.all([claim(), claim(), claim(100, "other")]);
    expect(rounds.flat()).toHaveLength(3);
    expect(await claim()).toHaveLength(0);
  });

  test("a rate lets one through and keeps the rest waiting", async () => {
    await lane("lane", { rate: 0.9 });
    await queue("m1", "+1");
    await queue("m2", "+2");
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toHaveLength(0);
    expect(await nextDue(database)).not.toBeNull();
  });

  test("a text waits while an earlier one to the same person flies or is to be tried again", async () => {
    await lane("lane");
    await queue("m1", "+1");
    const [first] = await claim();
    await queue("m2", "+1");
    expect(await claim()).toEqual([]);
    if (!first) throw new Error("nothing was claimed");
    const again = { afterMs: 60_000, attempts: 1 };
    await settleFlights(database, [settlement(first, { again, status: null, accepted: false })]);
    expect(await claim()).toEqual([]);
  });

  test("texts that are given back stay before what came later, whenever they are due", async () => {
    await lane("lane");
    for (const id of ["m1", "m2"]) await queue(id, "+1");
    const [given] = await claim();
    await queue("m3", "+1");
    await queue("other", "+2");
    // A claim that began a moment before has them due a moment too late.
    await releaseFlights(database, null, given?.claim ?? "", 60_000);
    expect((await claim()).map((flight) => flight.message.id)).toEqual(["other"]);
    await database.run("t-due", "update outbox set due_at = now()");
    const order: string[] = [];
    for (let flights = await claim(); flights.length > 0; flights = await claim()) {
      order.push(...flights.map((flight) => flight.message.id));
      await settleFlights(
        database,
        flights.map((flight) => settlement(flight)),
      );
    }
    expect(order).toEqual(["m1", "m2", "m3"]);
  });

  test("a paused lane gives nothing", async () => {
    await lane("lane");
    await queue("m1", "+1");
    await pauseLane(database, "lane", { milliseconds: 60_000, cause: "rate_limited", reason: "throttled" });
    expect(await claim()).toEqual([]);
  });

  test("of two pauses the one that lasts longer says why", async () => {
    await lane("lane");
    const pauses = [
      { milliseconds: 600_000, cause: "credentials", reason: "credentials: 401" },
      { milliseconds: 1_000, cause: "rate_limited", reason: "throttled: 429" },
    ] as const;
    for (const pause of pauses) await pauseLane(database, "lane", pause);
    const rows = await database.run(
      "t-cause",
      "select pause_cause as cause, pause_reason as reason from lanes",
    );
    expect(rows).toEqual([{ cause: "credentials", reason: "credentials: 401" }]);
  });

  test("says at the claim whether the person has opted out", async () => {
    await lane("lane");
    await queue("m1", "+1");
    await database.run(
      "t-optout",
      `insert into suppressions (tenant_id, phone, address, method, word, since)
       values ('ten_1', '+1', '*', 'text_word', 'stop', now())`,
    );
    expect((await claim())[0]?.suppressed).toBe(true);
  });
});

describe("settling", () => {
  test("an accepted text climbs and leaves the work list", async () => {
    await lane("lane");
    await queue("m1", "+1");
    await settleFlights(
      database,
      (await claim()).map((flight) => settlement(flight)),
    );
    expect(await statusOf("m1")).toMatchObject({ status: "handed_over" });
    expect(await claim()).toEqual([]);
    expect(await database.run("t-flights", "select 1 from outbox_flights")).toEqual([]);
  });

  test("a status never falls: a receipt was faster than the answer", async () => {
    await lane("lane");
    await queue("m1", "+1");
    const flights = await claim();
    await database.run("t-receipt", "update messages set status = 'delivered' where id = 'm1'");
    await settleFlights(
      database,
      flights.map((flight) => settlement(flight)),
    );
    expect(await statusOf("m1")).toMatchObject({ status: "delivered" });
  });

  test("a settle that comes too late only adds to the log", async () => {
    await lane("lane");
    await queue("m1", "+1");
    const [flight] = await claim();
    if (!flight) throw new Error("nothing was claimed");
    await releaseFlights(database, [flight.seq], flight.claim);
    const [taken] = await claim();
    expect(taken?.message.id).toBe("m1");
    const again = { afterMs: 0, attempts: 1 };
    await settleFlights(database, [settlement(flight, { again, status: null, accepted: false })]);
    expect((await statusOf("m1"))?.attempts).toMatchObject([{ late: true }]);
    expect(await claim()).toEqual([]);
  });
});

test("flights of a process are lost only once it is gone", async () => {
  await lane("lane");
  await queue("m1", "+1");
  const dead = await joinAsNode(database, "dead", () => undefined);
  await claim(100, "dead");
  expect(await database.transact((tx) => lostFlights(tx, "me"))).toEqual([]);
  await dead.close();
  const lost = await database.transact((tx) => lostFlights(tx, "me"));
  expect(lost.map((flight) => flight.messageId)).toEqual(["m1"]);
});

test("calls of one route keep their distance over all processes", async () => {
  await database.run(
    "t-tenant",
    `insert into tenants (id, slug, name) values ('ten_1', 'one', 'One') on conflict do nothing`,
  );
  await database.run(
    "t-channel",
    `insert into channels (id, tenant_id, provider, name, address, token)
     values ('chn_pace', 'ten_1', 'mobiniti', 'M', '64600', 'tok') on conflict do nothing`,
  );
  const waits = await Promise.all(
    [1, 2, 3].map(() => reserveRoute(database, "chn_pace", "GET /contacts", 1_050)),
  );
  const sorted = waits.sort((one, other) => one - other);
  expect(sorted[0]).toBe(0);
  expect(sorted[1]).toBeGreaterThan(900);
  expect(sorted[2]).toBeGreaterThan(1_950);
  expect(await reserveRoute(database, "chn_pace", "POST /message", 1_050)).toBe(0);
});

test("the ladder of the database is the ladder of the program", async () => {
  const rows = await database.run<{ status: string; rank: number }>(
    "t-ladder",
    "select s as status, status_rank(s) as rank from unnest($1::text[]) s",
    [Object.keys(STATUS_RANK)],
  );
  expect(Object.fromEntries(rows.map((row) => [row.status, row.rank]))).toEqual(STATUS_RANK);
});
