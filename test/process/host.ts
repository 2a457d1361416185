/**
 * A program as small as can be on an embedded database, for tests that kill it: prints one JSON line when the
 * database is up, answers SIGTERM by stopping it, and says in one line why it could not start.
 *
 * Arguments: DATA_DIR, and the user id to become first (or "same").
 */
import { packagedBinaries, reachableBinaries } from "../../src/store/embedded/binaries.ts";
import {
  EmbeddedPostgresFailure,
  startEmbeddedPostgres,
} from "../../src/store/embedded/embedded-postgres.ts";
import { createLog } from "../../src/tools/log.ts";

const [dataDir = "", user = "same"] = process.argv.slice(2);
const log = createLog({ level: "debug", pretty: false, destination: process.stderr });

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The repository may lie where the other user cannot look, so all code is loaded and copied before. */
async function becomeUser(id: number) {
  const binaries = await reachableBinaries(await packagedBinaries(), dataDir, {
    name: user,
    uid: id,
    gid: id,
  });
  process.setgroups?.([]);
  process.setgid?.(id);
  process.setuid?.(id);
  return { binaries };
}

try {
  const options = user === "same" ? {} : await becomeUser(Number(user));
  const database = await startEmbeddedPostgres({
    ...options,
    dataDir,
    log,
    onExit: (failure) => {
      say({ event: "exit", message: failure.message });
      process.exit(3);
    },
  });
  const { adopted, created, connection } = database;
  process.once("SIGTERM", () => {
    void database.stop().then(() => {
      say({ event: "stopped" });
      process.exit(0);
    });
  });
  say({ event: "up", adopted, created, connection, pid: database.pid() });
} catch (error) {
  if (!(error instanceof EmbeddedPostgresFailure)) throw error;
  say({ event: "failed", code: error.code, message: error.message });
  process.exit(2);
}
