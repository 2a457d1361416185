import type { ChannelMemory } from "./channels/types.ts";
import { dropMemory, readMemory, writeMemory } from "./store/channels.ts";
import type { Reader } from "./store/database.ts";

/** How long an answer of the database is believed, ms: another process may have learned something else. */
const BELIEVED_MS = 5_000;
const MOST_ENTRIES = 20_000;

/** What channels remember, with the newest answers kept in this process: most sends ask the same again. */
export function createChannelMemories(
  reader: Reader,
  now: () => number,
): (channelId: string) => ChannelMemory {
  const known = new Map<string, { value: string | null; until: number }>();

  function note(entry: string, value: string | null): void {
    if (known.size >= MOST_ENTRIES) known.clear();
    known.set(entry, { value, until: now() + BELIEVED_MS });
  }

  return (channelId) => ({
    async get(key) {
      const entry = `${channelId} ${key}`;
      const believed = known.get(entry);
      if (believed && believed.until > now()) return believed.value;
      const value = await readMemory(reader, channelId, key);
      note(entry, value);
      return value;
    },
    async put(key, value) {
      await writeMemory(reader, channelId, key, value);
      note(`${channelId} ${key}`, value);
    },
    async drop(key) {
      await dropMemory(reader, channelId, key);
      note(`${channelId} ${key}`, null);
    },
  });
}
