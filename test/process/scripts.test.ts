import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { cleanUp, isAlive, NODE, newFolder, until } from "./hosts.ts";

afterEach(cleanUp);

/** Stands in for npm: notes each call and installs what the lock file asks for. */
const FAKE_NPM = `
const { appendFileSync, mkdirSync, writeFileSync, readFileSync, rmSync, symlinkSync } = require("node:fs");
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
if (readFileSync("package-lock.json", "utf8").includes("unpublished")) process.exit(7);
rmSync("node_modules", { recursive: true, force: true });
mkdirSync("node_modules/node/bin", { recursive: true });
symlinkSync(process.execPath, "node_modules/node/bin/node");
writeFileSync("node_modules/.package-lock.json", readFileSync("package-lock.json"));
`;

interface Clone {
  folder: string;
  env: NodeJS.ProcessEnv;
  run(...args: string[]): SpawnSyncReturns<string>;
  lock(packages: Record<string, unknown>): Promise<void>;
  calls(): Promise<string[]>;
}

/** A fresh clone of a program that has nothing but our scripts and the given main file. */
async function newClone(main: string): Promise<Clone> {
  const folder = await newFolder();
  await cp(fileURLToPath(new URL("../../scripts", import.meta.url)), join(folder, "scripts"), {
    recursive: true,
  });
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await writeFile(join(folder, "src", "main.ts"), main);
  await mkdir(join(folder, "npm"));
  await writeFile(join(folder, "npm", "package.json"), '{"type":"commonjs"}');
  await writeFile(join(folder, "npm", "cli.js"), FAKE_NPM);
  const env: NodeJS.ProcessEnv = { PATH: "/usr/bin:/bin", npm_execpath: join(folder, "npm", "cli.js") };
  env.npm_node_execpath = NODE;
  const clone: Clone = {
    folder,
    env,
    run: (...args) =>
      spawnSync(NODE, [join(folder, "scripts", "run.mjs"), ...args], { env, cwd: folder, encoding: "utf8" }),
    lock: (packages) => writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages })),
    calls: async () =>
      (await readFile(join(folder, "calls"), "utf8").catch(() => "")).split("\n").filter(Boolean),
  };
  await clone.lock({ "": {}, "node_modules/node": { version: "26.0.0" } });
  return clone;
}

test("a fresh clone is installed once, again when the lock file changes, and the program's code comes through", async () => {
  const clone = await newClone("process.exit(Number(process.argv[2]) as number);");
  const first = clone.run("src/main.ts", "5");
  expect(first.stdout).toContain("because nothing is installed yet");
  expect(first.status).toBe(5);
  expect(clone.run("src/main.ts", "0")).toMatchObject({ status: 0, stdout: "" });
  expect(await clone.calls()).toHaveLength(1);
  await clone.lock({
    "": {},
    "node_modules/node": { version: "26.1.0" },
    "node_modules/elsewhere": { version: "1.0.0", optional: true },
    "node_modules/checker": { version: "1.0.0", dev: true },
  });
  const changed = clone.run("src/main.ts", "0");
  expect(changed.stdout).toContain("because node is not at 26.1.0");
  expect(await clone.calls()).toHaveLength(2);
});

test("a failed installation is one line with the exit code, and the program is not started", async () => {
  const clone = await newClone("console.log('started');");
  await clone.lock({ "": {}, "node_modules/unpublished": { version: "1.0.0" } });
  const result = clone.run("src/main.ts");
  expect(result.status).toBe(1);
  expect(result.stderr.trim().split("\n")).toEqual([
    expect.stringContaining("npm ci failed with exit code 7"),
  ]);
  expect(result.stdout).not.toContain("started");
});

const SERVICE = `
process.on("SIGTERM", () => { console.log("term"); process.exit(9); });
process.on("disconnect", () => { process.exit(0); });
console.log(process.pid);
`;

test("a signal reaches the program, whose exit code is passed on", async () => {
  const clone = await newClone(SERVICE);
  clone.run("src/absent.ts");
  const child = spawn(NODE, [join(clone.folder, "scripts", "run.mjs"), "src/main.ts"], { env: clone.env });
  const code = new Promise((resolve) => child.on("close", resolve));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  child.kill("SIGTERM");
  expect(await lines.next()).toMatchObject({ value: "term" });
  expect(await code).toBe(9);
});

test("the program notices that its wrapper was killed", async () => {
  const clone = await newClone(SERVICE);
  clone.run("src/absent.ts");
  const child = spawn(NODE, [join(clone.folder, "scripts", "run.mjs"), "src/main.ts"], { env: clone.env });
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  child.kill("SIGKILL");
  await until(() => !isAlive(Number(value)), "the program to end");
});
