import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useState } from "react";
import { itemsQuery, kindsQuery } from "../api/board.ts";
import { useFilters } from "../api/filters.ts";
import { useMay, useMe } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { Item, Kind } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { ItemDrawer } from "./board-parts/item-drawer.tsx";
import { KindSection } from "./board-parts/kind-section.tsx";
import { RecentChanges } from "./board-parts/recent-changes.tsx";

/** The board as people change it by text; here it is changed by click, and that is logged as well. */
export function Page() {
  const me = useMe();
  const may = useMay();
  const [filters] = useFilters();
  const kinds = useRead(kindsQuery);
  const board = useRead(itemsQuery(filters.archived === "yes"));
  const [edited, setEdited] = useState<Item | "new" | null>(null);
  const mayAdd = may("POST", "/v1/board/items");
  const error = kinds.error ?? board.error;
  const add = mayAdd && (
    <Button onClick={() => setEdited("new")} leftSection={<Icon name="plus" size={16} />}>
      Add an item
    </Button>
  );
  return (
    <>
      <PageHead
        title="Board"
        actions={
          <>
            <Button component="a" href={`/board/${me.tenant.slug}`} variant="default">
              Public page
            </Button>
            {may("POST", "/v1/board/kinds") && (
              <Button variant="default" renderRoot={(props) => <Link to="/status-board/kinds" {...props} />}>
                Kinds and words
              </Button>
            )}
            {add}
          </>
        }
      >
        What is open and what is closed. Reporters change it by text, you by click.
      </PageHead>
      {error ? (
        <ErrorNote error={error} />
      ) : kinds.data && board.data ? (
        <Stack gap="lg">
          <BoardFilters />
          {board.data.isCut && (
            <Text c="dimmed">The first 1,000 items are shown. Narrow them by kind or name.</Text>
          )}
          <Sections kinds={kinds.data} items={board.data.items} add={add} onEdit={setEdited} />
          <RecentChanges />
        </Stack>
      ) : (
        <Loading />
      )}
      <ItemDrawer
        item={edited === "new" ? null : edited}
        kinds={kinds.data ?? []}
        opened={edited !== null}
        onClose={() => setEdited(null)}
      />
    </>
  );
}

function BoardFilters() {
  const [filters, setFilters] = useFilters();
  return (
    <Group>
      <TextInput
        type="search"
        aria-label="Find an item"
        placeholder="Find an item"
        leftSection={<Icon name="search" size={16} />}
        value={filters.q ?? ""}
        onChange={(event) => setFilters({ q: event.currentTarget.value })}
        style={{ flex: "1 1 14rem", maxWidth: "22rem" }}
      />
      <Switch
        label="Archived items"
        checked={filters.archived === "yes"}
        onChange={(event) => setFilters({ archived: event.currentTarget.checked ? "yes" : undefined })}
      />
    </Group>
  );
}

function Sections({
  kinds,
  items,
  add,
  onEdit,
}: {
  kinds: Kind[];
  items: Item[];
  add: ReactNode;
  onEdit: (item: Item) => void;
}) {
  const [{ q = "", archived }] = useFilters();
  const found = items.filter((item) => holds(item, q.trim().toLowerCase()));
  if (found.length === 0) {
    return q || archived ? (
      <EmptyState icon="search" title="Nothing fits">
        No item has this name, number or alias{archived && " among the archived ones"}.
      </EmptyState>
    ) : (
      <EmptyState icon="board" title="The board is empty" action={add}>
        Add the lifts, trails, gates or whatever people ask you about. Then reporters can change them by text.
      </EmptyState>
    );
  }
  const byKind = Map.groupBy(found, (item) => item.kind);
  return (
    <>
      {kinds.map((kind) => {
        const own = byKind.get(kind.key) ?? [];
        return own.length > 0 && <KindSection key={kind.key} kind={kind} items={own} onEdit={onEdit} />;
      })}
    </>
  );
}

function holds({ name, number, aliases, area }: Item, wanted: string): boolean {
  const words = [name, area ?? "", String(number ?? ""), ...aliases];
  return wanted === "" || words.some((word) => word.toLowerCase().includes(wanted));
}
