import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { createLog } from "../../src/tools/log.ts";

/** One embedded server for the whole run; each test file takes databases of its own from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  await chmod(dataDir, 0o711);
  const log = createLog({ level: "error", pretty: false });
  const server = await startEmbeddedPostgres({ dataDir, log });
  project.provide("postgres", { ...server.connection });
  project.provide("dataDir", dataDir);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
