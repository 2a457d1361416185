import { copyFile, type FileHandle, open, readFile, rename, stat, truncate } from "node:fs/promises";

/** At a start an older log of this size moves aside; while running one of the larger size does. */
const ROTATE_AT_START_BYTES = 1024 * 1024;
const ROTATE_WHILE_RUNNING_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY_MS = 60_000;

/** The server's own log, opened for appending. One older file is kept beside it. */
export async function openServerLog(path: string): Promise<FileHandle> {
  const size = await sizeOf(path);
  if (size > ROTATE_AT_START_BYTES) await rename(path, `${path}.1`);
  return open(path, "a", 0o600);
}

/** Keeps the log bounded while the server writes to it. Returns how to stop doing so. */
export function boundServerLog(path: string): () => void {
  const timer = setInterval(() => void rotateInPlace(path).catch(() => undefined), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The server holds the file open for appending, so it is emptied rather than renamed. */
async function rotateInPlace(path: string): Promise<void> {
  if ((await sizeOf(path)) <= ROTATE_WHILE_RUNNING_BYTES) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** What the server said since `offset` bytes: the last line of the worst kind, or "". */
export async function worstLineSince(path: string, offset: number): Promise<string> {
  const text = await readFile(path).then(
    (content) => content.subarray(offset).toString("utf8"),
    () => "",
  );
  // Connections that came too early are told so in the log as well; they explain nothing.
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !/ (starting up|not exist)$/.test(line));
  const worst = lines.findLast((line) => /\b(FATAL|PANIC|ERROR):|error while loading/.test(line));
  return (worst ?? lines.at(-1) ?? "").replace(/^.*?\b(FATAL|PANIC|ERROR): +/, "");
}

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}
