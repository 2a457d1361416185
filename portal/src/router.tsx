import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isApiFault } from "./api/client.ts";
import { parseSearch, stringifySearch } from "./api/filters.ts";
import { meQuery } from "./api/me.ts";
import { ErrorNote } from "./kit/error-note.tsx";
import { Loading } from "./kit/paged-list.tsx";
import { PAGES, pageFile } from "./pages.ts";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";

/** Pages for people who are not signed in. */
const OUTSIDE = [
  { path: "/sign-in", file: "sign-in" },
  { path: "/setup", file: "setup" },
  { path: "/invitation", file: "invitation" },
];

export function createPortalRouter(client: QueryClient) {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
  const shell = createRoute({
    getParentRoute: () => root,
    id: "shell",
    component: Shell,
    beforeLoad: async ({ location }) => {
      try {
        await client.ensureQueryData(meQuery);
      } catch (error) {
        if (!isApiFault(error) || error.status !== 401) throw error;
        const next = location.href === "/" ? undefined : location.href;
        throw redirect({ to: "/sign-in", search: { next } } as never);
      }
    },
  });
  const inside = PAGES.map(({ path, file }) =>
    createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(pageFile(file), "Page") }),
  );
  const outside = OUTSIDE.map(({ path, file }) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(pageFile(file), "Page") }),
  );
  return createRouter({
    routeTree: root.addChildren([shell.addChildren(inside), ...outside]),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: ({ error }) => <ErrorNote error={error} retry={() => location.reload()} />,
    scrollRestoration: true,
  });
}
