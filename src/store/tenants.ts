import type { Kind, Reporter } from "../domain/board.ts";
import type { TenantSettings } from "../domain/settings.ts";
import { defaultSettings } from "../domain/settings.ts";
import type { Reader, Tx } from "./database.ts";

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  active: boolean;
  country: string;
  settings: TenantSettings;
  /** As somebody chose it; null = nobody has, and `settings` say UTC. */
  timeZone: string | null;
  configVersion: number;
  /** Moves when a rule changes. */
  rulesVersion: number;
}

export async function tenantById(reader: Reader, id: string): Promise<Tenant | null> {
  const row = await reader.q.selectFrom("tenants").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? toTenant(row) : null;
}

/** The first tenant that was made: the one a new installation starts with. */
export async function firstTenant(reader: Reader): Promise<Tenant | null> {
  const row = await reader.q
    .selectFrom("tenants")
    .selectAll()
    .orderBy("created_at")
    .limit(1)
    .executeTakeFirst();
  return row ? toTenant(row) : null;
}

export async function createTenant(
  tx: Tx,
  tenant: { id: string; slug: string; name: string; settings: object },
): Promise<void> {
  await tx.q
    .insertInto("tenants")
    .values({ ...tenant, settings: JSON.stringify(tenant.settings) })
    .execute();
  await tx.q.insertInto("boards").values({ tenant_id: tenant.id }).execute();
}

/** The tenant, locked against other changes of its set-up until the transaction ends. */
export async function lockTenant(tx: Tx, id: string): Promise<Tenant | null> {
  const row = await tx.q
    .selectFrom("tenants")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row ? toTenant(row) : null;
}

export async function renameTenant(tx: Tx, id: string, name: string): Promise<void> {
  await tx.q.updateTable("tenants").set({ name }).where("id", "=", id).execute();
  await bumpConfig(tx, id);
}

/** Replaces what differs from the defaults. */
export async function saveSettings(tx: Tx, tenantId: string, overrides: object): Promise<void> {
  await tx.q
    .updateTable("tenants")
    .set({ settings: JSON.stringify(overrides) })
    .where("id", "=", tenantId)
    .execute();
  await bumpConfig(tx, tenantId);
}

/** Tells every worker and door to read the tenant's set-up again. Call it with each change of it. */
export async function bumpConfig(tx: Tx, tenantId: string): Promise<void> {
  await tx.run("tenants-bump", "update tenants set config_version = config_version + 1 where id = $1", [
    tenantId,
  ]);
}

/** The sum moves whenever any tenant's set-up changes: one cheap look tells whether to reload. */
export async function configStamp(reader: Reader): Promise<string> {
  const rows = await reader.run<{ stamp: string }>(
    "tenants-stamp",
    "select count(*)::text || '.' || coalesce(sum(config_version), 0)::text as stamp from tenants",
  );
  return rows[0]?.stamp ?? "";
}

/** What the router needs to know of a tenant, as one snapshot. */
export interface TenantConfig {
  tenant: Tenant;
  kinds: Kind[];
  /** By phone. */
  reporters: Map<string, Reporter>;
}

export async function loadTenantConfig(reader: Reader, tenantId: string): Promise<TenantConfig | null> {
  const tenant = await tenantById(reader, tenantId);
  if (!tenant) return null;
  const kinds = await reader.q
    .selectFrom("board_kinds")
    .select("spec")
    .where("tenant_id", "=", tenantId)
    .orderBy("position")
    .execute();
  const reporters = await reader.q
    .selectFrom("reporters")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .execute();
  const phones = await reader.q
    .selectFrom("reporter_phones")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .execute();
  const phonesOf = Map.groupBy(phones, (row) => row.reporter_id);
  const byPhone = new Map<string, Reporter>();
  for (const row of reporters) {
    const own = (phonesOf.get(row.id) ?? []).map((entry) => entry.phone);
    const reporter = toReporter(row, own);
    for (const phone of own) byPhone.set(phone, reporter);
  }
  return {
    tenant,
    kinds: kinds.map((row) => row.spec as Kind),
    reporters: byPhone,
  };
}

export function toReporter(
  row: {
    id: string;
    name: string;
    permissions: string[];
    confirmation: string | null;
    undo_window_seconds: number | null;
    pin_hash: string | null;
    active: boolean;
    tags: string[];
  },
  phones: string[],
): Reporter {
  return {
    id: row.id,
    name: row.name,
    phones,
    permissions: row.permissions,
    confirmation: row.confirmation as Reporter["confirmation"],
    undoWindowSeconds: row.undo_window_seconds,
    pinHash: row.pin_hash,
    active: row.active,
    tags: row.tags,
  };
}

function toTenant(row: {
  id: string;
  slug: string;
  name: string;
  active: boolean;
  country: string;
  settings: Record<string, unknown>;
  config_version: number;
  rules_version: number;
}): Tenant {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    active: row.active,
    country: row.country,
    settings: withDefaults(row.name, row.settings),
    timeZone: (row.settings.board as { timeZone?: string } | undefined)?.timeZone ?? null,
    configVersion: row.config_version,
    rulesVersion: row.rules_version,
  };
}

/** Stored overrides over the defaults, section by section. */
function withDefaults(name: string, overrides: Record<string, unknown>): TenantSettings {
  const defaults = defaultSettings(name) as unknown as Record<string, Record<string, unknown>>;
  const merged: Record<string, unknown> = {};
  for (const [section, values] of Object.entries(defaults)) {
    merged[section] = { ...values, ...(overrides[section] as object | undefined) };
  }
  return merged as unknown as TenantSettings;
}
