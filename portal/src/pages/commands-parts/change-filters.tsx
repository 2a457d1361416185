import { NativeSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { itemsQuery, kindsQuery } from "../../api/board.ts";
import { useFilters } from "../../api/filters.ts";
import type { Kind } from "../../api/shapes.ts";

/** What of the board a text changed: which kind, which item, and what it became. */
export function ChangeFilters() {
  const [filters, setFilters] = useFilters();
  const { data: kinds = [] } = useQuery(kindsQuery);
  const { data: board } = useQuery(itemsQuery(false));
  const { kind, item, field, value } = filters;
  const items = board?.items.filter((one) => !kind || one.kind === kind) ?? [];
  const became = valuesOf(kinds.filter(({ key }) => !kind || key === kind));
  const chosen = became.findIndex((one) => one.field === field && one.value === value);
  return (
    <>
      <NativeSelect
        size="xs"
        label="Changed"
        data={[
          { value: "", label: "Anything" },
          ...kinds.map(({ key, plural }) => ({ value: key, label: plural })),
        ]}
        value={kind ?? ""}
        onChange={(event) => setFilters({ kind: event.currentTarget.value, item: undefined })}
        style={{ flex: "1 1 7.5rem" }}
      />
      <Select
        size="xs"
        label="Item"
        placeholder="Any"
        searchable
        clearable
        limit={100}
        nothingFoundMessage="No such item"
        clearButtonProps={{ "aria-label": "Any item" }}
        data={items.map(({ id, name }) => ({ value: id, label: name }))}
        value={item ?? null}
        onChange={(id) => setFilters({ item: id ?? undefined })}
        style={{ flex: "1 1 9rem" }}
      />
      <NativeSelect
        size="xs"
        label="Became"
        data={[
          { value: "", label: "Anything" },
          ...became.map(({ words }, index) => ({ value: String(index), label: words })),
        ]}
        value={chosen < 0 ? "" : String(chosen)}
        onChange={(event) => {
          const wanted = became[Number(event.currentTarget.value)];
          const isAny = event.currentTarget.value === "";
          setFilters(
            isAny ? { field: undefined, value: undefined } : { field: wanted?.field, value: wanted?.value },
          );
        }}
        style={{ flex: "1 1 8.5rem" }}
      />
    </>
  );
}

/** Each state once, however many kinds have it. */
function valuesOf(kinds: Kind[]): { field: string; value: string; words: string }[] {
  const all = kinds.flatMap(({ fields }) =>
    fields.flatMap(({ key: field, values }) =>
      values.map(({ key, state }) => ({ field, value: key, words: `${field}: ${state}` })),
    ),
  );
  return [...new Map(all.map((one) => [`${one.field} ${one.value}`, one])).values()];
}
