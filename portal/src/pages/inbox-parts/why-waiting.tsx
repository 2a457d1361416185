import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/health.ts";
import type { Message } from "../../api/shapes.ts";

/** Under a text that waits: what stands in the way of its channel. */
export function WhyWaiting({ message }: { message: Message }) {
  const waits = message.direction === "out" && message.status === "queued";
  const { data } = useQuery({ ...healthQuery, enabled: waits });
  const blocker = data?.data.find(
    ({ object }) => object.kind === "channel" && object.id === message.channelId,
  );
  if (!waits || !blocker) return null;
  return (
    <Text size="xs" c="var(--signal-wait)" ta="right" className="wrap">
      Waits: {blocker.text}
    </Text>
  );
}
