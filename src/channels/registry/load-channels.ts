import { join } from "node:path";
import { loadFolder } from "../../tools/folder-loader.ts";
import type { ChannelProvider } from "../types.ts";

/** Every provider of `src/channels/*.ts` by its name, which is the file's name. */
export async function loadChannels(): Promise<Map<string, ChannelProvider>> {
  const channels = await loadFolder(join(import.meta.dirname, ".."), "channel", isProvider);
  for (const [file, channel] of channels) {
    if (channel.provider !== file) {
      throw new TypeError(`src/channels/${file}.ts calls its provider "${channel.provider}"`);
    }
  }
  return channels;
}

function isProvider(value: unknown): value is ChannelProvider {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Partial<Record<keyof ChannelProvider, unknown>>;
  const calls = [one.check, one.verify, one.parse, one.acknowledge, one.send, one.probe];
  return (
    typeof one.provider === "string" &&
    Array.isArray(one.settings) &&
    Array.isArray(one.doors) &&
    calls.every((call) => typeof call === "function")
  );
}
