import type { PaperProps } from "@mantine/core";
import { Group, Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a page. */
export function Panel({
  title,
  actions,
  children,
  component = "div",
  ...rest
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  /** What it is in the page, where it is more than a box. */
  component?: "div" | "section" | "article" | "li";
} & PaperProps) {
  return (
    <Paper
      component={component as "div"}
      withBorder
      p="md"
      bg="var(--signal-panel)"
      style={{ borderColor: "var(--signal-line)" }}
      {...rest}
    >
      {(title || actions) && (
        <Group justify="space-between" mb="sm" gap="xs">
          {title && (
            <Title order={2} size="h5">
              {title}
            </Title>
          )}
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  );
}
