import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "./queries.ts";
import { capital, STATE_COLORS } from "./words.ts";

/** How an endpoint is, in words; the mark only repeats them. */
export function EndpointHealthLine({ id }: { id: string }) {
  const { data, error } = useQuery(healthQuery(id));
  if (error) {
    return (
      <Text size="sm" c="dimmed">
        How it is doing cannot be told right now.
      </Text>
    );
  }
  return (
    <Group gap={8} wrap="nowrap" align="flex-start" mih={22}>
      <span
        style={{
          width: 10,
          height: 10,
          borderRadius: 10,
          marginTop: 6,
          flexShrink: 0,
          background: `var(--mantine-color-${STATE_COLORS[data?.state ?? "idle"]}-6)`,
        }}
      />
      <Text size="sm" className="wrap">
        {data ? capital(data.summary) : "…"}
      </Text>
    </Group>
  );
}
