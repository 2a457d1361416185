import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

/** The walls of docs/house.md, held by a test: it reads every import of src/. */

const SRC = join(import.meta.dirname, "../src");

/** What each room may import, of our own; a room's own files are always allowed. */
const MAY_IMPORT: Record<string, string[]> = {
  domain: [],
  tools: [],
  router: ["domain"],
  channels: ["domain", "tools"],
  store: ["domain", "tools"],
  delivery: ["channels:types", "domain", "tools"],
  workers: ["store", "router", "delivery", "domain", "tools", "channels:types"],
  http: ["store", "domain", "tools", "channels:types"],
};

/** Folders whose files are siblings: none imports another. */
const LEAF_FOLDERS = ["channels", "router/rules/actions"];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = walk(SRC).filter((file) => file.endsWith(".ts"));
const sources = new Map(files.map((file) => [relative(SRC, file), readFileSync(file, "utf8")]));
const imports = [...sources].flatMap(([file, source]) => importsOf(file, source));

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  for (const match of source.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"(\.[^"]+)"/gm)) {
    const to = normalize(join(dirname(file), match[2] ?? ""));
    found.push({ from: file, to, typeOnly: match[1] !== undefined });
  }
  return found;
}

/** The room of a file: its first folder; files beside the rooms are the fifth floor. */
function roomOf(file: string): string {
  const [first = "", second] = file.split("/");
  return second === undefined ? "floor 5" : first;
}

describe("the floors", () => {
  test("every file lives in a known room", () => {
    const rooms = new Set([...sources.keys()].map(roomOf));
    for (const room of rooms) expect([...Object.keys(MAY_IMPORT), "floor 5"]).toContain(room);
  });

  test("imports go down only", () => {
    const breaches = imports.filter(({ from, to }) => {
      const room = roomOf(from);
      const target = roomOf(to);
      if (room === "floor 5" || room === target) return false;
      const allowed = MAY_IMPORT[room] ?? [];
      if (allowed.includes(target)) return false;
      return !(allowed.includes(`${target}:types`) && to === `${target}/types.ts`);
    });
    expect(breaches).toEqual([]);
  });

  test("types of channels are only types", () => {
    const breaches = imports.filter(
      ({ from, to, typeOnly }) => to === "channels/types.ts" && roomOf(from) !== "channels" && !typeOnly,
    );
    expect(breaches).toEqual([]);
  });

  test("siblings in a leaf folder do not import each other", () => {
    const breaches = imports.filter(({ from, to, typeOnly }) =>
      LEAF_FOLDERS.some((folder) => {
        const isLeaf = (file: string) => dirname(file) === folder && file !== `${folder}/types.ts`;
        return !typeOnly && isLeaf(from) && isLeaf(to);
      }),
    );
    expect(breaches).toEqual([]);
  });

  test("there is no run-time import ring", () => {
    const next = Map.groupBy(
      imports.filter((entry) => !entry.typeOnly),
      (entry) => entry.from,
    );
    const done = new Set<string>();
    const path: string[] = [];
    const rings: string[] = [];
    function visit(file: string): void {
      const at = path.indexOf(file);
      if (at >= 0) rings.push([...path.slice(at), file].join(" -> "));
      if (at >= 0 || done.has(file)) return;
      path.push(file);
      for (const { to } of next.get(file) ?? []) visit(to);
      path.pop();
      done.add(file);
    }
    for (const file of sources.keys()) visit(file);
    expect(rings).toEqual([]);
  });
});

describe("what only one room does", () => {
  function breaches(pattern: RegExp, allowed: (file: string) => boolean): string[] {
    return [...sources].flatMap(([file, source]) => (!allowed(file) && pattern.test(source) ? [file] : []));
  }

  test("SQL stands in store/", () => {
    const sql = /\b(?:select\s[\s\S]{0,200}?\sfrom|insert\s+into|delete\s+from|update\s+\w+\s+set)\s/;
    const orm = /\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(/;
    expect(breaches(sql, (file) => roomOf(file) === "store")).toEqual([]);
    expect(breaches(orm, (file) => roomOf(file) === "store")).toEqual([]);
  });

  test("HTTP leaves through tools/outbound-http.ts", () => {
    const http = /\bfetch\(|from "undici"|from "node:https?"/;
    // The command line talks to the program itself.
    const allowed = ["tools/outbound-http.ts", "cli.ts"];
    expect(breaches(http, (file) => allowed.includes(file))).toEqual([]);
  });

  test("the environment is read by config.ts", () => {
    // The database's own program is started with the environment it found.
    const allowed = (file: string) => file === "config.ts" || file.startsWith("store/embedded/");
    expect(breaches(/process\.env/, allowed)).toEqual([]);
  });

  test("channels and the router do not look at the clock", () => {
    const clock = /Date\.now\(|performance\.now\(|new Date\(\)/;
    expect(breaches(clock, (file) => !["channels", "router"].includes(roomOf(file)))).toEqual([]);
  });
});

test("no file is longer than 400 lines", () => {
  const long = [...sources].filter(([, source]) => source.split("\n").length > 401).map(([file]) => file);
  expect(long).toEqual([]);
});
