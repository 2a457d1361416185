import { Button, Group, NativeSelect, Stack, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import type { Endpoint } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { EndpointRow } from "./webhooks-parts/endpoint-row.tsx";
import { ForwardAll } from "./webhooks-parts/forward-all.tsx";
import { SubNav } from "./webhooks-parts/sub-nav.tsx";
import { SOURCES } from "./webhooks-parts/words.ts";

export function Page() {
  const may = useMay();
  const [filters, setFilters] = useFilters();
  const source = filters.source as Endpoint["source"] | undefined;
  const endpoints = usePaged(["endpoints", "list", source], (cursor) =>
    // Each row asks how its endpoint is doing: a page is not long.
    take(api.GET("/v1/endpoints", { params: { query: { cursor, source, limit: 20 } } })),
  );
  const add = may("POST", "/v1/endpoints") && (
    <Button
      leftSection={<Icon name="plus" size={16} />}
      renderRoot={(props) => <Link to="/webhooks/new" {...props} />}
    >
      Add an endpoint
    </Button>
  );
  return (
    <>
      <PageHead title="Webhooks" actions={add}>
        Tell other systems what happens: each address has its own queue, secret and log.
      </PageHead>
      <SubNav />
      <Stack gap="lg">
        <ForwardAll />
        <Group justify="space-between" align="flex-end">
          <Title order={2} size="h4">
            Endpoints
          </Title>
          <NativeSelect
            aria-label="Which endpoints"
            data={[
              { value: "", label: "All" },
              ...Object.entries(SOURCES).map(([value, label]) => ({ value, label })),
            ]}
            value={source ?? ""}
            onChange={(event) => setFilters({ source: event.currentTarget.value })}
          />
        </Group>
        <PagedList
          list={endpoints}
          empty={
            <EmptyState
              icon="webhook"
              title={source ? "None of this kind" : "No endpoint yet"}
              action={source ? undefined : add}
            >
              An endpoint is an address of yours that hears of the events you choose, signed, and tried again
              when it is away.
            </EmptyState>
          }
        >
          {(items) => (
            <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
              {items.map((endpoint) => (
                <EndpointRow key={endpoint.id} endpoint={endpoint} />
              ))}
            </Stack>
          )}
        </PagedList>
      </Stack>
    </>
  );
}
