import type { BoardItem, Kind } from "../domain/board.ts";
import type { TenantSettings } from "../domain/settings.ts";
import { boardItemsSince, boardKinds, boardStamp } from "../store/board.ts";
import type { Reader } from "../store/database.ts";
import { tenantById } from "../store/tenants.ts";
import { createBatcher } from "../tools/batcher.ts";

/** A board as everybody may see it: no people, no archived items. */
export interface PublicBoard {
  tenantId: string;
  slug: string;
  /** Changes whenever the board may look different. */
  stamp: string;
  settings: TenantSettings;
  revision: number;
  updatedAt: string | null;
  kinds: Kind[];
  /** By id, in the owner's order. */
  items: Map<string, BoardItem>;
  /** What has been made of it, so that it is made once. */
  rendered: Map<string, string>;
}

export interface BoardCache {
  /** Null: there is no such board, or it is not public. */
  get(slug: string): Promise<PublicBoard | null>;
}

const MOST_BOARDS = 200;
/** What may stand in an address; everything else is no board and reaches no query. */
const SLUG = /^[\w.~-]{1,100}$/;

/**
 * Keeps boards in memory and asks the database for one small number before each use. Requests that come
 * together share the question, so a crowd costs one reading of the board per change, and nobody sees an old one.
 */
export function createBoardCache(reader: Reader): BoardCache {
  const known = new Map<string, { stamp: string; board: PublicBoard | null }>();

  async function load(slug: string): Promise<PublicBoard | null> {
    const now = await boardStamp(reader, slug);
    const kept = known.get(slug);
    if (now && kept?.stamp === now.stamp) return kept.board;
    known.delete(slug);
    if (!now) return null;
    const board = await readBoard(reader, slug, now.tenantId, now.stamp);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= MOST_BOARDS) known.delete(oldest);
    known.set(slug, { stamp: now.stamp, board });
    return board;
  }

  const asked = createBatcher<string, PublicBoard | null>(
    { maxItems: 10_000, concurrency: 1 },
    async (slugs) => {
      const boards = new Map<string, PublicBoard | null>();
      for (const slug of new Set(slugs)) boards.set(slug, await load(slug));
      return slugs.map((slug) => boards.get(slug) ?? null);
    },
  );

  return { get: (slug) => (SLUG.test(slug) ? asked.add(slug) : Promise.resolve(null)) };
}

async function readBoard(
  reader: Reader,
  slug: string,
  tenantId: string,
  stamp: string,
): Promise<PublicBoard | null> {
  const tenant = await tenantById(reader, tenantId);
  if (!tenant?.active || !tenant.settings.board.public) return null;
  const kinds = await boardKinds(reader, tenantId);
  const { revision, items } = await boardItemsSince(reader, tenantId, -1);
  const declared = new Set(kinds.map((kind) => kind.key));
  const shown = items.map((entry) => entry.item).filter((item) => !item.archived && declared.has(item.kind));
  let updatedAt: string | null = null;
  for (const item of shown) if (updatedAt === null || item.updatedAt > updatedAt) updatedAt = item.updatedAt;
  return {
    tenantId,
    slug,
    stamp,
    settings: tenant.settings,
    revision,
    updatedAt,
    kinds,
    items: new Map(shown.map((item) => [item.id, item])),
    rendered: new Map(),
  };
}

/** The wording of each field of an item; null = not set. */
export function statesOf(
  kind: Kind | undefined,
  fields: Record<string, string | null>,
): Record<string, string | null> {
  const states: Record<string, string | null> = {};
  for (const field of kind?.fields ?? []) {
    const value = field.values.find((candidate) => candidate.key === fields[field.key]);
    states[field.key] = value?.state ?? null;
  }
  return states;
}

/** `make` runs once per state of the board. */
export function renderedOnce(board: PublicBoard, name: string, make: (board: PublicBoard) => string): string {
  const kept = board.rendered.get(name);
  if (kept !== undefined) return kept;
  const made = make(board);
  board.rendered.set(name, made);
  return made;
}
