import { Anchor, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Icon } from "./icon.tsx";

/** From one thing back to the list it stands in. */
export function BackLink({ to, children }: { to: string; children: string }) {
  return (
    <Anchor renderRoot={(props) => <Link to={to} {...props} />} size="sm">
      <Group gap={4} component="span">
        <Icon name="back" size={14} /> {children}
      </Group>
    </Anchor>
  );
}
