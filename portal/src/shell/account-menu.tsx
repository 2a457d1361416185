import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { send } from "../api/client.ts";
import type { Me } from "../api/me.ts";
import { Icon } from "../kit/icon.tsx";
import { notifyFault } from "../kit/notify.ts";

export function AccountMenu({ me }: { me: Me }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    try {
      await send("POST", "/portal/auth/sign-out", {});
    } catch (error) {
      return notifyFault(error);
    }
    await navigate({ to: "/sign-in" });
    client.clear();
  };
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${me.name}`}>
          <Avatar color="signal" variant="light" radius="xl" size={34}>
            <Icon name="person" size={20} />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: "6px 12px 10px" }}>
          <Text fw={600}>{me.name}</Text>
          <Text size="sm" c="dimmed" className="wrap">
            {me.email}
          </Text>
          <Text size="sm" c="dimmed">
            {me.role} of {me.tenant.name}
          </Text>
        </div>
        <Menu.Divider />
        {me.email && (
          <Menu.Item
            renderRoot={(props) => <Link to="/account" {...props} />}
            leftSection={<Icon name="key" size={16} />}
          >
            Your account
          </Menu.Item>
        )}
        <Menu.Item
          component="a"
          href={`/board/${me.tenant.slug}`}
          leftSection={<Icon name="board" size={16} />}
        >
          Public board
        </Menu.Item>
        <Menu.Item component="a" href="/docs" leftSection={<Icon name="external" size={16} />}>
          API documentation
        </Menu.Item>
        <Menu.Item onClick={signOut} leftSection={<Icon name="leave" size={16} />}>
          Sign out
        </Menu.Item>
        <Menu.Divider />
        <Text size="xs" c="dimmed" px={12} py={4}>
          Signalbox {me.version}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}
