import type { QueryClient } from "@tanstack/react-query";
import type { AsyncRouteComponent } from "@tanstack/react-router";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isApiFault, noAnswer } from "./api/client.ts";
import { parseSearch, stringifySearch } from "./api/filters.ts";
import { meQuery, useMay } from "./api/me.ts";
import { Loading } from "./kit/paged-list.tsx";
import type { PortalPage } from "./pages.ts";
import { PAGES, pageFile } from "./pages.ts";
import { NotForRole } from "./shell/not-for-role.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { answers, PageFault } from "./shell/page-fault.tsx";
import { Shell } from "./shell/shell.tsx";

/** Pages for people who are not signed in. */
const OUTSIDE = [
  { path: "/sign-in", file: "sign-in" },
  { path: "/setup", file: "setup" },
  { path: "/invitation", file: "invitation" },
  { path: "/forgotten-password", file: "forgotten-password" },
  { path: "/new-password", file: "new-password" },
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
  const inside = PAGES.map(({ path, file, asks }) =>
    createRoute({ getParentRoute: () => shell, path, component: forRoles(asks, lazyPage(file)) }),
  );
  const outside = OUTSIDE.map(({ path, file }) =>
    createRoute({ getParentRoute: () => root, path, component: lazyPage(file) }),
  );
  return createRouter({
    routeTree: root.addChildren([shell.addChildren(inside), ...outside]),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: PageFault,
    scrollRestoration: true,
  });
}

/**
 * The script of a page comes when somebody goes there. The router loads everything anew when it cannot be had, since
 * a newer Signalbox calls its files by other names; while nobody answers at all, that would end in a page of the browser.
 */
function lazyPage(file: string) {
  const load = pageFile(file);
  const loadOrTell = (): ReturnType<typeof load> =>
    load().catch(async (error: unknown) => {
      throw (await answers()) ? error : noAnswer();
    });
  return lazyRouteComponent(loadOrTell, "Page") as AsyncRouteComponent<object>;
}

/** Whoever types the address of a page that is not for their role is told so, instead of getting its ruins. */
function forRoles(asks: PortalPage["asks"], Shown: AsyncRouteComponent<object>) {
  if (asks === null) return Shown;
  function Guarded() {
    const may = useMay();
    return may(...(asks as [string, string])) ? <Shown /> : <NotForRole />;
  }
  return Object.assign(Guarded, { preload: Shown.preload });
}
