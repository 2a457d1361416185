import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor, BoardItem, Kind } from "../../domain/board.ts";
import { invalid, notFound } from "../../domain/errors.ts";
import type { HubEvent } from "../../domain/events.ts";
import { boardItemChanged } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import { audit } from "../../store/audit.ts";
import type { StoredItem } from "../../store/board.ts";
import {
  boardItem,
  boardKinds,
  insertBoardChanges,
  insertItems,
  lastPosition,
  listBoardChanges,
  listItems,
  nextBoardRevision,
  replaceItem,
  sharedNames,
} from "../../store/board.ts";
import type { Tx } from "../../store/database.ts";
import { insertEvents, lockBoards } from "../../store/routing.ts";
import { callerOf } from "../auth.ts";
import { kindRoutes } from "./board-kinds.ts";
import type { ItemPatch, NewItem } from "./board-shape.ts";
import {
  ActorView,
  fieldFaults,
  ItemBody,
  ItemView,
  itemAnswer,
  kindFault,
  ItemPatch as Patch,
} from "./board-shape.ts";
import type { ApiDeps } from "./deps.ts";
import { refuseStale } from "./revisions.ts";
import type { ApiApp } from "./routes.ts";
import {
  Flag,
  foundPage,
  given,
  IdParams,
  ListQuery,
  MAY_BE_SHORT,
  page,
  pageOf,
  readCursor,
  refuse,
  Time,
  TimeFilter,
  text,
} from "./shapes.ts";

const ItemQuery = ListQuery.extend({ kind: text(60).optional(), archived: Flag.optional() });

const ChangeQuery = ListQuery.extend({
  item: text(200).optional(),
  field: text(60).optional(),
  since: TimeFilter.optional(),
  until: TimeFilter.optional(),
});
const ChangeView = z.object({
  id: z.string(),
  itemId: z.string(),
  item: z.string().nullable().describe("The item's name today"),
  kind: z.string(),
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  by: ActorView,
  commandId: z.string().nullable(),
  reverses: z.string().nullable().describe("The change this one took back"),
  at: Time,
});

export function boardRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database } = deps;
  kindRoutes(app, deps);

  app.get(
    "/v1/board/items",
    {
      schema: {
        tags: ["board"],
        description: "In the owner's order.",
        querystring: ItemQuery,
        response: { 200: page(ItemView) },
      },
    },
    async (request) => {
      const { limit, cursor, kind, archived } = request.query;
      const rows = await listItems(database, callerOf(request).tenantId, {
        after: placeOf(readCursor(cursor)),
        limit: limit + 1,
        ...(kind !== undefined && { kind }),
        ...(archived !== undefined && { archived }),
      });
      return pageOf(
        rows,
        limit,
        (item) => `${item.position}:${item.id}`,
        (item) => itemAnswer(item),
      );
    },
  );

  app.post(
    "/v1/board/items",
    {
      schema: {
        tags: ["board"],
        description: "Adds one item, or up to 1,000 as `{items: [...]}`: all of them or none.",
        body: ItemBody,
        response: { 201: z.union([ItemView, z.object({ items: z.array(ItemView) })]) },
      },
    },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const { one, items } = request.body;
      const now = new Date(deps.clock.now()).toISOString();
      const added = await database.transact((tx) => addItems(tx, tenantId, actor, items, one, now));
      const warnings = await warningsOf(deps, tenantId, added);
      const answers = added.map((item) => itemAnswer({ ...item, updatedBy: actor }, warnings(item)));
      const [first] = answers;
      return reply.code(201).send(one && first ? first : { items: answers });
    },
  );

  app.get(
    "/v1/board/items/:id",
    { schema: { tags: ["board"], params: IdParams, response: { 200: ItemView } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      const item = await boardItem(database, tenantId, request.params.id);
      if (!item) throw notFound("item");
      return itemAnswer(item, (await warningsOf(deps, tenantId, [item]))(item));
    },
  );

  app.patch(
    "/v1/board/items/:id",
    {
      schema: {
        tags: ["board"],
        description: "Fields that are given are set and logged; the others stay.",
        params: IdParams,
        body: Patch,
        response: { 200: ItemView },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const at = new Date(deps.clock.now());
      const changed = await database.transact((tx) =>
        changeItem(tx, request, { tenantId, actor, id: request.params.id, patch: request.body, at }),
      );
      if (changed.events > 0) deps.eventsWritten();
      return itemAnswer(changed.item, (await warningsOf(deps, tenantId, [changed.item]))(changed.item));
    },
  );

  app.delete(
    "/v1/board/items/:id",
    { schema: { tags: ["board"], params: IdParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { tenantId, actor } = callerOf(request);
      const now = new Date(deps.clock.now());
      await database.transact(async (tx) => {
        await lockBoards(tx, [tenantId]);
        const item = await boardItem(tx, tenantId, request.params.id);
        if (!item) throw notFound("item");
        refuseStale(request, item.revision, { by: item.updatedBy, at: item.updatedAt });
        const revision = await nextBoardRevision(tx, tenantId);
        const gone = { ...item, revision: item.revision + 1, updatedAt: now.toISOString() };
        await replaceItem(tx, tenantId, revision, gone, actor, now);
        const detail = { name: item.name, kind: item.kind };
        await audit(tx, { tenantId, actor, action: "board.item.deleted", object: item.id, detail });
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/v1/board/changes",
    {
      schema: {
        tags: ["board"],
        description: `What changed on the board, by text and otherwise, newest first. ${MAY_BE_SHORT}`,
        querystring: ChangeQuery,
        response: { 200: page(ChangeView) },
      },
    },
    async (request) => {
      const { limit, cursor, item, field, since, until } = request.query;
      const found = await listBoardChanges(database, callerOf(request).tenantId, {
        item: item ?? null,
        field: field ?? null,
        since: since ?? null,
        until: until ?? null,
        after: readCursor(cursor),
        limit,
      });
      return foundPage(found, (row) => ({ ...row, at: row.at.toISOString() }));
    },
  );
}

function placeOf(cursor: string | null): { position: number; id: string } | null {
  if (cursor === null) return null;
  const [, position, id] = /^(\d{1,10}):(\w+)$/.exec(cursor) ?? [];
  if (position === undefined || id === undefined) throw invalid("cursor", "is not one we gave out");
  return { position: Math.min(Number(position), 2_147_483_647), id };
}

async function kindsByKey(tx: Tx, tenantId: string): Promise<Map<string, Kind>> {
  return new Map((await boardKinds(tx, tenantId)).map((kind) => [kind.key, kind]));
}

async function addItems(
  tx: Tx,
  tenantId: string,
  actor: Actor,
  bodies: NewItem[],
  one: boolean,
  now: string,
): Promise<BoardItem[]> {
  const revision = await nextBoardRevision(tx, tenantId);
  const kinds = await kindsByKey(tx, tenantId);
  const faults = bodies.flatMap((body, index) => {
    const prefix = one ? "" : `items.${index}.`;
    const kind = kinds.get(body.kind);
    return kind ? fieldFaults(kind, body.fields, prefix) : kindFault(kinds, body.kind, prefix);
  });
  refuse("validation_error", faults);
  const end = await lastPosition(tx, tenantId);
  const items = bodies.map((body, index): BoardItem => {
    const defaults = (kinds.get(body.kind)?.fields ?? []).map((field) => [field.key, field.default]);
    return {
      id: newId("itm"),
      kind: body.kind,
      name: body.name,
      aliases: body.aliases,
      number: body.number,
      area: body.area,
      fields: { ...Object.fromEntries(defaults), ...body.fields },
      archived: body.archived,
      position: body.position ?? end + 1 + index,
      revision: 0,
      updatedAt: now,
      last: {},
    };
  });
  await insertItems(tx, tenantId, revision, items, actor);
  const [first] = items;
  const detail = { count: items.length, names: items.slice(0, 20).map((item) => item.name) };
  await audit(tx, { tenantId, actor, action: "board.items.created", object: first?.id ?? "", detail });
  return items;
}

interface ItemChange {
  tenantId: string;
  actor: Actor;
  id: string;
  patch: ItemPatch;
  at: Date;
}

/** Answers the item as it is now, and how many events tell of it. Nothing is written when nothing is new. */
async function changeItem(
  tx: Tx,
  request: FastifyRequest,
  change: ItemChange,
): Promise<{ item: StoredItem; events: number }> {
  const { tenantId, actor, id, at } = change;
  // The lock comes before the look: a change by text at this moment is seen, or waits.
  await lockBoards(tx, [tenantId]);
  const before = await boardItem(tx, tenantId, id);
  if (!before) throw notFound("item");
  refuseStale(request, before.revision, { by: before.updatedBy, at: before.updatedAt });
  const { fields = {}, kind: kindKey = before.kind, ...facts } = given(change.patch);
  if (kindKey !== before.kind) throw invalid("kind", "cannot be changed; add a new item instead");
  const kind = (await kindsByKey(tx, tenantId)).get(before.kind);
  if (!kind) throw invalid("kind", `the kind "${before.kind}" is gone`);
  refuse("validation_error", fieldFaults(kind, fields, ""));

  const updatedAt = at.toISOString();
  const moved = Object.entries(fields)
    .map(([field, to]) => ({ changeId: newId("chg"), field, from: before.fields[field] ?? null, to }))
    .filter(({ from, to }) => from !== to);
  const renamed = Object.entries(facts).filter(([key, value]) => {
    return JSON.stringify(value) !== JSON.stringify(before[key as keyof StoredItem]);
  });
  if (moved.length === 0 && renamed.length === 0) return { item: before, events: 0 };

  const after: StoredItem = {
    ...before,
    ...facts,
    fields: { ...before.fields, ...fields },
    last: { ...before.last },
    revision: before.revision + 1,
    updatedAt,
    updatedBy: actor,
  };
  for (const { field, changeId } of moved) after.last[field] = { changeId, at: updatedAt, by: actor };
  const revision = await nextBoardRevision(tx, tenantId);
  await replaceItem(tx, tenantId, revision, after, actor);
  if (renamed.length > 0) {
    const detail = Object.fromEntries(renamed);
    await audit(tx, { tenantId, actor, action: "board.item.changed", object: id, detail });
  }
  if (moved.length === 0) return { item: after, events: 0 };
  await insertBoardChanges(
    tx,
    tenantId,
    moved.map(({ changeId, field, from, to }) => ({
      id: changeId,
      itemId: id,
      kind: before.kind,
      field,
      old: from,
      new: to,
      by: actor,
      commandId: null,
      reverses: null,
      at,
    })),
  );
  const changes = moved.map(({ field, from, to }) => ({ item: after, field, from, to }));
  const events: HubEvent[] = [boardItemChanged(tenantId, after, changes, actor, null, updatedAt)];
  await insertEvents(tx, events);
  return { item: after, events: events.length };
}

/** What makes an item hard to reach by text: words with a meaning of their own, and another of its name. */
async function warningsOf(
  deps: ApiDeps,
  tenantId: string,
  items: BoardItem[],
): Promise<(item: BoardItem) => string[]> {
  const names = items.filter((item) => !item.archived).map((item) => item.name);
  const shared = await sharedNames(deps.database, tenantId, names);
  const isShared = ({ kind, name, archived }: BoardItem) =>
    !archived && shared.has(`${kind} ${name.toLowerCase()}`);
  return (item) => [
    ...deps.boardWarnings([], [item]),
    ...(isShared(item)
      ? [`Another ${item.kind} is called "${item.name}": texts cannot tell them apart.`]
      : []),
  ];
}
