import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/store/database.ts";
import type { EmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { startEmbeddedPostgres } from "../../src/store/embedded/embedded-postgres.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createLog } from "../../src/tools/log.ts";
import { TEMPLATE } from "./database.ts";

/**
 * Nobody pulls the plug of a test run: without waiting for the disk a database is made in a fifth of the time.
 * And a dozen programs may run on this one server.
 */
const SETTINGS = { fsync: "off", full_page_writes: "off", max_connections: "300" };

let dataDir = "";
let server: EmbeddedPostgres | null = null;

/** One embedded server for the whole run; each test file takes databases of its own from it. */
export async function setup(project: TestProject): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  await chmod(dataDir, 0o711);
  const log = createLog({ level: "error", pretty: false });
  server = await startEmbeddedPostgres({ dataDir, log, settings: SETTINGS });
  await makeTemplate(server.connection);
  project.provide("postgres", { ...server.connection });
  project.provide("dataDir", dataDir);
}

async function makeTemplate(connection: EmbeddedPostgres["connection"]): Promise<void> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  const template = openDatabase({
    connections: [{ ...connection, database: TEMPLATE }],
    maxConnections: 2,
    onError: () => undefined,
  });
  await migrate(template);
  await template.close();
  await client.query(`alter database ${TEMPLATE} is_template true allow_connections false`);
  await client.end();
}

export async function teardown(): Promise<void> {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
