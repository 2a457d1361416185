import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { otherTenantKey } from "./stored.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

interface Item {
  id: string;
  name: string;
  kind: string;
  position: number;
  fields: Record<string, string | null>;
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

async function allItems(query = ""): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = "";
  do {
    const { body } = await program.api("GET", `/v1/board/items?limit=100${query}${cursor}`);
    items.push(...body.data);
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : "";
  } while (cursor !== "");
  return items;
}

const changesOf = async (id: string) => (await program.api("GET", `/v1/board/changes?item=${id}`)).body.data;

async function eventsOf(id: string) {
  const { body } = await program.api("GET", "/v1/events?type=board.item.changed&limit=100");
  return body.data.filter((event: { data: { item: Item } }) => event.data.item.id === id);
}

const court = (over: object = {}) => ({
  key: "court",
  label: "Court",
  plural: "Courts",
  hints: ["court", "courts"],
  labelUse: "needed",
  fields: [
    {
      key: "status",
      default: "closed",
      values: [
        { key: "open", state: "open", ask: "Open", verbs: ["open", "opened"] },
        { key: "closed", state: "closed", ask: "Close", verbs: ["close", "closed"] },
      ],
    },
  ],
  ...over,
});

describe("kinds", () => {
  test("the template's kinds are listed, in pages too", async () => {
    const { body } = await program.api("GET", "/v1/board/kinds");
    const keys = body.data.map((kind: { key: string }) => kind.key);
    expect(keys).toEqual(["lift", "trail", "gate", "park-feature", "service"]);
    expect(body.data[1].fields.map((field: { key: string }) => field.key)).toEqual(["status", "groomed"]);
    const first = await program.api("GET", "/v1/board/kinds?limit=3");
    const second = await program.api("GET", `/v1/board/kinds?limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(body.data);
  });

  test("a kind is added, then replaced by its key", async () => {
    const made = await program.api("POST", "/v1/board/kinds", court());
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body).toEqual({ ...court(), revision: expect.any(String), warnings: [] });
    const again = await program.api("POST", "/v1/board/kinds", { ...made.body, label: "Tennis court" });
    expect(again.status).toBe(200);
    const { body } = await program.api("GET", "/v1/board/kinds");
    const courts = body.data.filter((kind: { key: string }) => kind.key === "court");
    expect(courts).toEqual([{ ...court(), label: "Tennis court", revision: expect.any(String) }]);
  });

  test("wordings that are left out are made from what is there", async () => {
    const { body } = await program.api("POST", "/v1/board/kinds", {
      key: "road",
      label: "Road",
      fields: [{ key: "status", values: [{ key: "open", verbs: ["open", "clear"] }, { key: "closed" }] }],
    });
    expect(body).toMatchObject({
      plural: "Roads",
      hints: ["road", "roads"],
      labelUse: "needed",
      fields: [
        {
          default: null,
          values: [
            { key: "open", state: "open", ask: "Open", verbs: ["open", "clear"] },
            { key: "closed", state: "closed", ask: "Closed", verbs: [] },
          ],
        },
      ],
    });
  });

  test("a verb that is a keyword is warned of", async () => {
    const fields = [
      {
        key: "state",
        values: [
          { key: "ended", verbs: ["stop"] },
          { key: "on", verbs: ["run"] },
        ],
      },
    ];
    const { body } = await program.api("POST", "/v1/board/kinds", { key: "show", label: "Show", fields });
    expect(body.warnings).toEqual([expect.stringContaining("stop")]);
  });

  const value = (key: string, ...verbs: string[]) => ({ key, state: key, ask: key, verbs });
  const field = (over: object) => ({
    fields: [{ key: "status", default: null, values: [value("open")], ...over }],
  });
  const FAULTS: [string, object, string][] = [
    ["a key with capitals", { key: "Court" }, "key"],
    ["a key that is missing", { key: undefined }, "key"],
    ["a label that is empty", { label: " " }, "label"],
    ["a label use that is none", { labelUse: "sometimes" }, "labelUse"],
    ["no fields", { fields: [] }, "fields"],
    ["a field without values", field({ values: [] }), "fields.0.values"],
    ["a default that is no value", field({ default: "shut" }), "fields.0.default"],
    ["a value that comes twice", field({ values: [value("open"), value("open")] }), "fields.0.values.1.key"],
    [
      "one verb for two values",
      field({ values: [value("a", "go"), value("b", "GO!")] }),
      "fields.0.values.1.verbs.0",
    ],
    ["a verb without letters", field({ values: [value("a", "go", "?!")] }), "fields.0.values.0.verbs.1"],
    ["a hint without letters", { hints: ["\u0000"] }, "hints.0"],
    ["a key nobody knows", { colour: "red" }, "colour"],
    ["a key nobody knows, deep down", field({ value: [] }), "fields.0.value"],
    [
      "one verb in two fields",
      {
        fields: [
          { key: "status", values: [value("open", "open")] },
          { key: "lights", values: [value("on", "light", "open")] },
        ],
      },
      "fields.1.values.0.verbs.1",
    ],
    [
      "a field that comes twice",
      {
        fields: [
          { key: "status", values: [value("a")] },
          { key: "status", values: [value("b")] },
        ],
      },
      "fields.1.key",
    ],
  ];
  test.for(FAULTS)("%s is refused by name", async ([, fault, path]) => {
    const { status, body } = await program.api("POST", "/v1/board/kinds", court(fault));
    expect(status, JSON.stringify(body)).toBe(400);
    expect(body.error).toBe("validation_error");
    expect(body.issues[0].path).toBe(path);
  });

  test("a value that items still have cannot go", async () => {
    const kind = {
      key: "lot",
      label: "Lot",
      fields: [{ key: "status", values: [value("free"), value("full")] }],
    };
    await program.api("POST", "/v1/board/kinds", kind);
    const item = await makeItem({ kind: "lot", name: "Lot A", fields: { status: "full" } });
    const less = { ...kind, fields: [{ key: "status", values: [value("free")] }] };
    const refused = await program.api("POST", "/v1/board/kinds", less);
    expect(refused.status).toBe(409);
    expect(refused.body.issues[0].path).toBe("fields.0.values");
    await program.api("PATCH", `/v1/board/items/${item.id}`, { fields: { status: "free" } });
    expect((await program.api("POST", "/v1/board/kinds", less)).status).toBe(200);
  });
});

describe("items", () => {
  test("an item is made at the end of the board, with the defaults of its kind", async () => {
    const before = await allItems();
    const made = await makeItem({
      kind: "trail",
      name: "Home Run",
      aliases: ["hr"],
      number: 7,
      area: "North",
    });
    expect(made).toEqual({
      id: expect.stringMatching(/^itm_/),
      kind: "trail",
      name: "Home Run",
      aliases: ["hr"],
      number: 7,
      area: "North",
      fields: { status: null, groomed: "no" },
      archived: false,
      position: expect.any(Number),
      revision: 0,
      updatedAt: expect.stringMatching(/Z$/),
      updatedBy: { kind: "key", id: expect.stringMatching(/^key_/), name: "First key" },
      warnings: [],
    });
    const after = await allItems();
    expect(after.map((item) => item.id)).toEqual([...before.map((item) => item.id), made.id]);
    expect((await program.api("GET", `/v1/board/items/${made.id}`)).body).toEqual(made);
    expect(await changesOf(made.id)).toEqual([]);
  });

  test("a name that is a keyword is warned of", async () => {
    expect((await makeItem({ name: "Help", aliases: ["undo"] })).warnings).toHaveLength(2);
    await makeItem({ name: "Twin Gate" });
    expect((await makeItem({ name: "twin gate" })).warnings).toEqual([
      expect.stringContaining("cannot tell them apart"),
    ]);
  });

  test("pages and filters", async () => {
    const all = await allItems();
    const pages: Item[] = [];
    let cursor = "";
    do {
      const { body } = await program.api("GET", `/v1/board/items?limit=4${cursor}`);
      expect(body.data.length).toBeLessThanOrEqual(4);
      pages.push(...body.data);
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : "";
    } while (cursor !== "");
    expect(pages).toEqual(all);
    expect((await allItems("&kind=lift")).every((item) => item.kind === "lift")).toBe(true);
    expect(await allItems("&archived=true")).toEqual([]);
  });

  test("a change of a field is logged, told, and remembered", async () => {
    const { id } = await makeItem({ fields: { status: "closed" } });
    const { status, body } = await program.api("PATCH", `/v1/board/items/${id}`, {
      fields: { status: "open" },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ fields: { status: "open" }, revision: 1, updatedBy: { name: "First key" } });
    const [change, ...more] = await changesOf(id);
    expect(more).toEqual([]);
    expect(change).toEqual({
      id: expect.stringMatching(/^chg_/),
      itemId: id,
      item: "Gate X",
      kind: "gate",
      field: "status",
      from: "closed",
      to: "open",
      by: { kind: "key", id: expect.any(String), name: "First key" },
      commandId: null,
      reverses: null,
      at: body.updatedAt,
    });
    expect(await eventsOf(id)).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        type: "board.item.changed",
        timestamp: body.updatedAt,
        tenantId: program.tenantId,
        data: {
          item: { id, kind: "gate", name: "Gate X", number: null, area: null, fields: { status: "open" } },
          changes: [{ field: "status", from: "closed", to: "open" }],
          by: change.by,
          commandId: null,
          revision: 1,
          at: body.updatedAt,
        },
      },
    ]);
  });

  test("two fields at once are one step with one event", async () => {
    const { id } = await makeItem({ kind: "trail", name: "Twin" });
    const { body } = await program.api("PATCH", `/v1/board/items/${id}`, {
      fields: { status: "open", groomed: "yes" },
      name: "Twin Run",
    });
    expect(body).toMatchObject({ revision: 1, name: "Twin Run", fields: { status: "open", groomed: "yes" } });
    expect(await changesOf(id)).toHaveLength(2);
    const events = await eventsOf(id);
    expect(events).toHaveLength(1);
    expect(events[0].data.changes).toHaveLength(2);
    const unset = await program.api("PATCH", `/v1/board/items/${id}`, { fields: { status: null } });
    expect(unset.body.fields).toEqual({ status: null, groomed: "yes" });
  });

  test("what changes nothing leaves no trace", async () => {
    const made = await makeItem({ fields: { status: "open" } });
    const path = `/v1/board/items/${made.id}`;
    for (const patch of [{}, { fields: {} }, { fields: { status: "open" } }, made]) {
      const { status, body } = await program.api("PATCH", path, patch);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toEqual(made);
    }
    expect(await changesOf(made.id)).toEqual([]);
    expect(await eventsOf(made.id)).toEqual([]);
  });

  test("renaming, moving and archiving change the item but no state", async () => {
    const { id } = await makeItem();
    const patch = { name: "Gate Y", aliases: ["y"], number: 12, area: "South", archived: true, position: 3 };
    const { body } = await program.api("PATCH", `/v1/board/items/${id}`, patch);
    expect(body).toMatchObject({ ...patch, revision: 1 });
    expect(await eventsOf(id)).toEqual([]);
    const { body: log } = await program.api("GET", "/v1/audit?limit=1");
    expect(log.data[0]).toMatchObject({ action: "board.item.changed", object: id, detail: patch });
  });

  test("a deleted item is gone, and its changes stay", async () => {
    const { id } = await makeItem();
    await program.api("PATCH", `/v1/board/items/${id}`, { fields: { status: "open" } });
    expect((await program.api("DELETE", `/v1/board/items/${id}`)).status).toBe(204);
    expect((await program.api("GET", `/v1/board/items/${id}`)).status).toBe(404);
    expect((await program.api("PATCH", `/v1/board/items/${id}`, { name: "x" })).status).toBe(404);
    expect((await program.api("DELETE", `/v1/board/items/${id}`)).status).toBe(404);
    expect(await changesOf(id)).toHaveLength(1);
  });

  const FAULTS: [string, object, string][] = [
    ["an unknown kind", { kind: "lfit" }, "kind"],
    ["no kind", { kind: undefined }, "kind"],
    ["a kind that is a number", { kind: 3 }, "kind"],
    ["no name", { name: "\u0000 " }, "name"],
    ["a name of a thousand letters", { name: "x".repeat(1_000) }, "name"],
    ["an alias that is empty", { aliases: ["gx", ""] }, "aliases.1"],
    ["a number that is a text", { number: "5" }, "number"],
    ["a number with a point", { number: 1.5 }, "number"],
    ["a number too large to keep", { number: 1e12 }, "number"],
    ["a position too large to keep", { position: 1e12 }, "position"],
    ["an unknown field", { fields: { colour: "red" } }, "fields.colour"],
    ["a field of all objects", { fields: { constructor: "open" } }, "fields.constructor"],
    ["an unknown value", { fields: { status: "ajar" } }, "fields.status"],
    ["a value of all objects", { fields: { status: "constructor" } }, "fields.status"],
    ["a value that is a flag", { fields: { status: true } }, "fields.status"],
    ["a value with half a character", { fields: { status: "op\ud800en" } }, "fields.status"],
    ["fields that are a list", { fields: ["open"] }, "fields"],
    ["a key nobody knows", { status: "open" }, "status"],
  ];
  test.for(FAULTS)("%s is refused by name", async ([what, fault, path]) => {
    const made = await makeItem();
    const one = await program.api("POST", "/v1/board/items", { kind: "gate", name: "Gate X", ...fault });
    expect(one.status, JSON.stringify(one.body)).toBe(400);
    expect(one.body.issues[0].path).toBe(path);
    const good = { kind: "gate", name: "Gate X" };
    const many = await program.api("POST", "/v1/board/items", { items: [good, { ...good, ...fault }] });
    expect(many.status).toBe(400);
    expect(many.body.issues[0].path).toBe(`items.1.${path}`);
    if (what === "no kind") return;
    const patched = await program.api("PATCH", `/v1/board/items/${made.id}`, fault);
    expect(patched.status).toBe(400);
    expect(patched.body.issues[0].path).toBe(path);
    expect((await program.api("GET", `/v1/board/items/${made.id}`)).body).toEqual(made);
  });

  test.for([
    ["/v1/board/items?cursor=bm9uc2Vuc2U", "cursor"],
    ["/v1/board/items?limit=1000", "limit"],
    ["/v1/board/items?archived=maybe", "archived"],
    ["/v1/board/changes?since=yesterday", "since"],
  ])("%s is refused by name", async ([path = "", field = ""]) => {
    const { status, body } = await program.api("GET", path);
    expect(status).toBe(400);
    expect(body.issues[0].path).toBe(field);
  });

  test("texts that no database can hold are cleaned or not found", async () => {
    const made = await makeItem({ name: "G\u0000ate \ud800", area: "N\u0000orth", aliases: ["\udfffx"] });
    expect(made).toMatchObject({ name: "Gate \ufffd", area: "North" });
    for (const path of ["/v1/board/items/%00", "/v1/board/changes?item=%00", "/v1/board/items?kind=%00"]) {
      expect((await program.api("GET", path)).status).toBeLessThan(500);
    }
  });

  test("changes are filtered and cut into pages", async () => {
    const { id } = await makeItem({ kind: "trail", name: "Busy" });
    for (const status of ["open", "closed", "hold"]) {
      await program.api("PATCH", `/v1/board/items/${id}`, { fields: { status, groomed: "yes" } });
    }
    const all = await changesOf(id);
    const values = all.map((change: { to: string }) => change.to);
    expect(values.filter((value: string) => value !== "yes")).toEqual(["hold", "closed", "open"]);
    expect(values).toHaveLength(4);
    const groomed = await program.api("GET", `/v1/board/changes?item=${id}&field=groomed`);
    expect(groomed.body.data).toHaveLength(1);
    const first = await program.api("GET", `/v1/board/changes?item=${id}&limit=3`);
    const second = await program.api(
      "GET",
      `/v1/board/changes?item=${id}&limit=3&cursor=${first.body.nextCursor}`,
    );
    expect([...first.body.data, ...second.body.data]).toEqual(all);
    const at = encodeURIComponent(all[0].at);
    expect((await program.api("GET", `/v1/board/changes?item=${id}&since=${at}`)).body.data).toEqual([
      all[0],
    ]);
    expect((await program.api("GET", `/v1/board/changes?item=${id}&until=${at}`)).body.data).toEqual(
      all.slice(1),
    );
  });

  test("ten thousand items are loaded, and a chunk with one bad item leaves nothing", async () => {
    const count = (await allItems("&kind=road")).length;
    const chunk = (n: number) =>
      Array.from({ length: 1_000 }, (_, i) => ({
        kind: "road",
        name: `Road ${n * 1_000 + i}`,
        number: n * 1_000 + i,
      }));
    for (let n = 0; n < 10; n++) {
      const { status, body } = await program.api("POST", "/v1/board/items", { items: chunk(n) });
      expect(status).toBe(201);
      expect(body.items).toHaveLength(1_000);
    }
    const items = await allItems("&kind=road");
    expect(items).toHaveLength(count + 10_000);
    expect(items.map((item) => item.name).slice(-10_000)).toEqual(
      Array.from({ length: 10_000 }, (_, i) => `Road ${i}`),
    );
    const bad = [...chunk(11).slice(1), { kind: "road", name: "Road", fields: { status: "ajar" } }];
    expect((await program.api("POST", "/v1/board/items", { items: bad })).status).toBe(400);
    const tooMany = [...chunk(11), { kind: "road", name: "Road" }];
    const refused = await program.api("POST", "/v1/board/items", { items: tooMany });
    expect([refused.status, refused.body.issues[0].path]).toEqual([400, "items"]);
    expect(await allItems("&kind=road")).toHaveLength(count + 10_000);
  });

  test("changes at once are all counted", async () => {
    const { id } = await makeItem({ kind: "trail", name: "Contested" });
    const values = ["open", "closed", "hold", "open", "closed", "hold"];
    await Promise.all(
      values.map((status) => program.api("PATCH", `/v1/board/items/${id}`, { fields: { status } })),
    );
    const changes = (await changesOf(id)).reverse();
    let state: string | null = null;
    for (const change of changes) {
      expect(change.from).toBe(state);
      state = change.to;
    }
    const { body } = await program.api("GET", `/v1/board/items/${id}`);
    expect(body).toMatchObject({ fields: { status: state }, revision: changes.length });
  });

  test("other accounts neither see nor touch an item", async () => {
    const { id } = await makeItem();
    const as = { authorization: `Bearer ${await otherTenantKey(program)}` };
    expect((await program.api("GET", `/v1/board/items/${id}`, undefined, as)).status).toBe(404);
    expect((await program.api("PATCH", `/v1/board/items/${id}`, { name: "x" }, as)).status).toBe(404);
    expect((await program.api("DELETE", `/v1/board/items/${id}`, undefined, as)).status).toBe(404);
    expect((await program.api("GET", "/v1/board/items", undefined, as)).body.data).toEqual([]);
    expect((await program.api("GET", "/v1/board/changes", undefined, as)).body.data).toEqual([]);
    const none = await program.api("POST", "/v1/board/items", { kind: "gate", name: "Gate" }, as);
    expect(none.body.issues[0].path).toBe("kind");
  });
});
