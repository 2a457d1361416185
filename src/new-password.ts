import { parseArgs } from "node:util";
import type { Config } from "./config.ts";
import { publicUrlAt } from "./config.ts";
import { makePasswordLink, resetTwoFactor } from "./http/portal/password-link.ts";
import { readLocalAccess } from "./local-access.ts";
import type { Database } from "./store/database.ts";
import { openDatabase } from "./store/database.ts";
import { borrowEmbeddedPostgres } from "./store/embedded/borrow.ts";
import { connectionsOf } from "./store/hosts.ts";
import { migrate } from "./store/migrate.ts";
import { everybody } from "./store/team.ts";
import { createLog } from "./tools/log.ts";

/*
 * `npm run new-password -- anna@example.com [--drop-two-factor]`: lets somebody back in, the only owner too. Whoever runs the
 * machine holds the database anyway. It writes there itself, so it works whether or not the program runs.
 */

const USAGE = "Usage: npm run new-password -- somebody@example.com [--drop-two-factor]";

/** Answers the lines to print, and whether it was done. */
export async function newPassword(config: Config, args: string[]): Promise<{ ok: boolean; lines: string[] }> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { "drop-two-factor": { type: "boolean", default: false } },
  });
  const database = await borrowDatabase(config);
  if (!database)
    return no("Signalbox has not run here yet: there is nobody in DATA_DIR. Start it with npm start.");
  try {
    return await letIn(database.database, config, positionals[0] ?? null, values["drop-two-factor"]);
  } finally {
    await database.giveBack();
  }
}

async function letIn(database: Database, config: Config, typed: string | null, dropsTwoFactor: boolean) {
  await migrate(database);
  const people = await everybody(database);
  if (people.length === 0)
    return no("Nobody signs in yet. npm start prints the link that makes the first owner.");
  const person = people.find(({ email }) => email === typed?.trim().toLowerCase());
  if (!person) {
    const known = people.map(({ email, role }) => `  ${email}   (${role})`);
    return no(...(typed === null ? [USAGE] : [`There is no ${typed}.`]), "These may sign in:", ...known);
  }
  const actor = { kind: "key" as const, id: "command", name: "Command on the server itself" };
  const publicUrl = publicUrlAt(config, await portOf(config));
  const { tenantId } = person;
  const { link, dropped } = await database.transact(async (tx) => ({
    dropped: dropsTwoFactor && (await resetTwoFactor(tx, { tenantId, person, actor })),
    ...(await makePasswordLink(tx, { tenantId, person, by: "command", actor, publicUrl, now: Date.now() })),
  }));
  return {
    ok: true,
    lines: [
      `A new password for ${person.name} (${person.email}), once, within an hour, while Signalbox runs:`,
      `  ${link}`,
      ...(dropsTwoFactor ? [dropped ? "Two-factor is off." : "There was no two-factor to turn off."] : []),
    ],
  };
}

function no(...lines: string[]) {
  return { ok: false, lines };
}

/** Where the program listens, or did when it ran last. */
async function portOf(config: Config): Promise<number> {
  const access = await readLocalAccess(config.dataDir);
  const port = Number(URL.parse(access?.url ?? "")?.port);
  return port > 0 ? port : config.port;
}

async function borrowDatabase(
  config: Config,
): Promise<{ database: Database; giveBack: () => Promise<void> } | null> {
  const log = createLog({ level: "error", pretty: config.prettyLogs });
  const embedded =
    config.databaseUrl === null ? await borrowEmbeddedPostgres({ dataDir: config.dataDir, log }) : null;
  if (config.databaseUrl === null && !embedded) return null;
  const connections = embedded ? [embedded.connection] : connectionsOf(config.databaseUrl ?? "");
  const database = openDatabase({ connections, maxConnections: 2, onError: () => undefined });
  return {
    database,
    async giveBack() {
      await database.close();
      await embedded?.giveBack();
    },
  };
}
