import type { RawBuilder, Selectable } from "kysely";
import { sql } from "kysely";
import type { Actor, BoardItem, Kind } from "../domain/board.ts";
import type { Reader, Tx } from "./database.ts";
import { idCeiling, idFloor } from "./id-floor.ts";
import type { Found } from "./search.ts";
import { searchRows } from "./search.ts";
import type { BoardItemTable } from "./tables.ts";

export async function boardKinds(reader: Reader, tenantId: string): Promise<Kind[]> {
  const rows = await reader.q
    .selectFrom("board_kinds")
    .select("spec")
    .where("tenant_id", "=", tenantId)
    .orderBy("position")
    .execute();
  return rows.map((row) => row.spec as Kind);
}

/** Adds a kind or replaces the one with its key. */
export async function saveKind(tx: Tx, tenantId: string, kind: Kind): Promise<void> {
  await tx.run(
    "board-save-kind",
    `insert into board_kinds (tenant_id, key, position, spec)
     values ($1, $2, (select coalesce(max(position), 0) + 1 from board_kinds where tenant_id = $1), $3)
     on conflict (tenant_id, key) do update set spec = excluded.spec`,
    [tenantId, kind.key, JSON.stringify(kind)],
  );
}

/** Items that changed after `revision` (-1: all), and the board's revision now. */
export async function boardItemsSince(
  reader: Reader,
  tenantId: string,
  revision: number,
): Promise<{ revision: number; items: { item: BoardItem; deleted: boolean }[] }> {
  const boards = await reader.run<{ revision: number }>(
    "board-revision",
    "select revision from boards where tenant_id = $1",
    [tenantId],
  );
  let query = reader.q.selectFrom("board_items").selectAll().where("tenant_id", "=", tenantId);
  // Deleted rows matter only to those who have seen them before.
  query = revision < 0 ? query.where("deleted_at", "is", null) : query.where("changed", ">", revision);
  const rows = await query.orderBy("position").orderBy("id").execute();
  return {
    revision: boards[0]?.revision ?? 0,
    items: rows.map((row) => ({ item: toBoardItem(row), deleted: row.deleted_at !== null })),
  };
}

export async function boardItem(reader: Reader, tenantId: string, id: string): Promise<StoredItem | null> {
  const row = await reader.q
    .selectFrom("board_items")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row ? toStoredItem(row) : null;
}

/** An item as pages and answers show it: with who changed it last. */
export interface StoredItem extends BoardItem {
  updatedBy: Actor | null;
}

export async function listItems(
  reader: Reader,
  tenantId: string,
  options: {
    after: { position: number; id: string } | null;
    limit: number;
    kind?: string;
    archived?: boolean;
  },
): Promise<StoredItem[]> {
  let query = reader.q
    .selectFrom("board_items")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("deleted_at", "is", null);
  const { after } = options;
  if (after) {
    query = query.where((where) =>
      where(where.refTuple("position", "id"), ">", where.tuple(after.position, after.id)),
    );
  }
  if (options.kind !== undefined) query = query.where("kind", "=", options.kind);
  if (options.archived !== undefined) query = query.where("archived", "=", options.archived);
  const rows = await query.orderBy("position").orderBy("id").limit(options.limit).execute();
  return rows.map(toStoredItem);
}

/** Which of these names stand more than once in a kind, as `kind name` in lower case. */
export async function sharedNames(reader: Reader, tenantId: string, names: string[]): Promise<Set<string>> {
  const rows = await reader.run<{ shared: string }>(
    "board-shared-names",
    `select kind || ' ' || lower(name) as shared from board_items
     where tenant_id = $1 and lower(name) = any($2) and not archived and deleted_at is null
     group by 1 having count(*) > 1`,
    [tenantId, names.map((name) => name.toLowerCase())],
  );
  return new Set(rows.map((row) => row.shared));
}

export async function lastPosition(reader: Reader, tenantId: string): Promise<number> {
  const rows = await reader.run<{ position: number }>(
    "board-last-position",
    "select coalesce(max(position), 0)::int as position from board_items where tenant_id = $1",
    [tenantId],
  );
  return rows[0]?.position ?? 0;
}

/** Locks the board and counts its revision up: what follows in this transaction carries the new one. */
export async function nextBoardRevision(tx: Tx, tenantId: string): Promise<number> {
  const rows = await tx.run<{ revision: number }>(
    "board-next-revision",
    "update boards set revision = revision + 1 where tenant_id = $1 returning revision",
    [tenantId],
  );
  const revision = rows[0]?.revision;
  if (revision === undefined) throw new Error("the tenant has no board");
  return revision;
}

export async function insertItems(
  tx: Tx,
  tenantId: string,
  revision: number,
  items: BoardItem[],
  by: Actor | null,
): Promise<void> {
  if (items.length === 0) return;
  await tx.run(
    "board-insert-items",
    `insert into board_items (tenant_id, id, kind, name, aliases, number, area, fields, last, archived, position,
       revision, changed, updated_at, updated_by)
     select $1, id, kind, name, aliases, number, area, fields, last, archived, position, revision, $2,
       "updatedAt", $3::jsonb
     from json_to_recordset($4::json) as x(id text, kind text, name text, aliases text[], number int, area text,
       fields jsonb, last jsonb, archived boolean, position int, revision int, "updatedAt" timestamptz)`,
    [tenantId, revision, by ? JSON.stringify(by) : null, JSON.stringify(items)],
  );
}

/** Writes an item back as a whole, under the lock of `nextBoardRevision`. */
export async function replaceItem(
  tx: Tx,
  tenantId: string,
  boardRevision: number,
  item: BoardItem,
  by: Actor,
  deletedAt: Date | null = null,
): Promise<void> {
  await tx.q
    .updateTable("board_items")
    .set({
      kind: item.kind,
      name: item.name,
      aliases: item.aliases,
      number: item.number,
      area: item.area,
      fields: JSON.stringify(item.fields),
      last: JSON.stringify(item.last),
      archived: item.archived,
      position: item.position,
      revision: item.revision,
      changed: boardRevision,
      updated_at: new Date(item.updatedAt),
      updated_by: JSON.stringify(by),
      deleted_at: deletedAt,
    })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", item.id)
    .execute();
}

export async function insertBoardChanges(
  tx: Tx,
  tenantId: string,
  changes: {
    id: string;
    itemId: string;
    kind: string;
    field: string;
    old: string | null;
    new: string | null;
    by: Actor;
    commandId: string | null;
    reverses: string | null;
    at: Date;
  }[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.q
    .insertInto("board_changes")
    .values(
      changes.map((change) => ({
        tenant_id: tenantId,
        id: change.id,
        item_id: change.itemId,
        kind: change.kind,
        field: change.field,
        old: change.old,
        new: change.new,
        by: JSON.stringify(change.by),
        command_id: change.commandId,
        reverses: change.reverses,
        at: change.at,
      })),
    )
    .execute();
}

export interface StoredChange {
  id: string;
  itemId: string;
  /** The item's name today; null = the item is gone from the tables. */
  item: string | null;
  kind: string;
  field: string;
  from: string | null;
  to: string | null;
  by: Actor;
  commandId: string | null;
  reverses: string | null;
  at: Date;
}

/** Newest first. */
export function listBoardChanges(
  reader: Reader,
  tenantId: string,
  options: {
    item: string | null;
    field: string | null;
    since: Date | null;
    until: Date | null;
    after: string | null;
    limit: number;
  },
): Promise<Found<StoredChange>> {
  const { item, field, since, until, after, limit } = options;
  const narrow: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  const filter: RawBuilder<unknown>[] = [];
  if (item !== null) narrow.push(sql`t.item_id = ${item}`);
  if (since !== null) narrow.push(sql`t.id >= ${idFloor("chg", since)}`);
  if (until !== null) narrow.push(sql`t.id < ${idCeiling("chg", until)}`);
  if (field !== null) filter.push(sql`t.field = ${field}`);
  if (since !== null) filter.push(sql`t.at >= ${since}`);
  if (until !== null) filter.push(sql`t.at < ${until}`);
  const columns = sql`t.id, t.item_id as "itemId", (select i.name from board_items i
      where i.tenant_id = t.tenant_id and i.id = t.item_id) as item,
    t.kind, t.field, t.old as "from", t.new as "to", t.by, t.command_id as "commandId", t.reverses, t.at`;
  return searchRows(reader, { table: "board_changes", columns, narrow, filter, after, limit });
}

/** How many items of a kind have which value, by field. */
export function valuesInUse(
  reader: Reader,
  tenantId: string,
  kind: string,
): Promise<{ field: string; value: string; items: number }[]> {
  return reader.run(
    "board-values-in-use",
    `select f.key as field, f.value, count(*)::int as items
     from board_items i, jsonb_each_text(i.fields) f
     where i.tenant_id = $1 and i.kind = $2 and i.deleted_at is null and f.value is not null
     group by 1, 2 order by 1, 2`,
    [tenantId, kind],
  );
}

/** What tells whether a public board looks different now; null = there is no such tenant. */
export async function boardStamp(
  reader: Reader,
  slug: string,
): Promise<{ tenantId: string; stamp: string } | null> {
  const rows = await reader.run<{ tenantId: string; stamp: string }>(
    "board-stamp",
    `select t.id as "tenantId", b.revision::text || '-' || t.config_version::text as stamp
     from tenants t join boards b on b.tenant_id = t.id where t.slug = $1 and t.active`,
    [slug],
  );
  return rows[0] ?? null;
}

function toBoardItem(row: Selectable<BoardItemTable>): BoardItem {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    aliases: row.aliases,
    number: row.number,
    area: row.area,
    fields: row.fields,
    archived: row.archived,
    position: row.position,
    revision: row.revision,
    updatedAt: row.updated_at.toISOString(),
    last: row.last,
  };
}

function toStoredItem(row: Selectable<BoardItemTable>): StoredItem {
  return { ...toBoardItem(row), updatedBy: row.updated_by };
}
