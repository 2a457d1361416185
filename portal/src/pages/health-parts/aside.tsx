import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { usePaged } from "../../api/paged.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { PagedList } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import type { Arrival } from "./shapes.ts";

/** What came from a provider, was believed, and could not be understood or routed: it waits to be tried again. */
export function SetAside() {
  const list = usePaged(["arrivals", "aside"], (cursor) =>
    take(api.GET("/v1/arrivals", { params: { query: { aside: "true", cursor, limit: 10 } } })),
  );
  return (
    <Panel title="Set aside">
      <PagedList
        list={list}
        empty={
          <Text size="sm" c="dimmed">
            Nothing is set aside. Requests of providers that cannot be understood would wait here.
          </Text>
        }
      >
        {(arrivals) => (
          <ul className="rows">
            {arrivals.map((arrival) => (
              <li key={arrival.id} className="row">
                <AsideRow arrival={arrival} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </Panel>
  );
}

function AsideRow({ arrival }: { arrival: Arrival }) {
  const may = useMay();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => take(api.POST("/v1/arrivals/{id}/replay", { params: { path: { id: arrival.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["arrivals"] });
      notifyDone("It is tried again.");
    },
    onError: notifyFault,
  });
  return (
    <Group justify="space-between" gap="sm" py="sm" align="flex-start">
      <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
        <Text size="sm" fw={600} className="wrap">
          {arrival.aside}
        </Text>
        <Text size="xs" c="dimmed">
          <Time at={arrival.receivedAt} /> by “{arrival.door}”, tried {arrival.attempts} times
        </Text>
        {arrival.body && (
          <details>
            <summary>
              <Text span size="sm">
                As it came
              </Text>
            </summary>
            <div className="mono wrap">{arrival.body}</div>
          </details>
        )}
      </div>
      {may("POST", "/v1/arrivals/:id/replay") && (
        <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
          Try again
        </Button>
      )}
    </Group>
  );
}
