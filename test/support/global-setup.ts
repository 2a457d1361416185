import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { EmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { startEmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { createLog } from "../../src/tools/log.ts";

let dataDir = "";
let server: EmbeddedPostgres | null = null;

/** One embedded server for the whole run; each test file takes databases of its own from it. */
export async function setup(project: TestProject): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  await chmod(dataDir, 0o711);
  server = await startEmbeddedPostgres({ dataDir, log: createLog({ level: "error", pretty: false }) });
  project.provide("postgres", { ...server.connection });
  project.provide("dataDir", dataDir);
}

export async function teardown(): Promise<void> {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
