import type { ActiveChannel, ChannelProvider, ChannelSettings } from "./channels/types.ts";
import type { ChannelRow } from "./store/channels.ts";
import { allChannels } from "./store/channels.ts";
import type { Reader } from "./store/database.ts";
import { configStamp } from "./store/tenants.ts";
import type { SecretBox } from "./tools/secrets.ts";

/** The channels people have set up, joined with the code of their providers, in memory. */
export interface ChannelDirectory {
  byToken(token: string): ActiveChannel | null;
  byId(id: string): ActiveChannel | null;
  ofTenant(tenantId: string): ActiveChannel[];
  /** The one the compatible address and texts without a channel use. */
  defaultOf(tenantId: string): ActiveChannel | null;
  /** Whose door the compatible address is: the oldest default channel that has one, else the oldest channel. */
  anyDefault(): ActiveChannel | null;
  /** Whether this is the address of a channel, whoever's. */
  isOwnAddress(address: string): boolean;
  /** Reads again if anything changed since; cheap. */
  refresh(): Promise<void>;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;

export async function openChannelDirectory(deps: {
  reader: Reader;
  providers: Map<string, ChannelProvider>;
  box: SecretBox;
  onFault: (error: unknown, channelId?: string) => void;
}): Promise<ChannelDirectory> {
  let stamp = "";
  let tokens = new Map<string, ActiveChannel>();
  let ids = new Map<string, ActiveChannel>();
  let addresses = new Set<string>();
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const current = await configStamp(deps.reader);
    if (current === stamp) return;
    const rows = await allChannels(deps.reader);
    const channels = rows.flatMap((row) => activate(row, deps.providers, deps.box, deps.onFault) ?? []);
    tokens = new Map(channels.map((channel) => [channel.token, channel]));
    ids = new Map(channels.map((channel) => [channel.id, channel]));
    addresses = new Set(channels.map((channel) => channel.address));
    stamp = current;
  }

  async function refresh(): Promise<void> {
    // Who asks while a look is under way may have changed something after it began: one more.
    await looking;
    looking ??= look().finally(() => {
      looking = null;
    });
    await looking;
  }

  await refresh();
  const timer = setInterval(() => refresh().catch((error) => deps.onFault(error)), LOOK_EVERY_MS);
  timer.unref();
  const ofTenant = (tenantId: string) => [...ids.values()].filter((channel) => channel.tenantId === tenantId);
  return {
    byToken: (token) => tokens.get(token) ?? null,
    byId: (id) => ids.get(id) ?? null,
    ofTenant,
    defaultOf: (tenantId) => ofTenant(tenantId).find((channel) => channel.isDefault) ?? null,
    anyDefault() {
      const withDoor = [...ids.values()].filter((channel) => channel.provider.doors.length > 0);
      return withDoor.find((channel) => channel.isDefault) ?? withDoor[0] ?? null;
    },
    isOwnAddress: (address) => addresses.has(address),
    refresh,
    stop: () => clearInterval(timer),
  };
}

function activate(
  row: ChannelRow,
  providers: Map<string, ChannelProvider>,
  box: SecretBox,
  onFault: (error: unknown, channelId?: string) => void,
): ActiveChannel | null {
  const provider = providers.get(row.provider);
  if (!provider) return null;
  const open = (sealed: string | null): ChannelSettings => {
    try {
      return sealed ? (JSON.parse(box.open(sealed, row.id)) as ChannelSettings) : {};
    } catch (error) {
      // The channel stays visible and refuses to send; its door fails closed without its secrets.
      onFault(error, row.id);
      return {};
    }
  };
  const settings = { ...row.settings, ...open(row.secrets) };
  const until = row.proof_before_until?.getTime();
  return {
    id: row.id,
    tenantId: row.tenant_id,
    provider,
    name: row.name,
    address: row.address,
    country: row.country,
    settings,
    ...(until !== undefined && { before: { settings: { ...settings, ...open(row.proof_before) }, until } }),
    token: row.token,
    isDefault: row.is_default,
    rate: row.rate,
    fallbackId: row.fallback_id,
    brand: row.brand,
    tags: row.tags,
  };
}
