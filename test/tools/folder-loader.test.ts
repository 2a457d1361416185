import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadFolder } from "../../src/tools/folder-loader.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "folder-loader-"));
});
afterAll(() => rm(folder, { recursive: true }));

function isText(value: unknown): value is string {
  return typeof value === "string";
}

test("collects one export of every file, sorted, and leaves the rest alone", async () => {
  const place = join(folder, "good");
  await mkdir(join(place, "parts"), { recursive: true });
  await writeFile(join(place, "beta.ts"), 'export const member: string = "b";');
  await writeFile(join(place, "alpha.ts"), 'export const member: string = "a";');
  await writeFile(join(place, "types.ts"), "throw new Error('never read');");
  await writeFile(join(place, "notes.md"), "#");
  await writeFile(join(place, "parts", "gamma.ts"), "throw new Error('never read');");
  expect([...(await loadFolder(place, "member", isText))]).toEqual([
    ["alpha", "a"],
    ["beta", "b"],
  ]);
});

test.each([
  ["none", "export const other = 1;", /none\.ts has no export named "member"/],
  ["wrong", "export const member = 1;", /wrong\.ts: "member" does not have the expected shape/],
])("a file with %s stops the start", async (name, content, message) => {
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, `${name}.ts`), content);
  await expect(loadFolder(place, "member", isText)).rejects.toThrow(message);
});
