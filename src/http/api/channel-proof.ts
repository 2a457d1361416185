import { z } from "zod";
import type { ChannelProvider } from "../../channels/types.ts";
import type { ProofBefore, StoredChannel } from "../../store/channels.ts";
import type { SecretBox } from "../../tools/secrets.ts";
import type { SplitSettings } from "./channel-settings.ts";
import { changedKeys, openSettings, sealSecrets } from "./channel-settings.ts";

/**
 * While what proves a provider's requests is being changed, the provider still signs with the old secret: until it
 * is changed there too, both are good. No job ends that; the door looks at the time.
 */

const HOUR_MS = 60 * 60 * 1_000;
const DEFAULT_HOURS = 24;

export const KeepHours = z
  .int()
  .min(0)
  .max(168)
  .optional()
  .describe(
    `How long requests signed with the secret before are believed too, when one that proves requests is changed (default ${DEFAULT_HOURS}); 0 ends it at once, also by itself`,
  );

/** What proves requests besides the settings `after`; null = nothing, undefined = that does not change. */
export function proofBefore(
  box: SecretBox,
  row: StoredChannel,
  provider: ChannelProvider,
  change: { before: SplitSettings; after: SplitSettings; hours: number | undefined; now: number },
): ProofBefore | null | undefined {
  const { before, after, hours = DEFAULT_HOURS, now } = change;
  if (hours === 0) return row.proof_before === null ? undefined : null;
  const proving = new Set(provider.settings.flatMap(({ key, proves }) => (proves ? [key] : [])));
  const old: Record<string, unknown> = { ...before.plain, ...before.secrets };
  const keys = changedKeys(before, after).filter((key) => proving.has(key) && old[key] !== undefined);
  if (keys.length === 0) return undefined;
  // A user name and its password may be changed one after the other: the pair before is what was good.
  const still = isRunning(row, now)
    ? openSettings(box, { id: row.id, settings: {}, secrets: row.proof_before }).secrets
    : {};
  const values = { ...still, ...Object.fromEntries(keys.map((key) => [key, old[key]])) };
  return { sealed: sealSecrets(box, row.id, values), until: new Date(now + hours * HOUR_MS) };
}

/** Until when the secret before is good too; null = there is none. */
export function proofBeforeUntil(row: StoredChannel, now: number): string | null {
  return isRunning(row, now) ? (row.proof_before_until?.toISOString() ?? null) : null;
}

function isRunning(row: StoredChannel, now: number): boolean {
  return row.proof_before_until !== null && row.proof_before_until.getTime() > now;
}
