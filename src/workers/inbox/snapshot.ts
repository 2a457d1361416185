import type { BoardItem } from "../../domain/board.ts";
import type { Board } from "../../router/commands/board.ts";
import { compileBoard, removeItem, upsertItem } from "../../router/commands/board.ts";
import type { RuleSet } from "../../router/rules/types.ts";
import { boardItemsSince } from "../../store/board.ts";
import type { Reader, Tx } from "../../store/database.ts";
import { tenantVersions } from "../../store/routing.ts";
import type { Tenant, TenantConfig } from "../../store/tenants.ts";
import { loadTenantConfig } from "../../store/tenants.ts";

/**
 * What the router sees of a tenant, kept in memory between batches. Every batch compares two counters with
 * the database inside its transaction: the config version (settings, kinds, reporters, channels) and, under
 * the board's lock, the board's revision. What moved is read again, items one by one.
 */
export interface TenantSnapshot {
  config: TenantConfig;
  board: Board;
  boardRevision: number;
  rules: RuleSet;
}

/** The rules of a tenant, ready to be asked; cheap where they have not changed. */
export type RulesOf = (reader: Reader, tenant: Tenant) => Promise<RuleSet>;

export interface SnapshotCache {
  /** Brings the tenants up to date; a tenant that no longer exists is missing in the answer. */
  load(tx: Tx, tenantIds: string[]): Promise<Map<string, TenantSnapshot>>;
  /** Applies what others changed on the board up to `revision`. Call it under the board's lock. */
  catchUp(tx: Tx, tenantId: string, revision: number): Promise<void>;
  /** Forgets what a batch that was rolled back may have changed in memory. */
  forget(tenantIds: Iterable<string>): void;
}

export function createSnapshotCache(rulesOf: RulesOf): SnapshotCache {
  const cache = new Map<string, TenantSnapshot>();

  async function read(tx: Tx, tenantId: string): Promise<TenantSnapshot | null> {
    const config = await loadTenantConfig(tx, tenantId);
    if (!config) return null;
    const { items, revision } = await boardItemsSince(tx, tenantId, -1);
    const present = items.filter((item) => !item.deleted).map((item) => item.item);
    const rules = await rulesOf(tx, config.tenant);
    return { config, board: compileBoard(config.kinds, present), boardRevision: revision, rules };
  }

  return {
    async load(tx, tenantIds) {
      const snapshots = new Map<string, TenantSnapshot>();
      for (const { id, configVersion } of await tenantVersions(tx, tenantIds)) {
        const known = cache.get(id);
        if (known && known.config.tenant.configVersion === configVersion) {
          snapshots.set(id, known);
          continue;
        }
        const fresh = await read(tx, id);
        if (!fresh) continue;
        cache.set(id, fresh);
        snapshots.set(id, fresh);
      }
      return snapshots;
    },
    async catchUp(tx, tenantId, revision) {
      const snapshot = cache.get(tenantId);
      if (!snapshot || snapshot.boardRevision === revision) return;
      const { items } = await boardItemsSince(tx, tenantId, snapshot.boardRevision);
      for (const { item, deleted } of items) applyOne(snapshot.board, item, deleted);
      snapshot.boardRevision = revision;
    },
    forget(tenantIds) {
      for (const id of tenantIds) cache.delete(id);
    },
  };
}

function applyOne(board: Board, item: BoardItem, deleted: boolean): void {
  if (deleted) removeItem(board, item.id);
  else upsertItem(board, item);
}
