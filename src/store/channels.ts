import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Reader, Tx } from "./database.ts";
import type { ChannelTable } from "./tables.ts";

export type StoredChannel = Selectable<ChannelTable>;
export type ChannelRow = StoredChannel & { country: string; brand: string };

/** Every channel that was not deleted, with its tenant's country and brand. */
export function allChannels(reader: Reader): Promise<ChannelRow[]> {
  return reader.q
    .selectFrom("channels")
    .innerJoin("tenants", "tenants.id", "channels.tenant_id")
    .selectAll("channels")
    .select("tenants.country")
    .select(sql<string>`coalesce(tenants.settings->'consent'->>'brand', tenants.name)`.as("brand"))
    .where("channels.deleted_at", "is", null)
    .orderBy("channels.created_at")
    .execute();
}

/** Newest first. */
export function listChannels(
  reader: Reader,
  tenantId: string,
  before: string | null,
  limit: number,
): Promise<StoredChannel[]> {
  let query = reader.q
    .selectFrom("channels")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("deleted_at", "is", null);
  if (before !== null) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

export async function channelById(
  reader: Reader,
  tenantId: string,
  id: string,
): Promise<StoredChannel | null> {
  const row = await reader.q
    .selectFrom("channels")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertChannel(
  tx: Tx,
  channel: {
    id: string;
    tenantId: string;
    provider: string;
    name: string;
    address: string;
    settings: object;
    secrets: string | null;
    token: string;
    isDefault: boolean;
    rate: number | null;
    fallbackId?: string | null;
  },
): Promise<void> {
  if (channel.isDefault) await clearDefault(tx, channel.tenantId);
  await tx.q
    .insertInto("channels")
    .values({
      id: channel.id,
      tenant_id: channel.tenantId,
      provider: channel.provider,
      name: channel.name,
      address: channel.address,
      settings: JSON.stringify(channel.settings),
      secrets: channel.secrets,
      token: channel.token,
      is_default: channel.isDefault,
      rate: channel.rate,
      fallback_id: channel.fallbackId ?? null,
    })
    .execute();
}

export interface ProofBefore {
  sealed: string | null;
  until: Date;
}

export async function updateChannel(
  tx: Tx,
  tenantId: string,
  id: string,
  change: {
    name?: string;
    address?: string;
    settings?: object;
    secrets?: string | null;
    token?: string;
    isDefault?: boolean;
    rate?: number | null;
    fallbackId?: string | null;
    deletedAt?: Date;
    /** What proved requests before; null = it does no longer. */
    proofBefore?: ProofBefore | null;
  },
): Promise<void> {
  if (change.isDefault) await clearDefault(tx, tenantId);
  await tx.q
    .updateTable("channels")
    .set({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.address !== undefined && { address: change.address }),
      ...(change.settings !== undefined && { settings: JSON.stringify(change.settings) }),
      ...(change.secrets !== undefined && { secrets: change.secrets }),
      ...(change.token !== undefined && { token: change.token }),
      ...(change.isDefault !== undefined && { is_default: change.isDefault }),
      ...(change.rate !== undefined && { rate: change.rate }),
      ...(change.fallbackId !== undefined && { fallback_id: change.fallbackId }),
      ...(change.proofBefore !== undefined && {
        proof_before: change.proofBefore?.sealed ?? null,
        proof_before_until: change.proofBefore?.until ?? null,
      }),
      ...(change.deletedAt !== undefined && { deleted_at: change.deletedAt, is_default: false }),
      updated_at: new Date(),
    })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
}

/** The lane of a channel that is removed: nothing is claimed from it any more, and it takes nothing over. */
export async function dropLane(tx: Tx, id: string): Promise<void> {
  await tx.run("channels-drop-lane", "delete from lanes where id = $1", [id]);
  await tx.run("channels-drop-fallback", "update channels set fallback_id = null where fallback_id = $1", [
    id,
  ]);
}

async function clearDefault(tx: Tx, tenantId: string): Promise<void> {
  await tx.q.updateTable("channels").set({ is_default: false }).where("tenant_id", "=", tenantId).execute();
}

export async function readMemory(reader: Reader, channelId: string, key: string): Promise<string | null> {
  const rows = await reader.run<{ value: string }>(
    "channels-memory-get",
    "select value from channel_memory where channel_id = $1 and key = $2",
    [channelId, key],
  );
  return rows[0]?.value ?? null;
}

export async function writeMemory(
  reader: Reader,
  channelId: string,
  key: string,
  value: string,
): Promise<void> {
  await reader.run(
    "channels-memory-put",
    `insert into channel_memory (channel_id, key, value) values ($1, $2, $3)
     on conflict (channel_id, key) do update set value = excluded.value, updated_at = now()`,
    [channelId, key, value],
  );
}

export interface MemoryFillRow {
  channelId: string;
  key: string;
  value: string;
  /** Nothing is filled once the channel remembers something under this key. */
  unlessKey: string;
}

/** Remembers what is not known yet; what is known stays. */
export async function fillMemories(tx: Tx, fills: MemoryFillRow[]): Promise<void> {
  if (fills.length === 0) return;
  await tx.run(
    "channels-memory-fill",
    `insert into channel_memory (channel_id, key, value)
     select f.channel_id, f.key, f.value
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as f(channel_id, key, value, unless_key)
     where not exists (select 1 from channel_memory m where m.channel_id = f.channel_id
       and m.key = f.unless_key)
     on conflict do nothing`,
    [
      fills.map((fill) => fill.channelId),
      fills.map((fill) => fill.key),
      fills.map((fill) => fill.value),
      fills.map((fill) => fill.unlessKey),
    ],
  );
}

export async function dropMemory(reader: Reader, channelId: string, key: string): Promise<void> {
  await reader.run("channels-memory-drop", "delete from channel_memory where channel_id = $1 and key = $2", [
    channelId,
    key,
  ]);
}

/** Keeps a redacted sample of a request that was not believed; the newest hundred per channel stay. */
export async function keepRefusal(
  reader: Reader,
  refusal: { channelId: string; door: string; client: string; reason: string; sample: object },
): Promise<void> {
  await reader.run(
    "channels-refusal",
    `with kept as (
       insert into door_refusals (channel_id, door, client, reason, sample) values ($1, $2, $3, $4, $5)
     )
     delete from door_refusals where channel_id = $1 and id < (
       select id from door_refusals where channel_id = $1 order by id desc offset 99 limit 1)`,
    [refusal.channelId, refusal.door, refusal.client, refusal.reason, JSON.stringify(refusal.sample)],
  );
}

export interface KeptRefusal {
  id: string;
  at: Date;
  door: string;
  client: string;
  reason: string;
  sample: { bytes: number; contentType: string | null; userAgent: string | null; body: string };
}

/** Newest first, those of a channel of this tenant. */
export function listRefusals(
  reader: Reader,
  { tenantId, channelId }: { tenantId: string; channelId: string },
  before: string | null,
  limit: number,
): Promise<KeptRefusal[]> {
  return reader.run(
    "channels-refusals",
    `select r.id::text, r.at, r.door, r.client, r.reason, r.sample
     from door_refusals r join channels c on c.id = r.channel_id
     where r.channel_id = $1 and c.tenant_id = $2 and ($3::bigint is null or r.id < $3)
     order by r.id desc limit $4`,
    [channelId, tenantId, before, limit],
  );
}
