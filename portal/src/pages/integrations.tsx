import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import type { Integration } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";

export function Page() {
  const may = useMay();
  const integrations = usePaged(["ingress", "list"], (cursor) =>
    take(api.GET("/v1/ingress", { params: { query: { cursor } } })),
  );
  const add = may("POST", "/v1/ingress") && (
    <Button
      leftSection={<Icon name="plus" size={16} />}
      renderRoot={(props) => <Link to="/integrations/new" {...props} />}
    >
      Add an integration
    </Button>
  );
  return (
    <>
      <PageHead title="Integrations" actions={add}>
        Systems that have texts sent by posting their own JSON.
      </PageHead>
      <PagedList
        list={integrations}
        empty={
          <EmptyState icon="plug" title="No integration yet" action={add}>
            Give an order system, a shop or a script an address of its own. What it posts becomes a text; you
            say where number and text stand.
          </EmptyState>
        }
      >
        {(items) => (
          <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
            {items.map((integration) => (
              <IntegrationRow key={integration.id} integration={integration} />
            ))}
          </Stack>
        )}
      </PagedList>
    </>
  );
}

function IntegrationRow({ integration }: { integration: Integration }) {
  const { id, name, enabled, signingSecretSet, toPath, textPath, tokenHint, outboundUrl } = integration;
  return (
    <li>
      <Panel p="sm">
        <Group gap="xs" mb={2}>
          <Text fw={650} component="h2" size="md" m={0} className="wrap">
            <Link to={`/integrations/${id}`} className="quiet-link">
              {name}
            </Link>
          </Text>
          {!enabled && (
            <Badge color="gray" variant="light" tt="none">
              Off
            </Badge>
          )}
          <Badge color={signingSecretSet ? "teal" : "yellow"} variant="light" tt="none">
            {signingSecretSet ? "Signed" : "Not signed"}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed" className="wrap">
          Number at {toPath}, text at {textPath}; address ends with {tokenHint}
        </Text>
        {outboundUrl && (
          <Text size="sm" c="dimmed" className="wrap">
            Answers are told to {outboundUrl.replace(/^https?:\/\//, "")}
          </Text>
        )}
      </Panel>
    </li>
  );
}
