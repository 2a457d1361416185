import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { LiveState } from "../api/live.ts";
import { useLive } from "../api/live.ts";
import { useMe } from "../api/me.ts";
import { Icon } from "../kit/icon.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Navigation } from "./navigation.tsx";

/** What stands around every page for people who are signed in. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const me = useMe();
  const live = useLive();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    close();
    // Whoever hears the page instead of seeing it is put at the beginning of the new one.
    main.current?.focus({ preventScroll: true });
  }, [pathname, close]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "md", md: "xl" }}
    >
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell.Header px="md" bg="var(--signal-panel)">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Link to="/" className="brand">
              <img src="/favicon.svg" alt="" width={26} height={26} />
              Signalbox
            </Link>
            <Text c="dimmed" size="sm" truncate visibleFrom="xs">
              {me.tenant.name}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LiveMark state={live} />
            <SchemeSwitch />
            <AccountMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" bg="var(--signal-panel)" aria-label="Pages">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <div style={{ maxWidth: 1180, margin: "0 auto" }}>
          {/* Every time on the page is told anew when the zone is another. */}
          <Outlet key={me.tenant.timeZone} />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

const LIVE_WORDS: Record<LiveState, string | null> = {
  connecting: null,
  live: "Live",
  away: "Not live: the connection is away",
  off: null,
};

function LiveMark({ state }: { state: LiveState }) {
  const words = LIVE_WORDS[state];
  if (!words) return null;
  const color = state === "live" ? "var(--mantine-color-teal-6)" : "var(--mantine-color-orange-6)";
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <span style={{ width: 8, height: 8, flexShrink: 0, borderRadius: 8, background: color }} />
      <Text size="xs" c="dimmed" visibleFrom="xs">
        {words}
      </Text>
      {state === "away" && (
        <Text size="xs" c="dimmed" hiddenFrom="xs">
          Not live
        </Text>
      )}
    </Group>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      onClick={() => setColorScheme(dark ? "light" : "dark")}
      aria-label={dark ? "Use light colours" : "Use dark colours"}
    >
      <Icon name={dark ? "sun" : "moon"} />
    </ActionIcon>
  );
}
