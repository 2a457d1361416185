import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/health.ts";
import type { Channel } from "../../api/shapes.ts";
import { Time } from "../../kit/time.tsx";

/** How a channel is, in words; the mark only repeats them. */
export function HealthLine({ health }: { health: Channel["health"] }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <span
        style={{
          width: 10,
          height: 10,
          borderRadius: 10,
          marginTop: 6,
          flexShrink: 0,
          background: `var(--mantine-color-${colorOf(health)}-6)`,
        }}
      />
      <Text size="sm">{capital(health.summary)}</Text>
    </Group>
  );
}

function colorOf(health: Channel["health"]): string {
  if (health.paused) return health.paused.cause === "paused_by_user" ? "yellow" : "red";
  if (health.waiting > 0) return "yellow";
  return health.lastInboundAt || health.lastAcceptedAt ? "teal" : "gray";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why it is held back in the provider's words, and what to do about it. */
export function HowToRepair({ channel }: { channel: Pick<Channel, "id" | "health"> }) {
  const { data } = useQuery(healthQuery);
  const said = channel.health.paused?.reason.split(": ").slice(1).join(": ");
  const steps = (data?.data ?? []).filter(({ object }) => object.id === channel.id).map(({ step }) => step);
  return (
    <>
      {said && (
        <Text size="sm" mt={4} className="wrap">
          {capital(said)}
        </Text>
      )}
      {[...new Set(steps)].map((step) => (
        <Text key={step} size="sm" mt={4} c="dimmed">
          {step}
        </Text>
      ))}
    </>
  );
}

/** When what happened last. */
export function LastSeen({ health }: { health: Channel["health"] }) {
  const rows: [string, string | null][] = [
    ["Last text in", health.lastInboundAt],
    ["Last text taken by the provider", health.lastAcceptedAt],
    ["Last receipt", health.lastReceiptAt],
  ];
  return (
    <>
      {rows.map(([label, at]) => (
        <Group key={label} justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Text size="sm">{at ? <Time at={at} /> : "never"}</Text>
        </Group>
      ))}
      {health.refusedRequests > 0 && (
        <Text size="sm" c="var(--mantine-color-error)" mt="xs">
          {health.refusedRequests} requests to its address were not believed. Compare the secret and the
          allowed addresses with the provider's.
        </Text>
      )}
    </>
  );
}
