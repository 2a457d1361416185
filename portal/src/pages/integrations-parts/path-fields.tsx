import { Fieldset, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { PRESETS } from "./draft.ts";
import type { PartProps } from "./integration-form.tsx";

/** Where the values stand in what is posted. */
export function PathFields({ draft, faults, onChange }: PartProps) {
  const choose = (preset: string) => {
    const known = PRESETS.find(({ value }) => value === preset);
    if (!known) return;
    const [toPath, textPath, refPath] = known.paths;
    onChange({ preset: known.value, toPath, textPath, refPath });
  };
  const path = (key: "toPath" | "textPath" | "refPath", label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={draft[key]}
      error={faults[key]}
      spellCheck={false}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
    />
  );
  return (
    <Fieldset legend="Where the values are">
      <Stack gap="sm">
        <NativeSelect
          label="Preset"
          data={PRESETS.map(({ value, label, paths }) => ({ value, label: `${label}: ${paths.join(", ")}` }))}
          value={draft.preset}
          error={faults.preset}
          onChange={(event) => choose(event.currentTarget.value)}
        />
        <SimpleGrid type="container" cols={{ base: 1, "520px": 3 }} spacing="sm">
          {path("toPath", "Number", "e.g. customer.phone")}
          {path("textPath", "Text", "e.g. message.body")}
          {path("refPath", "Reference", "e.g. order.id")}
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          A path such as customer.phone or items[0].phone. The reference may be missing in what is posted.
        </Text>
      </Stack>
    </Fieldset>
  );
}
