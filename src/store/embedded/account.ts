import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { EmbeddedPostgresFailure, reasonOf } from "./failure.ts";

/** The system account the server runs as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const ACCOUNT_NAME = "postgres";

/**
 * PostgreSQL refuses to run as root, so root lends it the system account `postgres`, made when missing.
 * Null: the server runs as the user who runs the program.
 */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const account = lookUp(ACCOUNT_NAME) ?? create(ACCOUNT_NAME);
  const probe = spawnSync("/bin/sh", ["-c", "exit 0"], { uid: account.uid, gid: account.gid, cwd: "/" });
  if (probe.error !== undefined && !probe.error.message.includes("ENOENT")) {
    throw noAccount(`cannot switch to the system user "${account.name}" (${reasonOf(probe.error)})`);
  }
  return account;
}

function lookUp(name: string): Account | null {
  const fromFile = parsePasswd(readOptional("/etc/passwd"), name);
  if (fromFile !== null) return fromFile;
  // Accounts may live in a directory service rather than in the file.
  const asked = spawnSync("getent", ["passwd", name], { encoding: "utf8" });
  return asked.status === 0 ? parsePasswd(asked.stdout, name) : null;
}

function create(name: string): Account {
  const ways: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]],
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", name]],
  ];
  let reason = "neither useradd nor adduser is installed";
  for (const [command, args] of ways) {
    const run = spawnSync(command, args, { encoding: "utf8" });
    if (run.error !== undefined) continue;
    const account = lookUp(name);
    if (account !== null) return account;
    reason = run.stderr.trim() || `${command} ended with ${run.status}`;
  }
  throw noAccount(`there is no system user "${name}" and it could not be made (${reason})`);
}

function noAccount(why: string): EmbeddedPostgresFailure {
  return new EmbeddedPostgresFailure(
    "no_account",
    `PostgreSQL does not run as root, and ${why}. Start Signalbox as an ordinary user, or set DATABASE_URL.`,
  );
}

function parsePasswd(text: string, name: string): Account | null {
  for (const line of text.split("\n")) {
    const [login, , uid, gid] = line.split(":");
    if (login === name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
