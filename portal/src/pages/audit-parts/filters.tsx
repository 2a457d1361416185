import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import type { Filters } from "../../api/filters.ts";
import { ABOUT } from "./words.ts";

/** The filters of the audit; days are those of the pages' time zone. */
export function AuditFilters({ filters, change }: { filters: Filters; change: (next: Filters) => void }) {
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <Group align="flex-end" gap="xs" mb="md">
      <NativeSelect
        label="About"
        data={ABOUT}
        value={filters.action ?? ""}
        onChange={(event) => change({ action: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="From"
        value={filters.from ?? ""}
        max={filters.to}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="To"
        value={filters.to ?? ""}
        min={filters.from}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      {filters.actor && (
        <Button variant="light" onClick={() => change({ actor: "", name: "" })}>
          By {filters.name ?? "one"} only: show all
        </Button>
      )}
      {filters.object && (
        <Button variant="light" onClick={() => change({ object: "" })}>
          One thing only: show all
        </Button>
      )}
      {isFiltered && (
        <Button
          variant="default"
          onClick={() => change(Object.fromEntries(Object.keys(filters).map((key) => [key, ""])))}
        >
          No filters
        </Button>
      )}
    </Group>
  );
}
