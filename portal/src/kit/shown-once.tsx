import { Alert, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";

/** Secrets that the API tells this once: whoever does not copy them now has to make new ones. */
export function ShownOnce({
  title,
  values,
  children,
}: {
  title: string;
  values: { label: string; value: string; help?: string }[];
  children?: ReactNode;
}) {
  return (
    <Alert color="yellow" variant="outline" icon={<Icon name="key" />} title={title} role="status">
      <Stack gap="sm">
        <Text size="sm">Copy it now: it is not shown again.</Text>
        {values.map((one) => (
          <CopyField key={one.label} {...one} />
        ))}
        {children}
      </Stack>
    </Alert>
  );
}
