import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client.ts";
import type { Item } from "./shapes.ts";

/** What several pages ask about the board. Keys begin with the noun, so that events reach them. */

export const kindsQuery = queryOptions({
  queryKey: ["board", "kinds"],
  queryFn: () =>
    take(api.GET("/v1/board/kinds", { params: { query: { limit: 100 } } })).then(({ data }) => data),
});

/** Boards are read whole up to this many items; beyond it they are paged by kind. */
const MOST_ITEMS = 1_000;

/** All items in the owner's order, as far as a page can show them. */
export const itemsQuery = (archived: boolean) =>
  queryOptions({
    queryKey: ["board", "items", archived],
    queryFn: async () => {
      const items: Item[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: 100, cursor, archived: archived ? ("true" as const) : ("false" as const) };
        const page = await take(api.GET("/v1/board/items", { params: { query } }));
        items.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor && items.length < MOST_ITEMS);
      return { items, isCut: cursor !== undefined };
    },
  });

export const reportersQuery = queryOptions({
  queryKey: ["reporters", "all"],
  queryFn: () =>
    take(api.GET("/v1/reporters", { params: { query: { limit: 100 } } })).then(({ data }) => data),
});
