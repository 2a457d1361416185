import { ActionIcon, Button, Fieldset, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../../kit/icon.tsx";
import { LEGEND } from "./legend.ts";

/** Rows of a setting that is a list: each has its own fields, can go, and others can be added. */
export function RowList<Row>({
  title,
  help,
  error,
  rows,
  isReadOnly,
  nameOf,
  fresh,
  addLabel,
  onChange,
  children,
}: {
  title: string;
  help: string;
  error: string | undefined;
  rows: Row[];
  isReadOnly: boolean;
  /** How a row is called where it is taken away. */
  nameOf: (row: Row, index: number) => string;
  fresh: () => Row;
  addLabel: string;
  onChange: (rows: Row[]) => void;
  children: (row: Row, change: (next: Partial<Row>) => void, index: number) => ReactNode;
}) {
  const replaceAt = (index: number, next: Partial<Row>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...next } : row)));
  return (
    <Fieldset legend={title} variant="unstyled" styles={LEGEND}>
      <Text size="xs" c="dimmed">
        {help}
      </Text>
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={4}>
          {error}
        </Text>
      )}
      <Stack gap="xs" mt="xs">
        {rows.map((row, index) => (
          // Rows have no name of their own; they neither move nor come in between.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Group key={index} align="flex-end" gap="xs" wrap="nowrap">
            <Group align="flex-end" gap="xs" style={{ flex: 1, minWidth: 0 }}>
              {children(row, (next) => replaceAt(index, next), index)}
            </Group>
            {!isReadOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={`Remove ${nameOf(row, index)}`}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <Icon name="trash" />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!isReadOnly && (
          <div>
            <Button
              size="xs"
              variant="default"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => onChange([...rows, fresh()])}
            >
              {addLabel}
            </Button>
          </div>
        )}
        {isReadOnly && rows.length === 0 && <Text size="sm">None.</Text>}
      </Stack>
    </Fieldset>
  );
}
