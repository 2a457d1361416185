import { Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Endpoint } from "../../api/shapes.ts";
import { Panel } from "../../kit/panel.tsx";
import { EndpointHealthLine } from "./health-line.tsx";
import { SOURCES, shortUrl, typesInWords } from "./words.ts";

export function EndpointRow({ endpoint }: { endpoint: Endpoint }) {
  const { id, url, source, enabled } = endpoint;
  return (
    <li>
      <Panel p="sm">
        <Group gap="xs" mb={2}>
          <Text fw={650} component="h3" size="md" m={0} className="wrap" style={{ minWidth: 0 }}>
            <Link to={`/webhooks/${id}`} className="quiet-link">
              {shortUrl(url)}
            </Link>
          </Text>
          {!enabled && (
            <Badge color="gray" variant="light" tt="none">
              Disabled
            </Badge>
          )}
          {source !== "endpoint" && (
            <Badge variant="light" tt="none">
              {SOURCES[source]}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" mb={4} className="wrap">
          Hears of {typesInWords(endpoint)}
        </Text>
        <EndpointHealthLine id={id} />
      </Panel>
    </li>
  );
}
