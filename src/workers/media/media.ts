import type { ActiveChannel } from "../../channels/types.ts";
import { MOST_BYTES_PER_FILE, MOST_BYTES_PER_MESSAGE } from "../../domain/media.ts";
import type { Database } from "../../store/database.ts";
import type { MediaResult, WaitingMedia } from "../../store/media.ts";
import { claimMedia, keptBytes, putOffMedia, settleMedia } from "../../store/media.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import type { Metrics } from "../../tools/metrics.ts";
import type { Loop } from "../loop.ts";
import { startLoop } from "../loop.ts";
import type { Download, Fetched } from "./fetch-file.ts";
import { fetchFile } from "./fetch-file.ts";
import { judgeFile } from "./keep-file.ts";

/*
 * Fetches the files of texts, at once and for a day: links of providers expire.
 *
 * A claim takes all due files of a message and puts them off for a while. They are fetched one after the other,
 * so that what one message may bring is counted while it comes. Each result is written by itself. A process that
 * dies in between has only put them off: another takes them when the time is up. One that stops gives them back.
 */

const EVERY_MS = 2_000;
/** Messages whose files are fetched at the same time, by one process. */
const AT_ONCE = 4;
/** Longer than fetching one file and looking at it may take, behind the pictures of others, ms. */
const LEASE_MS = 90_000;
const GIVE_UP_MS = 24 * 3_600_000;
/** Between two tries, seconds; the last one goes on. */
const WAITS = [10, 60, 300, 900, 3_600, 7_200, 14_400];

export interface MediaDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  channels: { byId(id: string): ActiveChannel | null; refresh(): Promise<void> };
  download: Download;
  onFault: (error: unknown) => void;
}

export function startMedia(deps: MediaDeps): Loop {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  function start(files: WaitingMedia[]): void {
    const job = fetchAll(files, deps, stopping.signal)
      .catch(deps.onFault)
      .finally(() => {
        running.delete(job);
        loop.wake();
      });
    running.add(job);
  }

  const loop = startLoop({
    async round() {
      const free = AT_ONCE - running.size;
      if (free === 0) return EVERY_MS;
      const claimed = await claimMedia(deps.database, free, LEASE_MS);
      const messages = Map.groupBy(claimed, (file) => file.messageId);
      for (const files of messages.values()) start(files);
      return messages.size === free ? 0 : EVERY_MS;
    },
    onFault: deps.onFault,
  });
  return {
    wake: loop.wake,
    async stop() {
      stopping.abort();
      await loop.stop();
      await Promise.all(running);
    },
  };
}

/** The files of one message, in their order. */
async function fetchAll(files: WaitingMedia[], deps: MediaDeps, signal: AbortSignal): Promise<void> {
  for (const [index, file] of files.entries()) {
    const rest = files.slice(index).map((one) => one.id);
    if (index > 0) await putOffMedia(deps.database, file.tenantId, rest, LEASE_MS);
    const isDone = await fetchOne(file, deps, signal);
    if (!isDone) return putOffMedia(deps.database, file.tenantId, rest, 0);
  }
}

/** Answers false when it was given up because the program stops. */
async function fetchOne(file: WaitingMedia, deps: MediaDeps, signal: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const kept = await deps.database.transact((tx) => keptBytes(tx, file.tenantId, file.messageId));
  const room = Math.max(0, MOST_BYTES_PER_MESSAGE - kept);
  const fetched = await fetchFrom(file, deps, { maxBytes: Math.min(room, MOST_BYTES_PER_FILE), signal });
  if (fetched.kind === "stopped") return false;
  const judged = await resultOf(file, fetched, room, deps);
  const result = await deps.database.transact(async (tx) => {
    // Another process may have added to the message: what it may hold is judged once more, under its lock.
    const now = await keptBytes(tx, file.tenantId, file.messageId);
    const isTooMuch = judged.state === "fetched" && now + judged.content.length > MOST_BYTES_PER_MESSAGE;
    const final: MediaResult = isTooMuch ? { state: "refused", reason: MESSAGE_TOO_LARGE } : judged;
    await settleMedia(tx, file, final);
    return final;
  });
  tell(file, result, fetched, Math.round(performance.now() - started), deps);
  return true;
}

async function fetchFrom(
  file: WaitingMedia,
  deps: MediaDeps,
  limits: { maxBytes: number; signal: AbortSignal },
): Promise<Fetched> {
  if (!deps.channels.byId(file.channelId)) await deps.channels.refresh();
  const channel = deps.channels.byId(file.channelId);
  if (!channel) return { kind: "refused", reason: "The channel it came by is gone." };
  return fetchFile(file.sourceUrl, channel, { download: deps.download, ...limits });
}

const inMiB = (bytes: number) => `${bytes / 1_048_576} MiB`;
const FILE_TOO_LARGE = `It is larger than ${inMiB(MOST_BYTES_PER_FILE)}.`;
const MESSAGE_TOO_LARGE = `The files of the text are together larger than ${inMiB(MOST_BYTES_PER_MESSAGE)}.`;

async function resultOf(
  file: WaitingMedia,
  fetched: Exclude<Fetched, { kind: "stopped" }>,
  room: number,
  deps: MediaDeps,
): Promise<MediaResult> {
  switch (fetched.kind) {
    case "got":
      try {
        return await judgeFile(file, fetched.content);
      } catch (error) {
        deps.log.error({ err: error, media: file.id }, "media: a picture could not be drawn anew");
        return again(file, "Pictures cannot be looked at on this machine.", deps.clock.now());
      }
    case "larger":
      return {
        state: "refused",
        reason: room < MOST_BYTES_PER_FILE ? MESSAGE_TOO_LARGE : FILE_TOO_LARGE,
      };
    case "refused":
      return { state: "refused", reason: fetched.reason };
    case "failed":
      return again(file, fetched.reason, deps.clock.now());
    default:
      return fetched satisfies never;
  }
}

function again(file: WaitingMedia, reason: string, now: number): MediaResult {
  const seconds = WAITS[Math.min(file.attempts, WAITS.length - 1)] as number;
  const age = now - file.createdAt.getTime();
  if (age + seconds * 1_000 > GIVE_UP_MS) return { state: "failed", reason };
  return { state: "waiting", reason, againAfterMs: seconds * 1_000 };
}

/** Neither the address nor its answer: both may hold a signature, or a person. */
function tell(file: WaitingMedia, result: MediaResult, fetched: Fetched, ms: number, deps: MediaDeps): void {
  const { id: media, messageId: message, channelId: channel } = file;
  deps.metrics.mediaFetches.inc({ channel, result: result.state === "waiting" ? "again" : result.state });
  const ids = { media, message, channel, attempt: file.attempts + 1, ms };
  if (result.state === "fetched") {
    const bytes = result.content.length;
    deps.metrics.mediaBytes.inc({ channel }, bytes);
    deps.log.info({ ...ids, type: result.contentType, bytes }, "media: fetched");
    return;
  }
  const decision =
    result.state === "waiting" ? `again in ${result.againAfterMs / 1_000} s` : `${result.state} for good`;
  const detail = "detail" in fetched ? fetched.detail : undefined;
  deps.log.warn({ ...ids, reason: result.reason, detail, decision }, "media: not fetched");
}
