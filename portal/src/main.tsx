import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isApiFault } from "./api/client.ts";
import { createPortalRouter } from "./router.tsx";
import { cssVariables, theme } from "./theme.ts";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./portal.css";

/** Whose session ended is led to the sign-in, and back to where they were. */
function signInAgain(error: unknown): void {
  const { pathname, href } = router.state.location;
  if (!isApiFault(error) || error.status !== 401 || pathname === "/sign-in") return;
  // Who it was is forgotten once the pages are gone: they cannot be without.
  void router
    .navigate({ to: "/sign-in", search: { next: href } } as never)
    .then(() => client.removeQueries({ queryKey: ["me"] }));
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== "me" && signInAgain(error) }),
  mutationCache: new MutationCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the API refuses it refuses again.
      retry: (failures, error) => isApiFault(error) && error.status === 0 && failures < 2,
    },
  },
});
// Nobody else knows them.
client.setQueryDefaults(["draft"], { gcTime: Number.POSITIVE_INFINITY });
const router = createPortalRouter(client);

const place = document.getElementById("root");
if (!place) throw new Error("the page has no place for the portal");
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
