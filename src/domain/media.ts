import type { Media } from "./arrival.ts";
import { newId } from "./ids.ts";

/**
 * A file of a message. Those that come in are fetched from the provider and kept by us: `waiting` until then,
 * `refused` when it is nothing we keep, `failed` when it could not be had within a day, `removed` when its time
 * was up. Those of texts we send are `linked`: the provider takes them from where they are.
 */
export type MediaState = "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";

export interface MessageMedia {
  /** Null: not kept by us. */
  id: string | null;
  /** Ours for what came in, never the provider's, which may hold a signature; for texts we send as it was given. */
  url: string;
  contentType: string | null;
  bytes: number | null;
  state: MediaState;
  /** Why it was refused or failed, in words. */
  reason: string | null;
}

/** Files of one text that are looked at. */
export const MOST_FILES = 10;
export const MOST_BYTES_PER_FILE = 5 * 1_048_576;
export const MOST_BYTES_PER_MESSAGE = 10 * 1_048_576;

/** A file that came with a text, and where the provider keeps it. */
export interface ReceivedFile {
  media: MessageMedia;
  sourceUrl: string | null;
}

/** What a text says it carries, before any of it was fetched. What providers say is not believed unseen. */
export function receivedFiles(media: Media[], publicUrl: string): ReceivedFile[] {
  return media.map(({ url, contentType, bytes }, index) => {
    const id = newId("med");
    const sourceUrl = URL.parse(url)?.href ?? "";
    const reason = sourceUrl === "" ? NO_ADDRESS : index < MOST_FILES ? null : TOO_MANY;
    const kept: MessageMedia = {
      id,
      url: mediaUrl(publicUrl, id),
      contentType: plainType(contentType),
      bytes: bytes !== null && Number.isInteger(bytes) && bytes >= 0 && bytes <= MOST_SAID ? bytes : null,
      state: reason === null ? "waiting" : "refused",
      reason,
    };
    return { media: kept, sourceUrl: reason === null ? sourceUrl : null };
  });
}

const NO_ADDRESS = "Its address cannot be read.";
const TOO_MANY = `More than ${MOST_FILES} files of one text are not kept.`;
const MOST_SAID = 2 ** 31 - 1;

/** `image/jpeg; name=x` is image/jpeg; what is no type at all is nothing. */
function plainType(said: string | null): string | null {
  return /^\s*([\w.+-]{1,60}\/[\w.+-]{1,60})\s*(;|$)/.exec(said ?? "")?.[1]?.toLowerCase() ?? null;
}

/** The files of a text we send. */
export function linkedMedia(urls: string[]): MessageMedia[] {
  return urls.map((url) => ({
    id: null,
    url,
    contentType: null,
    bytes: null,
    state: "linked",
    reason: null,
  }));
}

/** The same with our address as it is today. */
export function withAddresses(media: MessageMedia[], publicUrl: string): MessageMedia[] {
  return media.map((one) => (one.id === null ? one : { ...one, url: mediaUrl(publicUrl, one.id) }));
}

function mediaUrl(publicUrl: string, id: string): string {
  return `${publicUrl}/v1/media/${id}`;
}
