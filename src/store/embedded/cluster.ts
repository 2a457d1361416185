import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { codeOf, EmbeddedPostgresFailure, reasonOf } from "./failure.ts";
import type { Places } from "./places.ts";

/** The role that owns the database, and the database. */
export const ROLE = "signalbox";
export const DATABASE = "signalbox";

const DRAFT_PREFIX = "postgres.draft-";

/**
 * Makes the data folder when there is none. It is made under another name and renamed once complete, so it
 * is either whole or absent; of two programs that do this at once the first rename wins and both go on.
 *
 * @returns whether this call made it.
 */
export async function ensureCluster(
  places: Places,
  binaries: Binaries,
  account: Account | null,
): Promise<boolean> {
  if (await isWhole(places, binaries)) return false;
  await removeOldDrafts(places.dataDir);
  const draft = join(places.dataDir, `${DRAFT_PREFIX}${process.pid}-${randomBytes(4).toString("hex")}`);
  const data = join(draft, "data");
  try {
    await makeOwned(draft, account);
    await makeOwned(data, account);
    await initialise(draft, data, places, binaries, account);
    await rename(data, places.cluster);
    await syncFolder(places.dataDir);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error)) && (await isWhole(places, binaries))) return false;
    if (error instanceof EmbeddedPostgresFailure) throw error;
    throw new EmbeddedPostgresFailure("unusable_folder", `Cannot make the database: ${reasonOf(error)}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function isWhole(places: Places, binaries: Binaries): Promise<boolean> {
  let found: string;
  try {
    found = (await readFile(join(places.cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw new EmbeddedPostgresFailure(
      "unusable_folder",
      `Cannot read the database in ${places.cluster} (${codeOf(error)}); it belongs to another user.`,
    );
  }
  if (found === binaries.major) return true;
  throw new EmbeddedPostgresFailure(
    "wrong_version",
    `The database in ${places.cluster} was made by PostgreSQL ${found}, this Signalbox brings ${binaries.major}; bring it over with pg_dump, or start the Signalbox it was made with.`,
  );
}

/**
 * Sorted by code point in every locale, so that an index made on one machine is right on another. The start
 * is durable: initdb syncs what it wrote.
 */
async function initialise(
  draft: string,
  data: string,
  places: Places,
  binaries: Binaries,
  account: Account | null,
): Promise<void> {
  const passwordFile = join(draft, "password");
  await writeFile(passwordFile, `${places.password}\n`, { mode: 0o600 });
  if (account !== null) await chown(passwordFile, account.uid, account.gid);
  const isInside = places.clusterAsSeenByServer !== places.cluster;
  const args = [
    `--pgdata=${isInside ? places.clusterAsSeenByServer : data}`,
    `--username=${ROLE}`,
    `--pwfile=${isInside ? `${places.clusterAsSeenByServer}/../password` : passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
  ];
  const { code, output } = await run(binaries.initdb, args, data, account);
  if (code === 0) return;
  const line = output.split("\n").find((text) => /error|fatal|could not/i.test(text)) ?? output;
  throw new EmbeddedPostgresFailure("start_failed", `initdb failed (${code}): ${line}`);
}

async function run(
  program: string,
  args: string[],
  cwd: string,
  account: Account | null,
): Promise<{ code: number | string | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...serverIdentity(account),
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", (error) => reject(cannotRun(program, error)));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** Spawn options: the account, and an environment that holds none of the program's secrets. */
export function serverIdentity(account: Account | null): {
  uid?: number;
  gid?: number;
  env?: NodeJS.ProcessEnv;
} {
  if (process.platform === "win32") return {};
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  return account === null ? { env } : { env, uid: account.uid, gid: account.gid };
}

export function cannotRun(program: string, error: Error): EmbeddedPostgresFailure {
  const hint =
    codeOf(error) === "ENOENT"
      ? "; the packaged PostgreSQL needs a system with glibc, else set DATABASE_URL"
      : "";
  return new EmbeddedPostgresFailure("no_binaries", `Cannot run ${program} (${codeOf(error)})${hint}.`);
}

async function makeOwned(folder: string, account: Account | null): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (account !== null) await chown(folder, account.uid, account.gid);
}

/** Drafts of programs that ended while they made one. */
async function removeOldDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(DRAFT_PREFIX)) continue;
    const pid = Number(name.slice(DRAFT_PREFIX.length).split("-")[0]);
    if (pid !== process.pid && isRunning(pid)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
