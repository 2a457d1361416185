import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { channel as simulator } from "../../src/channels/simulator.ts";
import type { ActiveChannel } from "../../src/channels/types.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { pauseLane, saveLane } from "../../src/store/lanes.ts";
import { systemClock } from "../../src/tools/clock.ts";
import { createLog } from "../../src/tools/log.ts";
import { createMetrics } from "../../src/tools/metrics.ts";
import { createOutboxCounters } from "../../src/workers/outbox/counters.ts";
import { moveFromDownLanes } from "../../src/workers/outbox/failover.ts";
import type { OutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import { startOutboxWorker } from "../../src/workers/outbox/outbox-worker.ts";
import { until } from "../support/program.ts";
import { openStore } from "../support/store.ts";

/** Three channels in a row: what "one" cannot send "two" takes over, and from that "three". */
const NAMES = ["one", "two", "three"] as const;
type Name = (typeof NAMES)[number];

interface Sent {
  by: Name;
  from: string;
  text: string;
}

let database: Awaited<ReturnType<typeof openStore>>;
let worker: OutboxWorker | null = null;
let metrics: ReturnType<typeof createMetrics>;
/** What each provider says, always; it takes everything where nothing stands here. */
let answers: Partial<Record<Name, Outcome>>;
let sent: Sent[];
let fallbacks: Record<Name, Name | null>;
let changes: Partial<Record<Name, Partial<ActiveChannel["provider"]>>>;

const ACCEPTED: Outcome = { kind: "accepted", providerMessageId: null, status: "handed_over" };
const UNREACHABLE: Outcome = { kind: "unreachable", text: "connection refused" };
const memory = { get: async () => null, put: async () => undefined, drop: async () => undefined };
const log = createLog({ level: "silent", pretty: false });

beforeAll(async () => {
  database = await openStore();
  await database.run("t-tenant", "insert into tenants (id, slug, name) values ('ten_1', 'one', 'Peak')");
});
afterAll(() => database.close());
beforeEach(async () => {
  answers = {};
  sent = [];
  changes = {};
  fallbacks = { one: "two", two: "three", three: null };
  metrics = createMetrics("0");
  await database.run(
    "t-clean",
    `truncate outbox, outbox_flights, messages, lanes, events, suppressions, provider_blocks, consent_events,
       channels cascade`,
  );
  for (const name of [...NAMES].reverse()) {
    await database.run(
      "t-channel",
      `insert into channels (id, tenant_id, provider, name, address, token, fallback_id)
       values ($1, 'ten_1', 'simulator', $1, $2, $1, $3)`,
      [name, addressOf(name), fallbacks[name]],
    );
    await database.transact((tx) =>
      saveLane(tx, { id: name, tenantId: "ten_1", concurrency: 4, rate: null }),
    );
  }
});
afterEach(async () => {
  await worker?.stop(1_000);
  worker = null;
});

function addressOf(name: Name): string {
  return `6460${NAMES.indexOf(name)}`;
}

function channelOf(name: Name): ActiveChannel {
  const provider: ActiveChannel["provider"] = {
    ...simulator,
    idempotentSend: false,
    ...changes[name],
    async send(text) {
      const answer = answers[name] ?? ACCEPTED;
      if (answer.kind === "accepted") sent.push({ by: name, from: text.from, text: text.text });
      return answer;
    },
  };
  const plain = { settings: {}, token: name, isDefault: name === "one", rate: null, tags: [], country: "US" };
  return {
    ...plain,
    ...{ id: name, tenantId: "ten_1", provider, name, address: addressOf(name) },
    ...{ fallbackId: fallbacks[name], brand: "Peak" },
  } as ActiveChannel;
}

const channels = {
  byId: (id: string) => (NAMES.includes(id as Name) ? channelOf(id as Name) : null),
  refresh: async () => undefined,
};

function start(): void {
  worker = startOutboxWorker({
    ...{ database, node: "node", clock: systemClock, log, channels },
    routeOf: (channel) => ({ ...channel, memory, doorUrl: () => "http://127.0.0.1/in/t" }),
    out: { call: () => Promise.reject(new Error("nothing is called here")), pace: () => Promise.resolve() },
    counters: createOutboxCounters(metrics),
    random: () => 0,
    onEvents: () => undefined,
  });
}

const move = () => moveFromDownLanes({ database, channels, log, counters: createOutboxCounters(metrics) });

async function queue(id: string, over: { kind?: string; text?: string; to?: string } = {}): Promise<void> {
  const { kind = "command_reply", text = "Lift 3 OPEN", to = "+14155550101" } = over;
  await database.run(
    "t-message",
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at) values ('ten_1', $1, 'one', 'out', $2, $3, $4, $4, $5, 1, 'GSM-7', 'queued',
       now())`,
    [id, kind, addressOf("one"), to, text],
  );
  await database.run(
    "t-outbox",
    `insert into outbox (tenant_id, lane, message_id, conversation, priority, due_at)
     values ('ten_1', 'one', $1, $2, 1, now())`,
    [id, to],
  );
}

interface Row {
  status: string;
  lane: string;
  sender: string;
  segments: number;
  encoding: string;
  flags: string[];
  attempts: { outcome: string; from?: string; to?: string; decision: string }[];
}

async function messageOf(id: string): Promise<Row> {
  const rows = await database.run<Row>(
    "t-row",
    `select status, channel_id as lane, sender, segments, encoding, flags, attempts from messages where id = $1`,
    [id],
  );
  return rows[0] as Row;
}

async function settled(id: string, status: string): Promise<Row> {
  return until(`${id} to be ${status}`, async () => {
    const row = await messageOf(id);
    return row.status === status && row;
  });
}

const refused = (
  reason: "sender" | "region" | "no_funds" | "opted_out" | "bad_number" | "content",
): Outcome => ({
  ...{ kind: "refused", reason, code: "1", text: "no" },
});

test.each([
  ["unreachable", UNREACHABLE],
  ["credentials refused", { kind: "broken-credential", text: "401" } as Outcome],
  ["told to wait for long", { kind: "throttled", retryAfterMs: 300_000, text: "429" } as Outcome],
  ["sender not registered", refused("sender")],
  ["region not open", refused("region")],
  ["account empty", refused("no_funds")],
])("%s: the next channel sends the whole text, the brand in front", async (_, outcome) => {
  answers = { one: outcome };
  const text = "x".repeat(300);
  await queue("m1", { text });
  start();
  const row = await settled("m1", "handed_over");
  expect(sent).toEqual([{ by: "two", from: addressOf("two"), text: `Peak: ${text}` }]);
  expect(row).toMatchObject({ lane: "two", sender: addressOf("two"), segments: 2, flags: [] });
  expect(row.attempts.map((line) => line.outcome)).toEqual([outcome.kind, "moved", "accepted"]);
  expect(row.attempts[1]).toMatchObject({ from: "one", to: "two", decision: expect.any(String) });
  expect(await metrics.registry.metrics()).toContain('failovers_total{from="one",to="two"} 1');
});

test.each([
  ["opted out", refused("opted_out"), "failed"],
  ["bad number", refused("bad_number"), "failed"],
  ["content", refused("content"), "failed"],
  ["no clear answer", { kind: "uncertain", text: "HTTP 500" } as Outcome, "handed_over"],
])("%s: no other channel tries", async (_, outcome, status) => {
  answers = { one: outcome };
  await queue("m1");
  start();
  expect(await settled("m1", status)).toMatchObject({ lane: "one", sender: addressOf("one") });
  expect(await move()).toBe(0);
  expect(sent).toEqual([]);
});

test("a short pause is waited for", async () => {
  answers = { one: { kind: "throttled", retryAfterMs: 50, text: "429" } };
  await queue("m1");
  start();
  await until("the lane to pause", async () => (await messageOf("m1")).attempts.length > 0);
  answers = {};
  await settled("m1", "handed_over");
  expect(sent).toEqual([{ by: "one", from: addressOf("one"), text: "Lift 3 OPEN" }]);
});

test("what waits in a lane that is down moves, and what comes later too; answers to STOP stay", async () => {
  await pauseLane(database, "one", { milliseconds: 61_000, cause: "rate_limited", reason: "throttled: 429" });
  for (const id of ["m1", "m2", "m3"]) await queue(id);
  await queue("stop", { kind: "compliance", text: "Peak: you are unsubscribed." });
  expect(await move()).toBe(3);
  start();
  for (const id of ["m1", "m2", "m3"]) await settled(id, "handed_over");
  await queue("m4", { text: "peak: already said" });
  expect(await move()).toBe(1);
  expect((await settled("m4", "handed_over")).attempts[0]).toMatchObject({ decision: "throttled: 429" });
  expect(sent.map((one) => one.text)).toEqual([
    ...["Peak: Lift 3 OPEN", "Peak: Lift 3 OPEN", "Peak: Lift 3 OPEN"],
    "peak: already said",
  ]);
  expect(await messageOf("stop")).toMatchObject({ status: "queued", lane: "one" });
});

test("several short pauses in a row are one long one", async () => {
  await pauseLane(database, "one", { milliseconds: 30_000, cause: "rate_limited", reason: "429" });
  await queue("m1");
  expect(await move()).toBe(0);
  await database.run("t-earlier", "update lanes set paused_since = paused_since - interval '40 seconds'");
  expect(await move()).toBe(1);
});

test("short pauses that lie far apart are none in a row", async () => {
  await pauseLane(database, "one", { milliseconds: 1_000, cause: "rate_limited", reason: "429" });
  await database.run(
    "t-long-ago",
    "update lanes set paused_since = now() - interval '2 hours', paused_until = now() - interval '2 hours'",
  );
  await pauseLane(database, "one", { milliseconds: 30_000, cause: "rate_limited", reason: "429" });
  await queue("m1");
  expect(await move()).toBe(0);
});

test.each([
  [
    "left the address",
    `insert into suppressions (tenant_id, phone, address, method, word, since)
     values ('ten_1', '+14155550101', '64600', 'text_word', 'stop', now())`,
    "opted_out",
  ],
  [
    "is refused by the provider",
    `insert into provider_blocks (tenant_id, phone, channel_id, code, since, last_seen_at)
     values ('ten_1', '+14155550101', 'one', '21610', now(), now())`,
    "provider_blocked",
  ],
])("who %s does not get the text from another one because this one is down", async (_, insert, code) => {
  await pauseLane(database, "one", { milliseconds: 61_000, cause: "rate_limited", reason: "429" });
  await database.run(`t-unwanted-${code}`, insert);
  await queue("m1");
  await queue("m2", { to: "+14155550102" });
  expect(await move()).toBe(1);
  await database.run("t-open", "update lanes set paused_until = null where id = 'one'");
  start();
  await settled("m1", "failed");
  await settled("m2", "handed_over");
  const rows = await database.run("t-why", "select error->>'code' as code from messages where id = 'm1'");
  expect(rows).toEqual([{ code }]);
  expect(sent.map(({ by }) => by)).toEqual(["two"]);
});

test("a fallback that is down itself is passed over, and nobody plays ball with a text", async () => {
  await pauseLane(database, "two", { milliseconds: 600_000, cause: "credentials", reason: "credentials" });
  answers = { one: UNREACHABLE, three: UNREACHABLE };
  fallbacks = { one: "two", two: "three", three: "one" };
  await queue("m1");
  start();
  const row = await until("the text to wait", async () => {
    const found = await messageOf("m1");
    return found.attempts.length === 3 && found;
  });
  expect(row).toMatchObject({ lane: "three", status: "queued" });
  expect(row.attempts.map((line) => line.outcome)).toEqual(["unreachable", "moved", "unreachable"]);
  await database.run(
    "t-down",
    "update lanes set paused_until = now() + interval '1 hour', paused_since = now()",
  );
  await database.run("t-up", "update lanes set paused_until = null where id = 'one'");
  expect(await move()).toBe(0);
});

test("consent is judged again for the other address", async () => {
  answers = { one: UNREACHABLE };
  await database.run(
    "t-stop",
    `insert into suppressions (tenant_id, phone, address, method, word, since)
     values ('ten_1', '+14155550101', $1, 'text_word', 'stop', now())`,
    [addressOf("two")],
  );
  await queue("m1");
  start();
  expect(await settled("m1", "failed")).toMatchObject({ lane: "two" });
  expect(sent).toEqual([]);
});

test("a text that would be too long elsewhere stays", async () => {
  changes = { two: { maxSegments: 1 }, three: { maxSegments: 1 } };
  await pauseLane(database, "one", { milliseconds: 600_000, cause: "unreachable", reason: "away" });
  await queue("m1", { text: "x".repeat(158) });
  expect(await move()).toBe(0);
  expect(await messageOf("m1")).toMatchObject({ lane: "one", status: "queued" });
});

test("the alphabet of the new channel counts", async () => {
  changes = { two: { alphabet: "telnyx" } };
  await pauseLane(database, "one", { milliseconds: 600_000, cause: "unreachable", reason: "away" });
  await queue("m1", { text: `5 €${"x".repeat(80)}` });
  expect(await move()).toBe(1);
  expect(await messageOf("m1")).toMatchObject({ encoding: "UCS-2", segments: 2 });
});

test("two processes move a backlog once", async () => {
  await pauseLane(database, "one", { milliseconds: 600_000, cause: "unreachable", reason: "away" });
  for (let i = 0; i < 30; i++) await queue(`m${i}`, { to: `+1415555${1000 + i}` });
  const moved = await Promise.all([move(), move()]);
  expect((moved[0] ?? 0) + (moved[1] ?? 0)).toBe(30);
  start();
  for (let i = 0; i < 30; i++) await settled(`m${i}`, "handed_over");
  expect(sent).toHaveLength(30);
});
