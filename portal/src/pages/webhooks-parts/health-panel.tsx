import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { EndpointHealth } from "../../api/shapes.ts";
import { Panel } from "../../kit/panel.tsx";
import { duration, Time } from "../../kit/time.tsx";
import { EndpointHealthLine } from "./health-line.tsx";
import { healthQuery } from "./queries.ts";

/** While somebody looks at this one endpoint. */
const WATCHED_MS = 2_000;

/** What to do about a state that is not well. */
const NEXT_STEPS: Partial<Record<EndpointHealth["state"], string>> = {
  idle: "Send a test to see whether it answers.",
  failing: "More tries follow by the schedule. Look at the last error.",
  paused: "Repair the receiver. One request tries again by itself; or retry one delivery now.",
  blocked: "Retry the delivery that was given up, or let those behind it go on.",
  disabled: "Repair the receiver, then enable it. What comes meanwhile is held.",
};

export function HealthPanel({ id }: { id: string }) {
  const { data: health } = useQuery({ ...healthQuery(id), refetchInterval: WATCHED_MS });
  const step = health && NEXT_STEPS[health.state];
  return (
    <Panel title="Health">
      <EndpointHealthLine id={id} />
      {step && (
        <Text size="sm" c="dimmed" mt={4}>
          {step}
        </Text>
      )}
      {health && (
        <Stack gap={4} mt="sm">
          <Row label="Waiting">{health.waiting.toLocaleString()}</Row>
          {health.held > 0 && <Row label="Held">{health.held.toLocaleString()}</Row>}
          <Row label="Given up">{(health.exhausted + health.expired).toLocaleString()}</Row>
          <Row label="Last success">
            {health.lastSuccessAt ? <Time at={health.lastSuccessAt} /> : "never"}
          </Row>
          {health.lastError && (
            <Row label="Last error">
              <Time at={health.lastError.at} />
            </Row>
          )}
          {health.typicalMs !== null && (
            <Row label="Usually answers within">{duration(health.typicalMs)}</Row>
          )}
          {health.nextTryAt && (
            <Row label="Next try">
              <Time at={health.nextTryAt} seconds />
            </Row>
          )}
        </Stack>
      )}
    </Panel>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Group>
  );
}
