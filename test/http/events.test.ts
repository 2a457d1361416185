import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { HubEvent } from "../../src/domain/events.ts";
import { alert } from "../../src/domain/facts.ts";
import { insertEvents } from "../../src/store/routing.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { EventReader } from "./event-reader.ts";
import { readEvents } from "./event-reader.ts";
import { otherTenantKey } from "./stored.ts";

let program: Program;
const open: EventReader[] = [];

beforeAll(async () => {
  program = await startProgram();
});
afterEach(() => {
  for (const reader of open.splice(0)) reader.close();
});
afterAll(() => program.stop());

async function stream(query = "", headers: Record<string, string> = {}): Promise<EventReader> {
  const key = { authorization: `Bearer ${program.apiKey}`, ...headers };
  const reader = await readEvents(`${program.url}/v1/events/stream${query}`, key);
  open.push(reader);
  return reader;
}

const event = (text: string, at = new Date()): HubEvent =>
  alert(program.tenantId, "test", text, null, at.toISOString());

/** Events of another process: nobody here is told of the commit. */
async function write(...texts: string[]): Promise<HubEvent[]> {
  const events = texts.map((text) => event(text));
  await program.app.database.transact((tx) => insertEvents(tx, events));
  return events;
}

const list = async (query = "") => (await program.api("GET", `/v1/events${query}`)).body;
const textsOf = (events: { data: { data: { text: string } } }[]) => events.map((one) => one.data.data.text);

async function setStatus(status: string): Promise<void> {
  const { body } = await program.api("GET", "/v1/board/items?limit=1");
  await program.api("PATCH", `/v1/board/items/${body.data[0].id}`, { fields: { status } });
}

test("events are listed newest first, in pages", async () => {
  const written = await write("one", "two", "three");
  const { data } = await list();
  expect(data.slice(0, 3).map((one: { id: string }) => one.id)).toEqual(
    written.map(({ id }) => id).reverse(),
  );
  expect(data[0]).toEqual({
    id: written[2]?.id,
    type: "alert",
    timestamp: written[2]?.at,
    tenantId: program.tenantId,
    data: { code: "test", text: "three", commandId: null, at: written[2]?.at },
  });
  const first = await list("?limit=2");
  const second = await list(`?limit=1&cursor=${first.nextCursor}`);
  expect([...first.data, ...second.data]).toEqual(data.slice(0, 3));
});

test("by type, by beginning of the type, and by time", async () => {
  await setStatus("hold");
  await setStatus("open");
  await write("typed");
  const types = async (query: string) => {
    const { data } = await list(`?limit=100&${query}`);
    return [...new Set(data.map((one: { type: string }) => one.type))];
  };
  expect(await types("type=board.item.changed")).toEqual(["board.item.changed"]);
  expect(await types("type=board.*")).toEqual(["board.item.changed"]);
  expect(await types("type=boar.*")).toEqual([]);
  expect(await types("type=board")).toEqual([]);
  expect((await types("type=alert,board.*")).sort()).toEqual(["alert", "board.item.changed"]);
  expect(await types("type=*")).toContain("alert");
  const [newest] = (await list()).data;
  const at = encodeURIComponent(newest.timestamp);
  expect((await list(`?since=${at}`)).data).toEqual([newest]);
  expect((await list(`?until=${at}`)).data.map((one: { id: string }) => one.id)).not.toContain(newest.id);
});

test.for([
  ["?type=Robert%27);--", "type"],
  ["?type=board.**", "type"],
  ["?since=today", "since"],
  ["?until=1", "until"],
  ["?limit=0", "limit"],
  ["?cursor=%00", "cursor"],
  ["/stream?type=%00", "type"],
  ["/stream?lastEventId=evt_nowhere", "lastEventId"],
  ["/stream?lastEventId=%00x", "lastEventId"],
])("%s is refused by name", async ([path = "", field = ""]) => {
  const { status, body } = await program.api("GET", `/v1/events${path}`);
  expect(status).toBe(400);
  expect(body.issues[0].path).toBe(field);
});

test("a stream tells of what this process writes at once, and of what others write soon", async () => {
  const reader = await stream();
  expect(reader.status).toBe(200);
  expect(reader.headers["content-type"]).toContain("text/event-stream");
  expect(reader.headers["cache-control"]).toContain("no-cache");
  const [written] = await write("from elsewhere");
  const [first] = await reader.read(1);
  expect(first).toEqual({ id: written?.id, type: "alert", data: (await list("?limit=1")).data[0] });
  await setStatus("closed");
  const [, second] = await reader.read(2);
  expect(second).toMatchObject({ type: "board.item.changed", data: { data: { by: { kind: "key" } } } });
});

test("a reader who comes back is told what was missed, then what comes", async () => {
  const [first] = await write("m1", "m2", "m3");
  const query = await stream(`?lastEventId=${first?.id}`);
  const header = await stream("?lastEventId=evt_old", { "last-event-id": first?.id ?? "" });
  for (const reader of [query, header]) expect(textsOf(await reader.read(2))).toEqual(["m2", "m3"]);
  await write("m4");
  for (const reader of [query, header]) expect(textsOf(await reader.read(3))).toEqual(["m2", "m3", "m4"]);
});

test("a stream of some types leaves out the others, also of the past", async () => {
  const [first] = await write("t1");
  await setStatus("open");
  await write("t2");
  const reader = await stream(`?type=alert&lastEventId=${first?.id}`);
  expect(textsOf(await reader.read(1))).toEqual(["t2"]);
  await setStatus("hold");
  await write("t3");
  expect(textsOf(await reader.read(2))).toEqual(["t2", "t3"]);
});

test("a transaction that ends late is told late, and never skipped", async () => {
  const reader = await stream("?type=alert");
  const late = new pg.Client(program.databaseUrl);
  await late.connect();
  await late.query("begin");
  const [slow] = [event("slow")];
  await late.query("insert into events (tenant_id, id, type, at, data) values ($1, $2, $3, $4, $5)", [
    slow?.tenantId,
    slow?.id,
    slow?.type,
    slow?.at,
    slow?.data,
  ]);
  await write("quick 1", "quick 2");
  // The quick ones wait as well: whoever was told of them would never be told of the slow one. The list shows
  // them already, and a reader who goes on behind them is told of the slow one all the same.
  const other = await stream(`?lastEventId=${(await list("?limit=1&type=alert")).data[0].id}`);
  await late.query("commit");
  await late.end();
  expect(textsOf(await reader.read(3))).toEqual(["slow", "quick 1", "quick 2"]);
  await write("after");
  expect(textsOf(await reader.read(4)).at(-1)).toBe("after");
  expect(textsOf(await other.read(2))).toEqual(["slow", "after"]);
});

test("nothing is lost or doubled while many write and readers come and go", async () => {
  const [start] = await write("storm begins");
  const from = start?.id ?? "";
  const whole = await stream(`?type=alert&lastEventId=${from}`);
  const writers = Array.from({ length: 8 }, async (_, w) => {
    for (let i = 0; i < 25; i++) await write(`storm ${w} ${i}`);
  });
  // Another reader drops out again and again and goes on behind the last event it saw.
  const pieces: string[] = [];
  let last = from;
  for (let round = 0; round < 8; round++) {
    const piece = await stream(`?type=alert&lastEventId=${last}`);
    await piece.read(round === 7 ? 200 - pieces.length : Math.min(10, 200 - pieces.length));
    piece.close();
    pieces.push(...textsOf(piece.events));
    last = piece.events.at(-1)?.id ?? last;
  }
  await Promise.all(writers);
  const seen = textsOf(await whole.read(200));
  expect(new Set(seen).size).toBe(200);
  expect(seen).toHaveLength(200);
  expect(pieces).toEqual(seen);
  for (let w = 0; w < 8; w++) {
    const own = seen.filter((text) => text.startsWith(`storm ${w} `));
    expect(own).toEqual(Array.from({ length: 25 }, (_, i) => `storm ${w} ${i}`));
  }
});

test("a long past is told page by page, in order", async () => {
  const [start] = await write("long past");
  const events = Array.from({ length: 1_700 }, (_, i) => event(`past ${i}`));
  await program.app.database.transact((tx) => insertEvents(tx, events));
  const reader = await stream(`?lastEventId=${start?.id}`);
  await write("now");
  const seen = await reader.read(1_701);
  expect(seen.map(({ id }) => id).slice(0, -1)).toEqual(events.map(({ id }) => id));
  expect(textsOf(seen.slice(-1))).toEqual(["now"]);
});

const HEAVY = 120;

/** More than any socket takes while its reader does not read. */
async function fill(witness: EventReader): Promise<void> {
  const heavy = Array.from({ length: 10 }, () => "x".repeat(100_000));
  for (let written = heavy.length; written <= HEAVY; written += heavy.length) {
    await write(...heavy);
    await witness.read(written);
  }
}

test("a reader who takes nothing is cut off instead of kept in memory", async () => {
  const lazy = await stream();
  const goOn = lazy.stall();
  const brisk = await stream();
  await fill(brisk);
  const many = Array.from({ length: 5_500 }, (_, i) => event(`many ${i}`));
  await program.app.database.transact((tx) => insertEvents(tx, many));
  await write("still alive");
  expect(textsOf(await brisk.read(HEAVY + 5_501)).at(-1)).toBe("still alive");
  goOn();
  await lazy.ended;
  expect(textsOf(lazy.events)).not.toContain("still alive");
});

test("a reader who is only slow gets everything, in order, and is not sent away", async () => {
  const slow = await stream();
  const goOn = slow.stall();
  const brisk = await stream();
  await fill(brisk);
  const many = Array.from({ length: 500 }, (_, i) => event(`slowly ${i}`));
  await program.app.database.transact((tx) => insertEvents(tx, many));
  await brisk.read(HEAVY + 500);
  goOn();
  const seen = await slow.read(HEAVY + 500);
  expect(seen.map(({ id }) => id)).toEqual(brisk.events.map(({ id }) => id));
});

test("other accounts get their own events only", async () => {
  const key = await otherTenantKey(program);
  const as = { authorization: `Bearer ${key}` };
  const reader = await readEvents(`${program.url}/v1/events/stream`, as);
  open.push(reader);
  const mine = await stream();
  const [own] = await write("private");
  await mine.read(1);
  expect((await program.api("GET", "/v1/events", undefined, as)).body.data).toEqual([]);
  expect(reader.events).toEqual([]);
  const asked = await program.api("GET", `/v1/events/stream?lastEventId=${own?.id}`, undefined, as);
  expect(asked.body.issues[0].path).toBe("lastEventId");
});

test("one account cannot take the streams of all others", async () => {
  const key = await otherTenantKey(program);
  const as = { authorization: `Bearer ${key}` };
  const before = open.length;
  // Streams of the tests before may still be closing.
  for (let opened = 0; opened < 300; opened += 50)
    await Promise.all(Array.from({ length: 50 }, () => stream()));
  const statuses = open.slice(before).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(200);
  const others = await readEvents(`${program.url}/v1/events/stream`, as);
  open.push(others);
  expect(others.status).toBe(200);
  for (const reader of open.slice(before, before + 10)) reader.close();
  await until("a place to be free", async () => (await stream()).status === 200);
});

test("a stream needs a key", async () => {
  expect((await readEvents(`${program.url}/v1/events/stream`)).status).toBe(401);
});

test("the program stops while streams are open", async () => {
  const other = await startProgram();
  const reader = await readEvents(`${other.url}/v1/events/stream`, {
    authorization: `Bearer ${other.apiKey}`,
  });
  await other.stop();
  await reader.ended;
});
