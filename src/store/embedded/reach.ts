import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Account } from "./account.ts";

/**
 * The first folder on the way to `path`, itself included, that the account may not pass through; null when
 * the way is free. Asked of the kernel as that account, since modes alone do not tell (ACLs, mounts).
 */
export function firstClosedFolder(path: string, account: Account | null): string | null {
  if (account === null) return null;
  const way: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    way.unshift(at);
    if (dirname(at) === at) break;
  }
  const script = 'for d in "$@"; do test -x "$d" || { printf %s "$d"; exit 1; }; done';
  const answer = spawnSync("/bin/sh", ["-c", script, "sh", ...way], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    encoding: "utf8",
  });
  return answer.status === 1 && answer.stdout !== "" ? answer.stdout : null;
}

/**
 * Linux lets a process use its working folder as `/proc/self/cwd` even when the folders above are closed to
 * it, as they are for a clone under /root. So the server is started from inside its data folder.
 */
export function canStartFromInside(): boolean {
  return process.platform === "linux" && existsSync("/proc/self/cwd");
}
