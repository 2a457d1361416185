import { createHash, randomBytes } from "node:crypto";
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { codeOf, EmbeddedPostgresFailure, reasonOf } from "./failure.ts";
import { canStartFromInside, firstClosedFolder } from "./reach.ts";

/** Every file and folder of one embedded database. */
export interface Places {
  /** DATA_DIR with links resolved. */
  dataDir: string;
  /** PostgreSQL's data folder, 0700, of the server's account. */
  cluster: string;
  /** What the server is told its data folder is: `cluster`, or its own working folder. */
  clusterAsSeenByServer: string;
  log: string;
  /** Folder of the unix socket; null where only loopback TCP is to be had. */
  socketDir: string | null;
  /** The socket folder lies outside DATA_DIR and goes when the server stops. */
  isSocketDirTemporary: boolean;
  port: number;
  password: string;
}

/** The name in a unix socket address holds about 104 bytes; the file name takes 16 of them. */
const LONGEST_SOCKET_FOLDER = 84;
const SOCKET_PORT = 5432;

/** Makes the folders and the password that are missing. */
export async function preparePlaces(
  givenDataDir: string,
  account: Account | null,
  startsFromInside = canStartFromInside(),
): Promise<Places> {
  const dataDir = await prepareDataDir(givenDataDir, account);
  const cluster = join(dataDir, "postgres");
  const closed = firstClosedFolder(dataDir, account);
  if (closed !== null && !startsFromInside) throw unreachable(closed, dataDir, account);
  const socketDir = process.platform === "win32" ? null : chooseSocketDir(dataDir, closed);
  return {
    dataDir,
    cluster,
    clusterAsSeenByServer: closed === null ? cluster : "/proc/self/cwd",
    log: join(dataDir, "postgres.log"),
    socketDir,
    isSocketDirTemporary: socketDir?.startsWith(dataDir) === false,
    port: socketDir === null ? await freePort() : SOCKET_PORT,
    password: await keptPassword(join(dataDir, "postgres-password")),
  };
}

async function prepareDataDir(given: string, account: Account | null): Promise<string> {
  try {
    await mkdir(given, { recursive: true, mode: account === null ? 0o700 : 0o711 });
    const dataDir = await realpath(given);
    const { mode } = await stat(dataDir);
    // The server's account must pass through to its own folder; it still cannot list what lies here.
    if (account !== null && (mode & 0o001) === 0) await chmod(dataDir, (mode & 0o7777) | 0o011);
    return dataDir;
  } catch (error) {
    throw new EmbeddedPostgresFailure("unusable_folder", `DATA_DIR cannot be used: ${reasonOf(error)}`);
  }
}

function unreachable(closed: string, dataDir: string, account: Account | null): EmbeddedPostgresFailure {
  return new EmbeddedPostgresFailure(
    "unreachable_folder",
    `The database runs as the system user "${account?.name}", which cannot pass through ${closed} to ${dataDir}; choose another place, for example DATA_DIR=/var/lib/signalbox.`,
  );
}

function chooseSocketDir(dataDir: string, closed: string | null): string {
  const near = join(dataDir, "postgres-socket");
  if (closed === null && Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER) return near;
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return join(tmpdir(), `signalbox-${hash}`);
}

/** Done before each start of the server: a temporary folder may have been swept away since the last one. */
export async function ensureSocketDir(places: Places, account: Account | null): Promise<void> {
  const folder = places.socketDir;
  if (folder === null) return;
  const owner = account?.uid ?? process.getuid?.();
  try {
    await mkdir(folder, { mode: 0o700 });
    if (account !== null) await chown(folder, account.uid, account.gid);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") {
      throw new EmbeddedPostgresFailure("unusable_folder", `Cannot make ${folder}: ${reasonOf(error)}`);
    }
  }
  const found = await lstat(folder);
  if (account !== null && !places.isSocketDirTemporary && found.isDirectory()) {
    // Made by an interrupted start, or restored from a backup with another owner. Only we write in DATA_DIR.
    await chown(folder, account.uid, account.gid);
  } else if (!found.isDirectory() || found.uid !== owner) {
    throw new EmbeddedPostgresFailure(
      "unusable_folder",
      `${folder} is needed for the database socket but belongs to somebody else; remove it.`,
    );
  }
  await chmod(folder, 0o700);
}

/** Of two programs that get here at once the first file wins, and both read it. */
async function keptPassword(path: string): Promise<string> {
  const read = async () => (await readFile(path, "utf8")).trim();
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") {
      throw new EmbeddedPostgresFailure("unusable_folder", `Cannot read ${path}: ${reasonOf(error)}`);
    }
  }
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
  await rm(draft, { force: true });
  return read();
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
