import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SECRET, V1 } from "./vectors.ts";

/** The client is used where the server is not. */

const CLIENT = join(import.meta.dirname, "../../client");

let elsewhere: string;
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), "signalbox-client-"));
});
afterAll(() => rm(elsewhere, { recursive: true }));

test("it imports Node and itself, and nothing else", async () => {
  const files = (await readdir(CLIENT)).filter((name) => name.endsWith(".js") || name.endsWith(".d.ts"));
  expect(files).toContain("index.js");
  for (const file of files) {
    const source = await readFile(join(CLIENT, file), "utf8");
    const imports = [...source.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(imports.filter((name) => !/^(node:|\.\/)/.test(name))).toEqual([]);
  }
});

test("the folder alone is the package signalbox/client", async () => {
  const installed = join(elsewhere, "node_modules/signalbox");
  await mkdir(installed, { recursive: true });
  await cp(CLIENT, installed, { recursive: true });
  const program = `import { createClient, verifyWebhook } from "signalbox/client";
    createClient({ baseUrl: "http://localhost:8080" });
    const headers = { "webhook-id": "${V1.id}", "webhook-timestamp": "${V1.timestamp}",
      "webhook-signature": "${V1.signature}" };
    const body = verifyWebhook('${V1.body}', headers, "${SECRET}", { now: ${V1.timestamp}000 });
    console.log(body.test);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: elsewhere,
  });
  expect(stdout).toBe("2432232314\n");
});

test("what is declared is what there is", async () => {
  const declared = await readFile(join(CLIENT, "index.d.ts"), "utf8");
  const names = [...declared.matchAll(/^export (?:function|class) (\w+)/gm)].map((match) => match[1]);
  expect(Object.keys(await import("signalbox/client")).sort()).toEqual(names.sort());
});
