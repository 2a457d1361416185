import { Anchor, Button, Grid, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import { ifMatch } from "../api/save-over.ts";
import type { Endpoint } from "../api/shapes.ts";
import { BackLink } from "../kit/back-link.tsx";
import { ConfirmButton } from "../kit/confirm.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { EndpointForm } from "./webhooks-parts/endpoint-form.tsx";
import { HealthPanel } from "./webhooks-parts/health-panel.tsx";
import { PowerButton } from "./webhooks-parts/power.tsx";
import { endpointQuery } from "./webhooks-parts/queries.ts";
import { ReplaysPanel } from "./webhooks-parts/replays-panel.tsx";
import { SecretPanel } from "./webhooks-parts/secret-panel.tsx";
import { TestPanel } from "./webhooks-parts/test-panel.tsx";
import { SOURCES, shortUrl, typesInWords } from "./webhooks-parts/words.ts";

export function Page() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { data: endpoint, error, refetch } = useRead(endpointQuery(id));
  return (
    <>
      <BackLink to="/webhooks">Webhooks</BackLink>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : endpoint ? (
        <Shown key={id} endpoint={endpoint} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Shown({ endpoint }: { endpoint: Endpoint }) {
  const may = useMay();
  const [fresh, setFresh] = useState<string | null>(null);
  const { id, url, source } = endpoint;
  const actions = (
    <>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link to="/webhooks/deliveries" search={{ endpoint: id } as never} {...props} />
        )}
      >
        Deliveries
      </Button>
      <PowerButton endpoint={endpoint} />
    </>
  );
  return (
    <>
      <PageHead title={shortUrl(url)} actions={actions}>
        {SOURCES[source]}, hears of {typesInWords(endpoint)}
      </PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="lg">
            <HealthPanel id={id} />
            <TestPanel endpoint={endpoint} />
            <SecretPanel endpoint={endpoint} fresh={fresh} />
            <ReplaysPanel endpoint={endpoint} />
          </Stack>
        </Grid.Col>
        {may("PATCH", "/v1/endpoints/:id") && (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack gap="lg">
              <Panel title="Settings">
                <Owner endpoint={endpoint} />
                <EndpointForm
                  endpoint={endpoint}
                  onSaved={({ secret }) => {
                    setFresh(secret ?? null);
                    notifyDone("Saved.");
                  }}
                />
              </Panel>
              <RemoveEndpoint endpoint={endpoint} />
            </Stack>
          </Grid.Col>
        )}
      </Grid>
    </>
  );
}

const OWNERS: Partial<Record<Endpoint["source"], { words: string; to: (endpoint: Endpoint) => string }>> = {
  forward_all: { words: "Its address is changed at the top of Webhooks", to: () => "/webhooks" },
  rule: { words: "Its address stands in a rule", to: ({ sourceId }) => `/rules/${sourceId}` },
  integration: {
    words: "Its address stands in an integration",
    to: ({ sourceId }) => `/integrations/${sourceId}`,
  },
};

/** Where the address of an endpoint is changed that nobody made by hand. */
function Owner({ endpoint }: { endpoint: Endpoint }) {
  const owner = OWNERS[endpoint.source];
  if (endpoint.source === "callback") {
    return (
      <Text size="sm" mb="sm">
        Messages name this address as their callback. All callbacks share one secret.
      </Text>
    );
  }
  if (!owner) return null;
  return (
    <Text size="sm" mb="sm">
      {owner.words}:{" "}
      <Anchor inherit renderRoot={(props) => <Link to={owner.to(endpoint)} {...props} />} underline="always">
        go there
      </Anchor>
      .
    </Text>
  );
}

function RemoveEndpoint({ endpoint }: { endpoint: Endpoint }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      take(api.DELETE("/v1/endpoints/{id}", { params: { path: { id: endpoint.id } }, ...ifMatch(endpoint) })),
    onSuccess: async () => {
      await navigate({ to: "/webhooks" });
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      notifyDone("The endpoint is gone.");
    },
    onError: (error) => {
      notifyFault(error);
      void client.invalidateQueries({ queryKey: ["endpoints"] });
    },
  });
  if (endpoint.source !== "endpoint" && endpoint.source !== "callback") return null;
  return (
    <Panel title="Changes that hurt">
      <Group>
        <ConfirmButton
          label="Remove the endpoint"
          question="Remove this endpoint?"
          confirm="Remove it"
          onConfirm={() => remove.mutate()}
        >
          What still waits for it is given up. What it got stays in the list of deliveries.
        </ConfirmButton>
      </Group>
    </Panel>
  );
}
