import type { Actor, BoardItem, Kind } from "../../domain/board.ts";
import type { Grammar } from "./grammar.ts";
import { compileGrammar } from "./grammar.ts";
import type { NameIndex } from "./name-index.ts";
import { emptyIndex, indexItem, unindexItem } from "./name-index.ts";

export { boardWarnings } from "./board-warnings.ts";

/** A tenant's board, compiled: the items, the grammar of its kinds, and maps to find items by. */
export interface Board {
  kinds: Map<string, Kind>;
  items: Map<string, BoardItem>;
  grammar: Grammar;
  index: NameIndex;
  tally: Tally;
}

/** Active items by kind, field and value ("" = not set), kept so that STATUS need not count. */
export type Tally = Map<string, Map<string, Map<string, number>>>;

export interface BoardChange {
  itemId: string;
  field: string;
  to: string | null;
  changeId: string;
  /** ISO 8601, UTC. */
  at: string;
  by: Actor;
}

/** Compiles a board. Items of a kind that is not declared are kept but never found. */
export function compileBoard(kinds: Kind[], items: BoardItem[]): Board {
  const board: Board = {
    kinds: new Map(kinds.map((kind) => [kind.key, kind])),
    items: new Map(),
    grammar: compileGrammar(kinds),
    index: emptyIndex(),
    tally: new Map(),
  };
  for (const item of items) upsertItem(board, item);
  return board;
}

/**
 * Sets one field of an item in memory and counts its revision up. Answers the item, which is the same
 * object as before. Throws when there is no such item: the caller has just been told of it.
 */
export function applyChange(board: Board, change: BoardChange): BoardItem {
  const item = board.items.get(change.itemId);
  if (!item) throw new Error(`no item ${change.itemId} on the board`);
  const active = board.index.entries.has(item.id);
  if (active) count(board, item, -1);
  item.fields[change.field] = change.to;
  item.last[change.field] = { changeId: change.changeId, at: change.at, by: change.by };
  item.revision += 1;
  item.updatedAt = change.at;
  if (active) count(board, item, 1);
  return item;
}

/** Adds an item or replaces the one with its id. The board keeps a copy. */
export function upsertItem(board: Board, item: BoardItem): void {
  removeItem(board, item.id);
  const own = { ...item, fields: { ...item.fields }, last: { ...item.last } };
  board.items.set(own.id, own);
  const kind = board.kinds.get(own.kind);
  if (own.archived || !kind) return;
  indexItem(board.index, own, kind, board.grammar);
  count(board, own, 1);
}

/** Forgets an item; nothing happens when there is none with this id. */
export function removeItem(board: Board, id: string): void {
  const item = board.items.get(id);
  if (!item) return;
  if (board.index.entries.has(id)) count(board, item, -1);
  unindexItem(board.index, id);
  board.items.delete(id);
}

function count(board: Board, item: BoardItem, by: 1 | -1): void {
  const kind = board.kinds.get(item.kind);
  if (!kind) return;
  let fields = board.tally.get(kind.key);
  if (!fields) {
    fields = new Map();
    board.tally.set(kind.key, fields);
  }
  for (const field of kind.fields) {
    let values = fields.get(field.key);
    if (!values) {
      values = new Map();
      fields.set(field.key, values);
    }
    const value = item.fields[field.key] ?? "";
    values.set(value, (values.get(value) ?? 0) + by);
  }
}
