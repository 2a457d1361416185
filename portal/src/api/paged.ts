import { useInfiniteQuery } from "@tanstack/react-query";

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
  return {
    items: query.data?.pages.flatMap((page) => page.data) ?? [],
    error: query.error,
    isLoading: query.isPending && options.enabled !== false,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}
