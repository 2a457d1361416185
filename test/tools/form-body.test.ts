import { describe, expect, test } from "vitest";
import {
  fieldValue,
  isFormType,
  queryOf,
  readForm,
  readQuery,
  sortedFields,
  withoutFragment,
  withoutQuery,
} from "../../src/tools/form-body.ts";

function pairs(text: string | Buffer): [string, string][] | null {
  return readForm(Buffer.from(text))?.map(({ name, value }): [string, string] => [name, value]) ?? null;
}

describe("forms", () => {
  test.each<[string, [string, string][]]>([
    ["", []],
    ["a=1&b=2", [["a", "1"], ["b", "2"]]], // biome-ignore format: a table
    ["b=2&a=1&b=1", [["b", "2"], ["a", "1"], ["b", "1"]]], // biome-ignore format: a table
    ["a=open+gate%205", [["a", "open gate 5"]]],
    ["a=%2B1%3D%26%25", [["a", "+1=&%"]]],
    ["a=1=2", [["a", "1=2"]]],
    ["a&b=&=c", [["a", ""], ["b", ""], ["", "c"]]], // biome-ignore format: a table
    ["&&a=1&", [["a", "1"]]],
    ["a%5B0%5D=x", [["a[0]", "x"]]],
    ["a=%F0%9F%98%80ü", [["a", "😀ü"]]],
    ["a=%EF%BF%BD", [["a", "\uFFFD"]]],
  ])("%s", (text, expected) => expect(pairs(text)).toEqual(expected));

  test.each(["a=%", "a=%2", "a=%zz", "%4=1", "a=1&b=%u0041", "%FF=1"])("broken: %s", (text) =>
    expect(pairs(text)).toBeNull(),
  );

  test("bytes that are no UTF-8 leave the text and stay in what is signed", () => {
    const fields = readForm(Buffer.from("a=x%FFy"));
    expect(fields).toEqual([{ name: "a", value: "xy", bytes: Buffer.from([0x78, 0xff, 0x79]) }]);
  });

  test("a flood of fields is no form", () => {
    expect(pairs("a=1&".repeat(2_000))).toHaveLength(2_000);
    expect(pairs("a=1&".repeat(2_001))).toBeNull();
  });

  test("first value, and order by bytes", () => {
    const fields = readForm(Buffer.from("b=2&a=2&B=1&a=1&%F0%9F%98%80=5&%EF%BF%BD=4")) ?? [];
    expect(fieldValue(fields, "a")).toBe("2");
    expect(fieldValue(fields, "c")).toBeNull();
    expect(sortedFields(fields).map(({ name, value }) => name + value)).toEqual([
      "B1",
      "a1",
      "a2",
      "b2",
      "\uFFFD4",
      "😀5",
    ]);
    expect(fields[0]?.name).toBe("b");
  });
});

test("addresses are cut, never rebuilt", () => {
  const url = "https://Hub.example.com:443/in/t%2f?b=2&a=%7E#rc=3&x=?";
  expect(withoutFragment(url)).toBe("https://Hub.example.com:443/in/t%2f?b=2&a=%7E");
  expect(withoutQuery(url)).toBe("https://Hub.example.com:443/in/t%2f");
  expect(queryOf(url)).toBe("b=2&a=%7E");
  expect(readQuery(url)?.map(({ name, value }) => name + value)).toEqual(["b2", "a~"]);
  expect(readQuery("https://a/")).toEqual([]);
  expect(readQuery("https://a/?%")).toBeNull();
  expect(withoutQuery("https://a/#?x")).toBe("https://a/");
});

test.each([
  ["application/x-www-form-urlencoded", true],
  ["Application/X-WWW-Form-Urlencoded; charset=UTF-8", true],
  ["application/json", false],
  ["", false],
  [null, false],
])("form type %j: %s", (type, form) => expect(isFormType(type)).toBe(form));
