import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { EVENT_TYPES } from "../../../../src/domain/events.ts";
import type { Filters } from "../../api/filters.ts";
import { fromLocalField, toLocalField } from "../../kit/local-time.ts";
import { inWords } from "../../kit/words.ts";
import { CODES, DELIVERY_COLORS } from "./words.ts";

/** Which deliveries are listed; kept in the address of the page. */
export function DeliveryFilters({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (change: Filters) => void;
}) {
  const wide = { flex: "1 1 9rem" };
  return (
    <Group gap="xs" mb="md" align="flex-end">
      <NativeSelect
        label="State"
        data={[
          { value: "", label: "Any" },
          ...Object.keys(DELIVERY_COLORS).map((value) => ({ value, label: inWords(value) })),
        ]}
        value={filters.state ?? ""}
        onChange={(event) => onChange({ state: event.currentTarget.value })}
        style={wide}
      />
      <NativeSelect
        label="Event"
        data={[
          { value: "", label: "Any" },
          { value: "message.*", label: "message.*" },
          ...EVENT_TYPES.map((value) => ({ value, label: value })),
        ]}
        value={filters.type ?? ""}
        onChange={(event) => onChange({ type: event.currentTarget.value })}
        style={wide}
      />
      <NativeSelect
        label="The last try"
        data={[
          { value: "", label: "Any" },
          ...Object.entries(CODES).map(([value, words]) => ({ value, label: inWords(words) })),
        ]}
        value={filters.code ?? ""}
        onChange={(event) => onChange({ code: event.currentTarget.value })}
        style={wide}
      />
      <TextInput
        label="Since"
        type="datetime-local"
        value={toLocalField(filters.since)}
        onChange={(event) => onChange({ since: fromLocalField(event.currentTarget.value) })}
        style={wide}
      />
      {filters.endpoint && (
        <Button variant="default" onClick={() => onChange({ endpoint: undefined })}>
          All endpoints
        </Button>
      )}
    </Group>
  );
}
