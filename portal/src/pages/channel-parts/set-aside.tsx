import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { usePaged } from "../../api/paged.ts";
import type { Arrival, Channel } from "../../api/shapes.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { PagedList } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";

/** What providers sent and nobody could read: kept, and tried again when a person says so. Hidden when there is none. */
export function SetAside({ channels }: { channels: Channel[] }) {
  const list = usePaged(["channels", "aside"], (cursor) =>
    take(api.GET("/v1/arrivals", { params: { query: { aside: "true", cursor, limit: 10 } } })),
  );
  if (list.items.length === 0) return null;
  return (
    <Panel title="Set aside: genuine, but not understood" mt="lg">
      <PagedList list={list} empty={null}>
        {(arrivals) => (
          <Stack gap="md">
            {arrivals.map((arrival) => (
              <OneArrival
                key={arrival.id}
                arrival={arrival}
                channel={
                  channels.find(({ id }) => id === arrival.channelId)?.name ?? "a channel that is gone"
                }
              />
            ))}
          </Stack>
        )}
      </PagedList>
    </Panel>
  );
}

function OneArrival({ arrival, channel }: { arrival: Arrival; channel: string }) {
  const client = useQueryClient();
  const may = useMay();
  const replay = useMutation({
    mutationFn: () => take(api.POST("/v1/arrivals/{id}/replay", { params: { path: { id: arrival.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["channels"] });
      notifyDone("It is understood now, and on its way.");
    },
    onError: notifyFault,
  });
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {channel}, <Time at={arrival.receivedAt} />: {arrival.aside}
        </Text>
        {may("POST", "/v1/arrivals/:id/replay") && (
          <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            Try again
          </Button>
        )}
      </Group>
      {arrival.body !== null && (
        <Code block className="wrap" mt={4} style={{ whiteSpace: "pre-wrap" }}>
          {arrival.body.slice(0, 2_000)}
        </Code>
      )}
    </div>
  );
}
