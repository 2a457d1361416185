import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import type { Paged } from "../api/paged.ts";
import { usePaged } from "../api/paged.ts";
import type { Delivery } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { DeliveryFilters } from "./webhooks-parts/delivery-filters.tsx";
import { DeliveryRow } from "./webhooks-parts/delivery-row.tsx";
import { endpointQuery } from "./webhooks-parts/queries.ts";
import { SubNav } from "./webhooks-parts/sub-nav.tsx";
import { shortUrl } from "./webhooks-parts/words.ts";

/** Deliveries end without an event: while some are under way the list is read again, ms. */
const WATCH_MS = 1_500;

export function Page() {
  const [filters, setFilters] = useFilters();
  const { endpoint, type, code, since } = filters;
  const state = filters.state as Delivery["state"] | undefined;
  const query = { endpoint, state, type, code, since };
  const deliveries = usePaged(["deliveries", "list", query], (cursor) =>
    take(api.GET("/v1/deliveries", { params: { query: { ...query, cursor, limit: 30 } } })),
  );
  useWatch(deliveries);
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  return (
    <>
      <PageHead title="Deliveries">
        {endpoint ? (
          <ToEndpoint id={endpoint} />
        ) : (
          "Every event that left for an endpoint, and how that went."
        )}
      </PageHead>
      <SubNav />
      <DeliveryFilters filters={filters} onChange={setFilters} />
      <PagedList
        list={deliveries}
        empty={
          <EmptyState icon="send" title={isFiltered ? "Nothing like that" : "Nothing delivered yet"}>
            {isFiltered
              ? "Choose other filters, or take some away."
              : "As soon as an endpoint hears of an event, you see here what was sent and what was answered."}
          </EmptyState>
        }
      >
        {(items) => (
          <Panel p={4}>
            <ul className="lined" style={{ listStyle: "none", margin: 0, padding: 0 }}>
              {items.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} />
              ))}
            </ul>
          </Panel>
        )}
      </PagedList>
    </>
  );
}

function ToEndpoint({ id }: { id: string }) {
  const { data } = useQuery(endpointQuery(id));
  return (
    <Text span className="wrap">
      To {data ? shortUrl(data.url) : "one endpoint"}
    </Text>
  );
}

function useWatch({ items, reload }: Paged<Delivery>): void {
  const isMoving = items.some(({ state }) => state === "waiting" || state === "sending");
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(reload, WATCH_MS);
    return () => clearInterval(timer);
  });
}
