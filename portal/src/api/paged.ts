import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

interface Page<Item> {
  data: Item[];
  nextCursor: string | null;
}

export interface Paged<Item> {
  items: Item[];
  error: unknown;
  isLoading: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore(): void;
  reload(): void;
}

/** Pages that a search which has found nothing yet goes on by itself; then it waits to be asked. */
const MOST_BY_ITSELF = 40;

/**
 * A list of the API, page by page. `key` begins with the noun, so that events reach it, and holds every filter.
 * A search may answer a page with nothing on it although there is more.
 */
export function usePaged<Item>(
  key: readonly unknown[],
  fetchPage: (cursor: string | undefined) => Promise<Page<Item>>,
  options: { enabled?: boolean } = {},
): Paged<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Item>) => last.nextCursor ?? undefined,
    ...options,
  });
  const pages = query.data?.pages ?? [];
  const items = pages.flatMap((page) => page.data);
  const { fetchNextPage, hasNextPage, isFetching, isError } = query;
  const goesOn =
    items.length === 0 && hasNextPage && !isFetching && !isError && pages.length < MOST_BY_ITSELF;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  return {
    items,
    error: query.error,
    isLoading: query.isPending && options.enabled !== false,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}
