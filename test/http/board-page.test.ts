import { Script } from "node:vm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { boardItemChanged } from "../../src/domain/facts.ts";
import { insertEvents } from "../../src/store/routing.ts";
import type { Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
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

const look = (path: string, headers: Record<string, string> = {}) => fetch(program.url + path, { headers });
const read = (path: string) => callApi(program.url, null, "GET", path);
const json = async () => (await read("/board/resort.json")).body;
const html = async () => (await look("/board/resort")).text();

async function watch(headers: Record<string, string> = {}, query = ""): Promise<EventReader> {
  const reader = await readEvents(`${program.url}/board/resort/events${query}`, headers);
  open.push(reader);
  return reader;
}

async function makeItem(over: object = {}) {
  const { status, body } = await program.api("POST", "/v1/board/items", {
    kind: "gate",
    name: "Gate X",
    ...over,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const setFields = (id: string, fields: object) => program.api("PATCH", `/v1/board/items/${id}`, { fields });

async function newestEvent(): Promise<string> {
  return (await program.api("GET", "/v1/events?type=board.item.changed&limit=1")).body.data[0].id;
}

test("as data: names, kinds, areas, values in words, times; no key needed", async () => {
  const { id } = await makeItem({
    kind: "trail",
    name: "Home Run",
    number: 7,
    area: "North",
    aliases: ["secret nick"],
  });
  const { body: item } = await setFields(id, { status: "hold", groomed: "yes" });
  const { headers, body: board } = await read("/board/resort.json");
  expect(headers.get("content-type")).toContain("application/json");
  expect(board).toMatchObject({
    name: "Sample Resort",
    timeZone: "UTC",
    updatedAt: item.updatedAt,
    revision: expect.any(Number),
  });
  expect(board.kinds[1]).toEqual({
    key: "trail",
    label: "Trail",
    plural: "Trails",
    fields: [
      {
        key: "status",
        values: [
          { key: "open", state: "open" },
          { key: "closed", state: "closed" },
          { key: "hold", state: "on hold" },
        ],
      },
      {
        key: "groomed",
        values: [
          { key: "yes", state: "groomed" },
          { key: "no", state: "not groomed" },
        ],
      },
    ],
  });
  expect(board.items.at(-1)).toEqual({
    id,
    kind: "trail",
    name: "Home Run",
    number: 7,
    area: "North",
    fields: { status: "hold", groomed: "yes" },
    states: { status: "on hold", groomed: "groomed" },
    updatedAt: item.updatedAt,
  });
  expect(JSON.stringify(board)).not.toMatch(/First key|secret nick|ten_|key_/);
});

test("as a page: readable without a script, in words, by kind and area, in the board's zone", async () => {
  await program.api("PATCH", "/v1/settings", {
    board: { timeZone: "America/Denver" },
    commands: { clock: "24h" },
  });
  const { id } = await makeItem({ kind: "lift", name: "Night Chair", area: "Backside" });
  await setFields(id, { status: "hold" });
  const answer = await look("/board/resort");
  expect(answer.headers.get("content-type")).toContain("text/html");
  const page = await answer.text();
  expect(page).toMatch(/<title>Sample Resort<\/title>/);
  expect(page).toMatch(
    /<h2>Lifts<\/h2>[\s\S]*<h3>Backside<\/h3>[\s\S]*Night Chair[\s\S]*on hold[\s\S]*<h2>Trails<\/h2>/,
  );
  expect(page).toMatch(/Last change <time datetime="[^"]+Z">[^<]*, \d{2}:\d{2} M[DS]T<\/time>/);
  expect(page).not.toContain("First key");
});

test("what owners typed is text on the page, never markup", async () => {
  const evil = `<img src=x onerror="alert(1)">'&`;
  await makeItem({ name: evil, area: `"><script>alert(2)</script>` });
  const value = { key: "odd", state: "<b>odd</b>", ask: "Odd", verbs: ["oddly"] };
  await program.api("POST", "/v1/board/kinds", {
    key: "thing",
    label: "<i>Thing",
    plural: "<i>Things",
    fields: [{ key: "status", default: "odd", values: [value] }],
  });
  await makeItem({ kind: "thing", name: "Odd one" });
  await program.api("PATCH", "/v1/settings", { board: { name: "</title><script>alert(3)</script>" } });
  const page = await html();
  expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;");
  expect(page).not.toMatch(/<(img|i|b)\b/);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain("&lt;b&gt;odd&lt;/b&gt;");
  await program.api("PATCH", "/v1/settings", { board: { name: "Sample Resort" } });
});

test("the page brings its script and style from here, and forbids all others", async () => {
  const answer = await look("/board/resort");
  const page = await answer.text();
  expect(answer.headers.get("content-security-policy")).toMatch(
    /default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  expect(page).not.toMatch(/<style|<script>|<[a-z][^>]*\s(on\w+|style)=/);
  const [script] = /\/board\/-\/board\.js\?v=\w+/.exec(page) ?? [""];
  const [style] = /\/board\/-\/board\.css\?v=\w+/.exec(page) ?? [""];
  const code = await look(script);
  expect(code.headers.get("content-type")).toContain("javascript");
  new Script(await code.text());
  const css = await look(style);
  expect(css.headers.get("content-type")).toContain("text/css");
  expect(await css.text()).toMatch(/prefers-color-scheme: dark[\s\S]*@media print/);
});

test("for a page of others: without a head, one kind alone, in its colours, and only then in a frame", async () => {
  await makeItem({ kind: "lift", name: "Framed Chair" });
  const framed = await look("/board/resort?embed=1&kind=lift&theme=dark");
  expect(framed.headers.get("content-security-policy")).toContain("frame-ancestors *");
  expect(framed.headers.get("x-frame-options")).toBeNull();
  const page = await framed.text();
  expect(page).toMatch(/<html lang="en" data-theme="dark">[\s\S]*<h2>Lifts<\/h2>[\s\S]*Framed Chair/);
  expect(page).not.toMatch(/<h2>Trails<\/h2>|<nav|<h1>/);
  const whole = await look("/board/resort?kind=lift");
  expect(whole.headers.get("content-security-policy")).toContain("frame-ancestors 'self'");
  expect(whole.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  expect(await whole.text()).toMatch(/<h1>Sample Resort<\/h1>/);
  expect(await (await look("/board/resort?kind=nothing")).text()).toContain("There is nothing on this board");
  expect((await look("/board/resort?theme=%22%3E%3Cscript")).status).toBe(400);
});

test("how many are in which state stands beside each kind", async () => {
  const value = (key: string) => ({ key, state: key, ask: key, verbs: [`${key}ly`] });
  await program.api("POST", "/v1/board/kinds", {
    key: "hut",
    label: "Hut",
    plural: "Huts",
    fields: [{ key: "status", default: "full", values: [value("full"), value("free"), value("shut")] }],
  });
  for (const status of ["full", "full", "free"]) {
    await makeItem({ kind: "hut", name: `Hut ${status}`, fields: { status } });
  }
  const [counted = ""] = /<p class="counts"(?:(?!<\/p>).)*full(?:(?!<\/p>).)*<\/p>/.exec(await html()) ?? [];
  expect(counted).toMatch(/>(<strong>)2(<\/strong>) full<.*<strong>1<\/strong> free<.*hidden><strong>0</);
});

test.for(["/board/resort.json", "/board/resort"])(
  "%s is asked for again only when it changed",
  async (path) => {
    const first = await look(path);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = await look(path, { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await look(path, { "if-none-match": `"other", W/${etag}` })).status).toBe(304);
    // A new item, a new setting and a new state are each seen by the very next request.
    const steps = [
      () => makeItem({ name: `New ${path}` }),
      () => program.api("PATCH", "/v1/settings", { board: { contact: `desk ${path}` } }),
      async () => setFields((await makeItem()).id, { status: "open" }),
    ];
    let known = etag;
    for (const step of steps) {
      await step();
      const fresh = await look(path, { "if-none-match": known });
      expect(fresh.status).toBe(200);
      known = fresh.headers.get("etag") ?? "";
    }
    expect((await look(path, { "if-none-match": known })).status).toBe(304);
  },
);

test("archived and deleted items are neither shown nor told of", async () => {
  const archived = await makeItem({ name: "Old gate" });
  const gone = await makeItem({ name: "Gone gate" });
  await program.api("PATCH", `/v1/board/items/${archived.id}`, { archived: true });
  await program.api("DELETE", `/v1/board/items/${gone.id}`);
  expect(JSON.stringify(await json())).not.toMatch(/Old gate|Gone gate/);
  expect(await html()).not.toMatch(/Old gate|Gone gate/);
  const reader = await watch();
  await setFields(archived.id, { status: "open" });
  const shown = await makeItem();
  await setFields(shown.id, { status: "open" });
  const [first] = await reader.read(1);
  expect(first?.data.data.item.id).toBe(shown.id);
});

test("changes are told as they happen, without people", async () => {
  const { id } = await makeItem({ fields: { status: "closed" } });
  const reader = await watch();
  expect(reader.status).toBe(200);
  expect(reader.headers["content-type"]).toContain("text/event-stream");
  const { body } = await setFields(id, { status: "open" });
  const [event] = await reader.read(1);
  expect(event).toEqual({
    id: await newestEvent(),
    type: "board.item.changed",
    data: {
      id: await newestEvent(),
      type: "board.item.changed",
      timestamp: body.updatedAt,
      tenantId: program.tenantId,
      data: {
        item: {
          id,
          kind: "gate",
          name: "Gate X",
          number: null,
          area: null,
          fields: { status: "open" },
          states: { status: "open" },
        },
        changes: [{ field: "status", from: "closed", to: "open" }],
        revision: 1,
        at: body.updatedAt,
      },
    },
  });
});

test("a viewer who comes back is told what was missed", async () => {
  const { id } = await makeItem();
  await setFields(id, { status: "open" });
  const last = await newestEvent();
  await setFields(id, { status: "closed" });
  await setFields(id, { status: "hold" });
  const states = (reader: EventReader) => reader.events.map((event) => event.data.data.item.states.status);
  for (const reader of [await watch({ "last-event-id": last }), await watch({}, `?lastEventId=${last}`)]) {
    await reader.read(2);
    expect(states(reader)).toEqual(["closed", "on hold"]);
  }
  const lost = await watch({ "last-event-id": "evt_long_gone" });
  expect((await lost.read(1))[0]).toEqual({ id: null, type: "board.reload", data: {} });
});

test("after more than a thousand changes the viewer is told to look anew, then the newest thousand", async () => {
  const item = await makeItem();
  await setFields(item.id, { status: "open" });
  const last = await newestEvent();
  const by = { kind: "key" as const, id: "key_x", name: "Somebody" };
  const at = new Date().toISOString();
  const events = Array.from({ length: 1_200 }, () =>
    boardItemChanged(
      program.tenantId,
      { ...item, last: {} },
      [{ item, field: "status", from: null, to: null }],
      by,
      null,
      at,
    ),
  );
  await program.app.database.transact((tx) => insertEvents(tx, events));
  // Whatever a transaction under way may still put before them is not past yet; other tests share the server.
  await until("the changes to be past", async () => {
    const open = "select 1 from events where tx >= pg_snapshot_xmin(pg_current_snapshot()) limit 1";
    return (await program.app.database.run("t-past", open)).length === 0;
  });
  const reader = await watch({ "last-event-id": last });
  const told = await reader.read(1_001);
  expect(told[0]?.type).toBe("board.reload");
  expect(told.slice(1).map((event) => event.id)).toEqual(events.slice(200).map((event) => event.id));
  expect(JSON.stringify(told)).not.toContain("Somebody");
});

test("two hundred viewers are told of one change, and cost the database next to nothing", async () => {
  const { id } = await makeItem();
  const readers = await Promise.all(Array.from({ length: 200 }, () => watch()));
  await setFields(id, { status: "open" });
  for (const reader of readers) expect((await reader.read(1))[0]?.data.data.item.id).toBe(id);
  const pages = await Promise.all(Array.from({ length: 200 }, () => json()));
  expect(new Set(pages.map((page) => page.revision)).size).toBe(1);
});

test("a board that is not public is not there", async () => {
  const paths = ["/board/resort.json", "/board/resort", "/board/resort/events"];
  const reader = await watch();
  const { id } = await makeItem();
  await program.api("PATCH", "/v1/settings", { board: { public: false } });
  for (const path of paths) expect((await look(path)).status).toBe(404);
  // Who was watching is sent away with the next change at the latest.
  await setFields(id, { status: "open" });
  await reader.ended;
  expect(reader.events).toEqual([]);
  await program.api("PATCH", "/v1/settings", { board: { public: true } });
  for (const path of paths.slice(0, 2)) expect((await look(path)).status).toBe(200);
});

test.for(["nowhere", "%00", "..%2f..%2fetc", "r%C3%A9sort", "a".repeat(150)])(
  "%s is no board",
  async (slug) => {
    for (const path of [`/board/${slug}.json`, `/board/${slug}`, `/board/${slug}/events`]) {
      const answer = await read(path);
      expect([answer.status, answer.body.error]).toEqual([404, "not_found"]);
    }
  },
);

test("boards of other accounts are their own", async () => {
  const key = await otherTenantKey(program);
  const { body } = await program.api("GET", "/v1/settings", undefined, { authorization: `Bearer ${key}` });
  expect(body.board.name).toBe("Other");
  const tenant = await program.app.database.q
    .selectFrom("tenants")
    .select("slug")
    .where("name", "=", "Other")
    .executeTakeFirstOrThrow();
  const { body: board } = await read(`/board/${tenant.slug}.json`);
  expect(board).toMatchObject({ name: "Other", updatedAt: null, kinds: [], items: [] });
  expect(await (await look(`/board/${tenant.slug}`)).text()).toContain("There is nothing on this board yet.");
});

test("the board of an empty installation is off", async () => {
  const empty = await startProgram({ template: "empty" });
  expect((await fetch(`${empty.url}/board/main.json`)).status).toBe(404);
  await empty.stop();
});

test("a board of ten thousand items is answered whole", async () => {
  for (let n = 0; n < 10; n++) {
    const items = Array.from({ length: 1_000 }, (_, i) => ({
      kind: "service",
      name: `Service ${n * 1_000 + i}`,
    }));
    await program.api("POST", "/v1/board/items", { items });
  }
  for (const path of ["/board/resort.json", "/board/resort"]) {
    expect(await (await look(path)).text()).toContain("Service 9999");
  }
});
