import { Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Delivery } from "../../api/shapes.ts";
import { Time } from "../../kit/time.tsx";
import { count, inWords } from "../../kit/words.ts";
import { DELIVERY_COLORS, shortUrl } from "./words.ts";

export function DeliveryState({ state }: { state: Delivery["state"] }) {
  return (
    <Badge color={DELIVERY_COLORS[state]} variant="light" tt="none" fw={600} style={{ flexShrink: 0 }}>
      {inWords(state)}
    </Badge>
  );
}

export function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { id, type, url, state, tries, lastAttempt, nextTryAt, createdAt, origin } = delivery;
  return (
    <li>
      <Link to={`/webhooks/deliveries/${id}`} className="row-link">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start" component="span">
          <Group gap="xs" component="span">
            <DeliveryState state={state} />
            <Text span className="mono">
              {type}
            </Text>
            {origin !== "live" && (
              <Badge variant="default" tt="none">
                {origin === "test" ? "Test" : "Replay"}
              </Badge>
            )}
          </Group>
          <Text span size="sm" c="dimmed">
            <Time at={createdAt} />
          </Text>
        </Group>
        <Text span display="block" size="sm" c="dimmed" className="wrap">
          {url ? shortUrl(url) : "an endpoint that is gone"}
        </Text>
        <Text span display="block" size="sm" className="wrap">
          {tries === 0 ? "Not tried yet" : count(tries, "try", "tries")}
          {lastAttempt && state !== "delivered" && `: ${lastAttempt.text ?? lastAttempt.code}`}
          {nextTryAt && new Date(nextTryAt) > new Date() && (
            <>
              , next <Time at={nextTryAt} seconds />
            </>
          )}
        </Text>
      </Link>
    </li>
  );
}
