import { describe, expect, test } from "vitest";
import { parsePath, textAt } from "../../src/tools/json-path.ts";

const BODY = {
  to: "+6581230000",
  customer: { phone: "+14155550101", "odd.key": "odd", 'q"uote': "quoted", "": "nameless" },
  items: [{ phone: "1" }, { phone: 2.5 }],
  deep: { a: { b: { c: { d: "down" } } } },
  yes: true,
  nothing: null,
  empty: "",
  length: "own",
};

test.each([
  ["to", "+6581230000"],
  ["$.to", "+6581230000"],
  ["customer.phone", "+14155550101"],
  ["$.customer.phone", "+14155550101"],
  ["$['customer'][\"phone\"]", "+14155550101"],
  ['customer["odd.key"]', "odd"],
  ['customer["q\\"uote"]', "quoted"],
  ["items[0].phone", "1"],
  ["items.0.phone", "1"],
  ["items[1].phone", "2.5"],
  ["deep.a.b.c.d", "down"],
  [" to ", "+6581230000"],
  ["empty", ""],
  ["length", "own"],
  ["items.length", null],
  ["items[2].phone", null],
  ["items.-1.phone", null],
  ["customer", null],
  ["items", null],
  ["yes", null],
  ["nothing", null],
  ["nothing.phone", null],
  ["to.length", null],
  ["to.0", null],
  ["toString", null],
  ["constructor.name", null],
  ["__proto__.to", null],
  ["customer.__proto__.phone", null],
  ["customer.hasOwnProperty.name", null],
  ["items.constructor.prototype", null],
])("%s finds %j", (path, value) => {
  const parsed = parsePath(path);
  expect(parsed).not.toBeNull();
  expect(textAt(BODY, parsed ?? [])).toBe(value);
});

describe("what is no path", () => {
  test.each([
    "",
    " ",
    "$",
    ".to",
    "a..b",
    "a.",
    "a[",
    "a]",
    "a[b]",
    "a[*]",
    "a[-1]",
    "a['b",
    "a[0]b",
    'a"b"',
    Array.from({ length: 17 }, () => "a").join("."),
  ])("%j", (path) => {
    expect(parsePath(path)).toBeNull();
  });

  test("sixteen levels are one", () => {
    expect(parsePath(Array.from({ length: 16 }, () => "a").join("."))).toHaveLength(16);
  });
});

test("a body may name its own prototype without getting one", () => {
  const body: unknown = JSON.parse('{"__proto__": {"to": "+1"}}');
  expect(textAt(body, parsePath("__proto__.to") ?? [])).toBe("+1");
  expect(textAt(body, parsePath("to") ?? [])).toBeNull();
  expect(textAt("text", ["length"])).toBeNull();
  expect(textAt(undefined, ["to"])).toBeNull();
});
