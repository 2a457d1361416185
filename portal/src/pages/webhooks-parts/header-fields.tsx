import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { Icon } from "../../kit/icon.tsx";
import { SecretInput } from "../../kit/secret-input.tsx";
import type { HeaderDraft } from "./endpoint-draft.ts";
import { newHeader } from "./endpoint-draft.ts";

/** Headers of one's own, such as a gateway's token. Their values are written and never read. */
export function HeaderFields({
  rows,
  faults,
  onChange,
}: {
  rows: HeaderDraft[];
  faults: Record<string, string>;
  onChange: (rows: HeaderDraft[]) => void;
}) {
  const set = (key: number, change: Partial<HeaderDraft>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  return (
    <Fieldset legend="Headers of your own">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          For example a token of your gateway. Values are kept encrypted and not shown again.
        </Text>
        {rows.map((row) => (
          <Group key={row.key} gap="xs" align="flex-start" wrap="nowrap">
            <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
              <TextInput
                label="Name"
                placeholder="e.g. X-Gateway-Token"
                value={row.name}
                readOnly={row.isKept}
                error={faults[`headers.${row.name.trim()}`]}
                spellCheck={false}
                onChange={(event) => set(row.key, { name: event.currentTarget.value })}
              />
              <SecretInput
                label={`Value${row.name ? ` of ${row.name}` : ""}`}
                isKept={row.isKept}
                value={row.value}
                onChange={(value) => set(row.key, { value })}
              />
            </Stack>
            <ActionIcon
              mt={28}
              variant="subtle"
              color="gray"
              aria-label={`Take away the header ${row.name}`}
              onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
          </Group>
        ))}
        {faults.headers && (
          <Text size="sm" c="var(--mantine-color-error)">
            {faults.headers}
          </Text>
        )}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => onChange([...rows, newHeader()])}
          >
            Add a header
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
