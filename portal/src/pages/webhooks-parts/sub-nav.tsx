import { Button, Group } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useMay } from "../../api/me.ts";

const PLACES: { to: string; label: string; asks: [method: string, path: string] }[] = [
  { to: "/webhooks", label: "Endpoints", asks: ["GET", "/v1/endpoints"] },
  { to: "/webhooks/deliveries", label: "Deliveries", asks: ["GET", "/v1/deliveries"] },
  { to: "/webhooks/mails", label: "E-mails", asks: ["GET", "/v1/mails"] },
];

/** The lists that belong together. */
export function SubNav() {
  const { pathname } = useLocation();
  const may = useMay();
  return (
    <Group component="nav" aria-label="Webhooks" gap={4} mb="lg">
      {PLACES.filter(({ asks }) => may(...asks)).map(({ to, label }) => {
        const active = pathname === to;
        return (
          <Button
            key={to}
            variant={active ? "light" : "subtle"}
            color={active ? undefined : "gray"}
            size="sm"
            aria-current={active ? "page" : undefined}
            renderRoot={(props) => <Link to={to} {...props} />}
          >
            {label}
          </Button>
        );
      })}
    </Group>
  );
}
