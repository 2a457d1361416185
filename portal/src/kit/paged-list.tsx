import { Button, Center, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Paged } from "../api/paged.ts";
import { ErrorNote } from "./error-note.tsx";

/** A list read page by page: loading, a fault, nothing there, or what is there and a button for more. */
export function PagedList<Item>({
  list,
  empty,
  children,
}: {
  list: Paged<Item>;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}) {
  if (list.error && list.items.length === 0) return <ErrorNote error={list.error} retry={list.reload} />;
  if (list.isLoading) return <Loading />;
  if (list.items.length === 0 && !list.hasMore) return empty;
  return (
    <>
      {list.items.length > 0 ? children(list.items) : <Text c="dimmed">Nothing found so far.</Text>}
      {list.hasMore && (
        <Center mt="md">
          <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
            {list.items.length > 0 ? "Load more" : "Search on"}
          </Button>
        </Center>
      )}
    </>
  );
}

export function Loading() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading" role="status">
      {[100, 92, 96, 88].map((width) => (
        <Skeleton key={width} height={34} width={`${width}%`} />
      ))}
    </Stack>
  );
}
