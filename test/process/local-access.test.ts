import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLocalAccess, writeLocalAccess } from "../../src/local-access.ts";
import { startProgram } from "../support/program.ts";

test("several programs may share one DATA_DIR: none stumbles over another's note", async () => {
  const program = await startProgram();
  const dataDir = await mkdtemp(join(tmpdir(), "signalbox-local-"));
  const options = { dataDir, tenantId: program.tenantId, url: program.url };
  await Promise.all(Array.from({ length: 20 }, () => writeLocalAccess(program.app.database, options)));
  expect(await readLocalAccess(dataDir)).toMatchObject({ url: program.url });
  expect(await readFile(join(dataDir, "local.json"), "utf8")).toContain("sk_live_");
  await program.stop();
  await rm(dataDir, { recursive: true });
});
