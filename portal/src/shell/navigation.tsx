import { NavLink, ScrollArea, Text } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useMay } from "../api/me.ts";
import { Icon } from "../kit/icon.tsx";
import type { NavGroup, PortalPage } from "../pages.ts";
import { NAV_GROUPS, PAGES } from "../pages.ts";

/** The pages of the role, by what they are for. */
export function Navigation() {
  const may = useMay();
  const pages = PAGES.filter(({ asks, nav }) => nav && (asks === null || may(...asks)));
  return (
    <ScrollArea type="never" style={{ flex: 1 }}>
      {NAV_GROUPS.map((group) => (
        <Group key={group} group={group} pages={pages.filter(({ nav }) => nav?.group === group)} />
      ))}
    </ScrollArea>
  );
}

function Group({ group, pages }: { group: NavGroup; pages: PortalPage[] }) {
  const { pathname } = useLocation();
  if (pages.length === 0) return null;
  return (
    <section aria-label={group}>
      <Text size="xs" fw={600} c="dimmed" px={10} pt="sm" pb={4}>
        {group}
      </Text>
      {pages.map(({ path, nav }) => {
        const active = path === "/" ? pathname === "/" : pathname === path || pathname.startsWith(`${path}/`);
        return (
          <NavLink
            key={path}
            className="nav-link"
            label={nav?.label}
            leftSection={nav && <Icon name={nav.icon} />}
            active={active}
            aria-current={active ? "page" : undefined}
            renderRoot={(props) => <Link to={path} {...props} />}
          />
        );
      })}
    </section>
  );
}
