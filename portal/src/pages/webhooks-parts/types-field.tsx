import { MultiSelect } from "@mantine/core";
import { EVENT_TYPES } from "../../../../src/domain/events.ts";

/** The catalogue: everything, beginnings, and each type by itself. A type of no family stands alone. */
const FAMILIES = [...new Set(EVENT_TYPES.filter((type) => type.includes(".")).map(familyOf))];
const CHOICES = [
  { group: "Everything", items: [{ value: "*", label: "* (every event)" }] },
  ...FAMILIES.map((family) => ({
    group: family,
    items: [
      { value: `${family}.*`, label: `${family}.* (all of them)` },
      ...EVENT_TYPES.filter((type) => familyOf(type) === family && type.includes(".")).map((type) => ({
        value: type,
        label: type,
      })),
    ],
  })),
  {
    group: "Others",
    items: EVENT_TYPES.filter((type) => !type.includes(".")).map((type) => ({ value: type, label: type })),
  },
];

function familyOf(type: string): string {
  return type.split(".")[0] ?? type;
}

/** Which events are told. */
export function TypesField({
  label,
  description,
  value,
  error,
  onChange,
}: {
  label: string;
  description?: string;
  value: string[];
  error: string | undefined;
  onChange: (types: string[]) => void;
}) {
  return (
    <MultiSelect
      label={label}
      description={description}
      data={CHOICES}
      value={value}
      error={error}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Choose none" }}
      maxDropdownHeight={320}
      nothingFoundMessage="There is no such type"
      onChange={onChange}
    />
  );
}
