import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { channel as simulator } from "../../src/channels/simulator.ts";
import type { ActiveChannel } from "../../src/channels/types.ts";
import type { MessageKind } from "../../src/domain/message.ts";
import { MESSAGE_KINDS } from "../../src/domain/message.ts";
import type { BudgetSettings } from "../../src/domain/settings.ts";
import { releaseDay } from "../../src/store/budgets.ts";
import { saveLane } from "../../src/store/lanes.ts";
import { emptyBatch, writeRouted } from "../../src/store/routing.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { createLog } from "../../src/tools/log.ts";
import { createMetrics } from "../../src/tools/metrics.ts";
import { createOutboxCounters } from "../../src/workers/outbox/counters.ts";
import type { OutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import { startOutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import type { TestClock } from "../support/program.ts";
import { createTestClock, until } from "../support/program.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;
let worker: OutboxWorker;
let clock: TestClock;
let sent: string[];
let texts = 0;

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.run(
    "t-clean",
    "truncate outbox, outbox_flights, messages, lanes, events, tenants, budget_days, guard_trips cascade",
  );
  clock = createTestClock();
  sent = [];
});
afterEach(() => worker.stop(1_000));

function channelOf(address: string): ActiveChannel {
  const send = async ({ text }: { text: string }) => {
    sent.push(text);
    return { kind: "accepted", providerMessageId: null, status: "handed_over" } as const;
  };
  return {
    ...{ id: `lane-${address}`, tenantId: "ten_1", provider: { ...simulator, send }, name: address, address },
    ...{ country: "US", settings: {}, token: "t", isDefault: true, rate: null, tags: [] },
    ...{ fallbackId: null, brand: "Peak" },
  };
}

const channels = ["64600", "64601"].map(channelOf);
const memory = { get: async () => null, put: async () => undefined, drop: async () => undefined };

async function start(budgets: Partial<BudgetSettings>, timeZone = "UTC"): Promise<void> {
  await database.transact(async (tx) => {
    const settings = { budgets, board: { timeZone } };
    await createTenant(tx, { id: "ten_1", slug: "peak", name: "Peak", settings });
    for (const { id } of channels) await saveLane(tx, { id, tenantId: "ten_1", concurrency: 8, rate: null });
  });
  work();
}

function work(): void {
  worker = startOutboxWorker({
    ...{ database, node: "node", clock, random: () => 0, onEvents: () => undefined },
    log: createLog({ level: "silent", pretty: false }),
    channels: { byId: (id) => channels.find((one) => one.id === id) ?? null, refresh: async () => undefined },
    routeOf: (channel) => ({ ...channel, memory, doorUrl: () => "http://127.0.0.1/in/t" }),
    out: { call: () => Promise.reject(new Error("nothing is called here")), pace: () => Promise.resolve() },
    counters: createOutboxCounters(createMetrics("0")),
  });
}

interface Order {
  kind?: MessageKind;
  segments?: number;
  from?: string;
  ruleId?: string | null;
}

/** Queues a text and waits until its fate is known. */
async function send(
  ...orders: Order[]
): Promise<{ status: string; error: { code: string; text: string } | null }[]> {
  const batch = emptyBatch();
  const ids = orders.map(({ kind = "auto_reply", segments = 1, from = "64600", ruleId = null }) => {
    texts += 1;
    const id = `msg_${String(texts).padStart(8, "0")}`;
    const createdAt = new Date(clock.now()).toISOString();
    batch.messages.push({
      ...{
        tenantId: "ten_1",
        kind,
        phone: `+1415555${1000 + texts}`,
        providerMessageId: null,
        arrivalSeq: null,
      },
      ...{ expiresAt: null, history: [] },
      view: {
        ...{ id, channelId: `lane-${from}`, direction: "out", from, to: `+1415555${1000 + texts}`, text: id },
        ...{ media: [], segments, encoding: "GSM-7", status: "queued", ref: null, contactId: null },
        ...{ commandId: null, ruleId, createdAt },
      },
    });
    const lane = `lane-${from}`;
    const { priority } = MESSAGE_KINDS[kind];
    batch.outbox.push({
      ...{ tenantId: "ten_1", lane, messageId: id, conversation: id, priority, expiresAt: null },
    });
    return id;
  });
  await database.transact((tx) => writeRouted(tx, batch));
  worker.wake();
  return until(`${ids.length} texts to be settled`, async () => {
    const rows = await database.run<{ status: string; error: { code: string; text: string } | null }>(
      "t-settled",
      "select status, error from messages where id = any($1) and status <> 'queued' order by id",
      [ids],
    );
    return rows.length === ids.length && rows;
  });
}

const codes = (fates: Awaited<ReturnType<typeof send>>) =>
  fates.map(({ status, error }) => error?.code ?? status);
const alerts = () =>
  database.run<{ text: string }>(
    "t-alerts",
    "select data->>'text' as text from events where type = 'alert' and data->>'code' = 'budget' order by id",
  );
const trips = () =>
  database.run<{ rule: string; address: string; times: number }>(
    "t-trips",
    `select rule, address, counter, "limit", times from guard_trips order by address`,
  );

test.each<[MessageKind, string]>([
  ["compliance", "handed_over"],
  ["command_reply", "budget"],
  ["auto_reply", "budget"],
  ["conversation", "handed_over"],
  ["notification", "budget"],
])("with the budget used up, %s: %s; and it counts", async (kind, fate) => {
  await start({ perAddress: { segments: 2, money: null } });
  expect(codes(await send({ kind, segments: 2 }))).toEqual(["handed_over"]);
  expect(codes(await send({ kind }))).toEqual([fate]);
  expect(codes(await send({}))).toEqual(["budget"]);
});

test("the reason is kept on the message, told as an event, and the text goes no further", async () => {
  await start({ perAddress: { segments: 1, money: null } }, "America/Denver");
  await send({});
  const [fate] = await send({});
  expect(fate?.status).toBe("failed");
  expect(fate?.error).toMatchObject({
    code: "budget",
    text: "The budget of 64600 for today, 1 segment, is used up. Automatic replies leave again from 00:00 (America/Denver).",
  });
  const events = await database.run<{ data: { stage: string } }>(
    "t-rejected",
    "select data from events where type = 'message.rejected'",
  );
  expect(events).toMatchObject([{ data: { stage: "budget", error: { code: "budget" } } }]);
  expect(sent).toHaveLength(1);
});

test("one notice at 80 %, one when it is used up; the trip counts what was held back", async () => {
  await start({ perAddress: { segments: 10, money: null } });
  await send({ segments: 7 });
  expect(await alerts()).toEqual([]);
  await send({ segments: 1 });
  await until("the notice", async () => (await alerts()).length === 1);
  expect(await alerts()).toEqual([
    { text: "64600: 80 % of the budget for today is used (8 of 10 segments)." },
  ]);
  await send({ segments: 1 });
  expect(codes(await send({ segments: 2 }, { segments: 2 }))).toEqual(["budget", "budget"]);
  await send({ segments: 2 });
  expect(await alerts()).toHaveLength(2);
  expect(await trips()).toMatchObject([{ rule: "L9", address: "64600", limit: 10, times: 3 }]);
  // What still fits leaves.
  expect(codes(await send({ segments: 1 }))).toEqual(["handed_over"]);
});

test("texts given back while nobody could be told of the budget use none of it", async () => {
  await start({ perAddress: { segments: 10, money: null } });
  await database.run("t-count", "create sequence t_fails");
  await database.run(
    "t-deaf",
    `create function t_fail() returns trigger language plpgsql as
     $$ begin perform nextval('t_fails'); raise exception 'not now' using errcode = '57P03'; end $$`,
  );
  await database.run(
    "t-deaf-trigger",
    "create trigger t_fail before insert on events for each row when (new.type = 'alert') execute function t_fail()",
  );
  await send({ segments: 8 });
  const fate = send({});
  await until("several claims to be given back", async () => {
    const [row] = await database.run<{ fails: number }>("t-fails", "select last_value as fails from t_fails");
    return row && row.fails >= 5;
  });
  await database.run("t-hear", "drop trigger t_fail on events");
  expect(codes(await fate)).toEqual(["handed_over"]);
});

test("many texts at once do not overdraw", async () => {
  await start({ perDay: { segments: 10, money: null } });
  const fates = codes(await send(...Array.from({ length: 40 }, () => ({}))));
  expect(fates.filter((fate) => fate === "handed_over")).toHaveLength(10);
  expect(fates.filter((fate) => fate === "budget")).toHaveLength(30);
});

test("each address has its own budget, and all together one", async () => {
  const limits = { segments: 3, money: null };
  await start({
    perDay: { segments: 5, money: null },
    perAddress: limits,
    addresses: { "64601": { segments: 4, money: null, pricePerSegment: null } },
  });
  expect(codes(await send({ segments: 3 }))).toEqual(["handed_over"]);
  expect(codes(await send({}))).toEqual(["budget"]);
  expect(codes(await send({ segments: 2, from: "64601" }))).toEqual(["handed_over"]);
  expect(codes(await send({ from: "64601" }))).toEqual(["budget"]);
  expect((await trips()).map(({ address }) => address)).toEqual(["*", "64600"]);
});

test("in money, by the price of the address", async () => {
  await start({
    perAddress: { segments: null, money: 0.05 },
    pricePerSegment: 0.01,
    addresses: { "64601": { segments: null, money: 0.05, pricePerSegment: 0.02 } },
  });
  expect(codes(await send({ segments: 5 }, { segments: 2, from: "64601" }))).toEqual([
    "handed_over",
    "handed_over",
  ]);
  expect(codes(await send({}, { from: "64601" }))).toEqual(["budget", "budget"]);
});

test("replies to commands may be let go on", async () => {
  await start({ perAddress: { segments: 1, money: null }, commandReplies: "leave" });
  expect(codes(await send({ kind: "command_reply" }))).toEqual(["handed_over"]);
  expect(codes(await send({ kind: "command_reply" }))).toEqual(["handed_over"]);
  expect(codes(await send({}))).toEqual(["budget"]);
});

test("a release lifts it for the day, the next day begins anew, and a restart forgets nothing", async () => {
  await start({ perAddress: { segments: 1, money: null } });
  await send({});
  await worker.stop(1_000);
  work();
  expect(codes(await send({}))).toEqual(["budget"]);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  await database.transact((tx) =>
    releaseDay(tx, { tenantId: "ten_1", address: "64600", day }, new Date(clock.now())),
  );
  expect(codes(await send({}))).toEqual(["handed_over"]);
  clock.advance(24 * 3_600);
  expect(codes(await send({}))).toEqual(["handed_over"]);
  expect(codes(await send({}))).toEqual(["budget"]);
});

test("without a budget nothing is held back, and what leaves is counted", async () => {
  await start({});
  await send({ segments: 3 }, { segments: 2, from: "64601" });
  const counted = () =>
    database.run<{ address: string; segments: number }>(
      "t-counted",
      "select address, segments::int as segments from budget_days order by address",
    );
  await until("the sums", async () => (await counted()).length === 2);
  expect(await counted()).toEqual([
    { address: "64600", segments: 3 },
    { address: "64601", segments: 2 },
  ]);
});

test("each rule has a budget of its own, whatever the address, and counts once for all together", async () => {
  const limits = { perRule: { segments: 2, money: null }, perDay: { segments: 5, money: null } };
  await start(limits);
  await database.run(
    "t-rule",
    `insert into rules (tenant_id, id, name, priority, match, actions)
     values ('ten_1', 'rule_a', 'Hours', 1, '{}', '[]')`,
  );
  const [a, b] = [{ ruleId: "rule_a" }, { ruleId: "rule_b" }];
  expect(codes(await send(a))).toEqual(["handed_over"]);
  expect(codes(await send({ ...a, from: "64601" }))).toEqual(["handed_over"]);
  const [refused] = await send(a);
  expect(refused?.error).toMatchObject({
    code: "budget",
    text: "The budget of this rule for today, 2 segments, is used up. Automatic replies leave again from 00:00 (UTC).",
  });
  expect(codes(await send(b, b))).toEqual(["handed_over", "handed_over"]);
  // Four so far: a fifth fits, and then nothing does.
  expect(codes(await send({}))).toEqual(["handed_over"]);
  expect(codes(await send({}))).toEqual(["budget"]);
  const told = (await alerts()).map(({ text }) => text);
  expect(told[0]).toContain('The budget of the rule "Hours" for today');
  expect(told.some((text) => text.includes("all addresses together"))).toBe(true);
});
