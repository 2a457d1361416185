import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../../tools/log.ts";
import { serverAccount } from "./account.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { EmbeddedPostgresFailure } from "./failure.ts";
import type { PostgresConnection } from "./ownership.ts";
import { connectionTo } from "./ownership.ts";
import { preparePlaces } from "./places.ts";
import { findPostmaster } from "./postmaster.ts";

/** An embedded database for a short while, whether or not a program runs on it. */
export interface BorrowedPostgres {
  connection: PostgresConnection;
  /** Ends the server if it was started for this. */
  giveBack(): Promise<void>;
}

/**
 * The database of DATA_DIR: the one a running program holds, else started. Null: none was ever made there.
 *
 * @throws {EmbeddedPostgresFailure} with one line that may be shown as it is.
 */
export async function borrowEmbeddedPostgres(options: {
  dataDir: string;
  log: Logger;
}): Promise<BorrowedPostgres | null> {
  const isThere = await stat(join(options.dataDir, "postgres")).catch(() => null);
  if (!isThere) return null;
  try {
    const { connection, stop } = await startEmbeddedPostgres(options);
    return { connection, giveBack: stop };
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresFailure) || error.code !== "in_use") throw error;
    const places = await preparePlaces(options.dataDir, serverAccount());
    const server = await findPostmaster(places);
    if (!server) throw error;
    return { connection: connectionTo(places, server.port), giveBack: async () => undefined };
  }
}
