import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";

/** The last things somebody should know of. */
export function Alerts() {
  const { data } = useQuery({
    queryKey: ["events", "alerts"],
    queryFn: () => take(api.GET("/v1/events", { params: { query: { type: "alert", limit: 5 } } })),
  });
  if (!data) return null;
  return (
    <Panel title="Alerts">
      {data.data.length === 0 && (
        <Text c="dimmed" size="sm">
          None. Locked PINs, replies that could not leave and the like are told here, and by mail if the
          settings name an address.
        </Text>
      )}
      {data.data.map(({ id, timestamp, data: alert }) => (
        <Group key={id} justify="space-between" wrap="nowrap" py={4} align="flex-start">
          <Text size="sm" className="wrap">
            {(alert as { text?: string }).text}
          </Text>
          <Text size="sm" c="dimmed">
            <Time at={timestamp} />
          </Text>
        </Group>
      ))}
    </Panel>
  );
}
