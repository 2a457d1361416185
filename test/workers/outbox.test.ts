import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { channel as simulator } from "../../src/channels/simulator.ts";
import type { ActiveChannel, SendContext } from "../../src/channels/types.ts";
import type { WayOut } from "../../src/delivery/send-text.ts";
import { sendText } from "../../src/delivery/send-text.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Database, Tx } from "../../src/store/database.ts";
import { saveLane } from "../../src/store/lanes.ts";
import { systemClock } from "../../src/tools/clock.ts";
import { createLog } from "../../src/tools/log.ts";
import { createMetrics } from "../../src/tools/metrics.ts";
import { createOutboxCounters } from "../../src/workers/outbox/counters.ts";
import type { OutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import { startOutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import { until } from "../support/program.ts";
import { openStore } from "../support/store.ts";

let database: Awaited<ReturnType<typeof openStore>>;
let worker: OutboxWorker | null = null;
/** What the provider says, in order; then it takes everything. */
let answers: Outcome[];
let sent: string[];

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
  answers = [];
  sent = [];
  await database.run("t-clean", "truncate outbox, outbox_flights, messages, lanes, events");
});
afterEach(async () => {
  await worker?.stop(1_000);
  worker = null;
});

const memory = { get: async () => null, put: async () => undefined, drop: async () => undefined };
const ACCEPTED: Outcome = { kind: "accepted", providerMessageId: null, status: "handed_over" };
const nowhere: WayOut = {
  call: () => Promise.reject(new Error("nothing is called here")),
  pace: () => Promise.resolve(),
};

function channelOf(send: (text: string) => Outcome | Promise<Outcome>): ActiveChannel {
  const provider = {
    ...simulator,
    idempotentSend: false,
    send: async (text: { text: string }) => send(text.text),
  };
  return {
    id: "lane",
    tenantId: "ten_1",
    provider,
    name: "Lane",
    address: "64600",
    country: "US",
    settings: {},
    token: "t",
    isDefault: true,
    rate: null,
    fallbackId: null,
    brand: "Resort",
    tags: [],
  };
}

const routeTo = (channel: ActiveChannel) => ({ ...channel, memory, doorUrl: () => "http://127.0.0.1/in/t" });

function answerNext(text: string): Outcome {
  const answer = answers.shift() ?? ACCEPTED;
  if (answer.kind === "accepted") sent.push(text);
  return answer;
}

function start(on: Database, channel = channelOf(answerNext)): void {
  worker = startOutboxWorker({
    database: on,
    node: "node",
    clock: systemClock,
    log: createLog({ level: "silent", pretty: false }),
    channels: { byId: (id) => (id === channel.id ? channel : null), refresh: async () => undefined },
    routeOf: () => routeTo(channel),
    out: nowhere,
    counters: createOutboxCounters(createMetrics("0")),
    random: () => 0,
    onEvents: () => undefined,
  });
}

/** The database with one statement that goes wrong once, before or after it was committed. */
function failingOnce(statement: string, when: "before" | "after"): Database {
  let left = 1;
  const away = () => {
    left = 0;
    return new Error("Connection terminated unexpectedly");
  };
  return {
    ...database,
    async transact(work) {
      let hit = false;
      const result = await database.transact((tx) =>
        work({
          ...tx,
          run(name: string, text: string, values?: unknown[]) {
            hit ||= name === statement && left > 0;
            return hit && when === "before" ? Promise.reject(away()) : tx.run(name, text, values);
          },
        } as Tx),
      );
      if (hit) throw away();
      return result;
    },
  };
}

async function lane(rate: number | null = null, concurrency = 1): Promise<void> {
  await database.transact((tx) => saveLane(tx, { id: "lane", tenantId: "ten_1", concurrency, rate }));
}

async function queue(id: string, to: string): Promise<void> {
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at) values ('ten_1', $1, 'lane', 'out', 'command_reply', '64600', $2, $2, $1, 1,
       'GSM-7', 'queued', now())`,
    [id, to],
  );
  await database.run(
    "t-outbox",
    `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at)
     values ('ten_1', 'lane', $1, $2, 1, now())`,
    [id, to],
  );
}

const statuses = async () => {
  const rows = await database.run<{ status: string }>(
    "t-statuses",
    "select status from messages order by id",
  );
  return rows.map((row) => row.status);
};
const flights = () => database.run("t-flights", "select 1 from outbox_flights");

test("a lane that the database would not pause at once is paused, and its text leaves", async () => {
  await lane();
  await queue("m1", "+1");
  answers = [{ kind: "throttled", retryAfterMs: 20, text: "slow down" }];
  start(failingOnce("outbox-pause", "before"));
  await until("the text to leave", async () => sent.length === 1);
  await until("its settlement", async () => (await statuses())[0] === "handed_over");
  expect(await flights()).toEqual([]);
});

test("a provider that asks to be called again in no time is given time all the same", async () => {
  await lane();
  await queue("m1", "+1");
  answers = Array.from({ length: 50 }, () => ({ kind: "throttled", retryAfterMs: 0, text: "slow down" }));
  start(database);
  const pause = await until("the lane to pause", async () => {
    const [row] = await database.run<{ ms: number | null }>(
      "t-pause",
      "select (extract(epoch from paused_until - paused_since) * 1000)::float8 as ms from lanes",
    );
    return row?.ms;
  });
  expect(pause).toBeGreaterThanOrEqual(900);
});

test("a claim whose commit nobody heard of is given back", async () => {
  await lane();
  await queue("m1", "+1");
  start(failingOnce("outbox-claim", "after"));
  await until("the text to leave", async () => sent.length === 1);
  await until("its settlement", async () => (await statuses())[0] === "handed_over");
});

test("a settlement that the database refuses harms no other", async () => {
  await lane(null, 8);
  answers = [{ kind: "refused", reason: "other", code: null, text: "no \0 text" }];
  for (const id of ["m1", "m2", "m3"]) await queue(id, `+${id}`);
  start(database);
  await until("all to be settled", async () => (await flights()).length === 0 && sent.length === 2);
  expect(await statuses()).toEqual(["failed", "handed_over", "handed_over"]);
});

test("texts that wait for their pace do not keep the database busy", async () => {
  await lane(0.2);
  for (const id of ["m1", "m2"]) await queue(id, `+${id}`);
  let looks = 0;
  start({
    ...database,
    transact(work) {
      looks += 1;
      return database.transact(work);
    },
  });
  await until("the first text", async () => (await statuses())[0] === "handed_over");
  const before = looks;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(looks - before).toBeLessThan(10);
  expect(sent).toEqual(["m1"]);
});

test("a later text of a claim does not leave on what the claim saw long ago", async () => {
  await lane(null, 8);
  for (const id of ["m1", "m2"]) await queue(id, "+1");
  const channel = channelOf(async (text) => {
    sent.push(text);
    await database.run(
      "t-stop",
      `insert into suppressions (tenant_id, phone, address, method, word, since)
       values ('ten_1', '+1', '*', 'text_word', 'stop', now())`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    return ACCEPTED;
  });
  start(database, channel);
  await until("both to be settled", async () => {
    const [one, two] = await statuses();
    return one === "handed_over" && two === "failed";
  });
  expect(sent).toEqual(["m1"]);
});

test("a send that never reached the provider is no uncertain one", async () => {
  const channel = channelOf(() => ACCEPTED);
  const request = { method: "POST", url: "http://127.0.0.1:9", headers: {}, timeoutMs: 1 } as const;
  const provider = {
    ...simulator,
    pacePerRouteMs: 1_050,
    send: async (_text: unknown, context: SendContext) => {
      const answer = await context.call("POST /message", request);
      return answer.ok || answer.reached
        ? { kind: "uncertain", text: "" }
        : { kind: "unreachable", text: answer.text };
    },
  } as unknown as ActiveChannel["provider"];
  const text = { id: "msg_1", to: "+1", from: "64600", text: "x", mediaUrls: [] };
  const away = () => Promise.reject(new Error("Connection terminated unexpectedly"));
  const unpaced = await sendText({ ...routeTo(channel), provider }, text, { ...nowhere, pace: away });
  expect(unpaced.kind).toBe("unreachable");
  const forgetful = {
    ...simulator,
    send: async (_text: unknown, context: SendContext) => context.memory.get("mode"),
  } as unknown as ActiveChannel["provider"];
  const looked = await sendText(
    { ...routeTo(channel), provider: forgetful, memory: { ...memory, get: away } },
    text,
    nowhere,
  );
  expect(looked.kind).toBe("unreachable");
});

test("after a pause one text goes ahead of the others; once it is taken they follow", async () => {
  await lane(null, 5);
  let isWell = false;
  const tried: string[] = [];
  const channel = channelOf((text) => {
    tried.push(text);
    return isWell ? ACCEPTED : { kind: "uncertain", text: "HTTP 502" };
  });
  for (let i = 0; i < 20; i++) await queue(`m${String(i).padStart(2, "0")}`, `+1415555${1_000 + i}`);
  const pauses = async () => {
    const rows = await database.run<{ failures: number; reason: string }>(
      "t-pauses",
      "select failures, pause_reason as reason from lanes",
    );
    return rows[0] as { failures: number; reason: string };
  };
  start(database, channel);
  await until("the first pause", async () => (await pauses()).failures === 1);
  expect(tried).toHaveLength(5);
  expect((await pauses()).reason).toBe("no clear answers: HTTP 502");
  await until("the second pause", async () => (await pauses()).failures === 2);
  expect(tried).toHaveLength(6);
  isWell = true;
  await until("all to be tried", async () => tried.length === 20);
  await until("the lane to be well", async () => (await pauses()).failures === 0);
  const left = await database.run<{ uncertain: number }>(
    "t-uncertain",
    "select count(*)::int as uncertain from messages where 'uncertain' = any (flags)",
  );
  expect(left).toEqual([{ uncertain: 6 }]);
});
