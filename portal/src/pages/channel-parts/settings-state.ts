import type { Channel, Provider } from "../../api/shapes.ts";
import type { Setting, SettingValue } from "./setting-field.tsx";

/** The form of a channel: what it begins with, and what of it is sent. */

export type Values = Record<string, SettingValue>;

/** Secrets begin empty: nobody is shown them again. */
export function firstValues(provider: Provider, channel: Channel | null): Values {
  return Object.fromEntries(
    provider.settings.map((setting) => [setting.key, shown(setting, channel?.settings[setting.key])]),
  );
}

function shown(setting: Setting, stored: unknown): SettingValue {
  if (setting.type === "boolean") return stored === true;
  if (setting.secret || stored === undefined) return "";
  return Array.isArray(stored) ? stored.join("\n") : String(stored);
}

/** Only what differs: an empty secret stays as it is, an emptied field is removed. */
export function changedSettings(
  provider: Provider,
  channel: Channel | null,
  values: Values,
): Record<string, SettingValue | null> {
  const before = firstValues(provider, channel);
  const changed: Record<string, SettingValue | null> = {};
  for (const { key, secret } of provider.settings) {
    const value = values[key] ?? "";
    if (value === before[key] || (secret && value === "")) continue;
    changed[key] = value === "" ? null : value;
  }
  return changed;
}

export function hasSecret(channel: Channel | null, key: string): boolean {
  return channel?.settings[key] !== undefined;
}

/** Requests are proven with something that is about to change. */
export function changesProof(provider: Provider, channel: Channel | null, values: Values): boolean {
  if (!channel) return false;
  const changed = changedSettings(provider, channel, values);
  return provider.settings.some(({ key, proves }) => proves && key in changed && hasSecret(channel, key));
}
