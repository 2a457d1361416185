import { z } from "zod";
import { notFound } from "../../domain/errors.ts";
import type { StoredChannel as Row } from "../../store/channels.ts";
import { channelById } from "../../store/channels.ts";
import { channelHealth } from "../../store/health.ts";
import { tenantById } from "../../store/tenants.ts";
import { FallbackId } from "./channel-fallback.ts";
import { Health, healthOf } from "./channel-health.ts";
import { proofBeforeUntil } from "./channel-proof.ts";
import { maskedSettings, openSettings } from "./channel-settings.ts";
import type { ApiDeps } from "./deps.ts";
import { revisionOf } from "./revisions.ts";
import { Revision, Time } from "./shapes.ts";

/** A channel as the API shows it. */
export const Channel = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  address: z.string(),
  settings: z.record(z.string(), z.unknown()).describe("Secrets are shown as ••••"),
  previousSecretUntil: Time.nullable().describe(
    "Requests signed with the secret before the last change are believed until then",
  ),
  isDefault: z.boolean(),
  rate: z.number().nullable(),
  fallbackChannelId: FallbackId,
  inboundUrl: z.string().nullable().describe("Give it to the provider. Null: nothing comes in over HTTP"),
  inboundUrls: z.record(z.string(), z.string()).describe("One address for each kind of request"),
  health: Health,
  createdAt: Time,
  updatedAt: Time,
  revision: Revision,
});
type Channel = z.infer<typeof Channel>;

export async function showChannel(deps: ApiDeps, tenantId: string, id: string): Promise<Channel> {
  const row = await channelById(deps.database, tenantId, id);
  if (!row) throw notFound("channel");
  return (await channelViewer(deps, tenantId, [row]))(row);
}

/** Reads what the views of these channels need, at once. */
export async function channelViewer(
  deps: ApiDeps,
  tenantId: string,
  rows: Row[],
): Promise<(row: Row) => Channel> {
  const health = await healthViewer(
    deps,
    tenantId,
    rows.map((row) => row.id),
  );
  return (row) => channelView(deps, row, health(row.id));
}

/** The health of these channels, read at once. */
export async function healthViewer(
  deps: ApiDeps,
  tenantId: string,
  channelIds: string[],
): Promise<(channelId: string) => Health> {
  if (channelIds.length > 0) await deps.activity.flush();
  const rows = channelIds.length > 0 ? await channelHealth(deps.database, channelIds) : [];
  const byId = new Map(rows.map((row) => [row.channelId, row]));
  const timeZone = (await tenantById(deps.database, tenantId))?.settings.board.timeZone ?? "UTC";
  const now = new Date(deps.clock.now());
  return (channelId) => healthOf(byId.get(channelId), now, timeZone);
}

/** A secret of before ends by itself: nobody has changed anything then. */
export function channelRevision({ proof_before: _proof, proof_before_until: _until, ...row }: Row): string {
  return revisionOf(row);
}

function channelView(deps: ApiDeps, row: Row, health: Health): Channel {
  const doors = deps.providers.get(row.provider)?.doors ?? [];
  const base = `${deps.publicUrl()}/in/${row.token}`;
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    address: row.address,
    settings: maskedSettings(openSettings(deps.box, row)),
    previousSecretUntil: proofBeforeUntil(row, deps.clock.now()),
    isDefault: row.is_default,
    rate: row.rate,
    fallbackChannelId: row.fallback_id,
    inboundUrl: doors.length > 0 ? base : null,
    inboundUrls: Object.fromEntries(doors.map((door) => [door.kind, `${base}/${door.kind}`])),
    health,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    revision: channelRevision(row),
  };
}
