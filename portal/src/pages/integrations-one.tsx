import { Anchor, Grid, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import { ifMatch } from "../api/save-over.ts";
import type { Integration } from "../api/shapes.ts";
import { BackLink } from "../kit/back-link.tsx";
import { ConfirmButton } from "../kit/confirm.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { AddressPanel, Once } from "./integrations-parts/address-panel.tsx";
import type { SavedIntegration } from "./integrations-parts/draft.ts";
import { IntegrationForm } from "./integrations-parts/integration-form.tsx";
import { PostsPanel } from "./integrations-parts/posts-panel.tsx";
import { integrationQuery } from "./integrations-parts/queries.ts";

export function Page() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { data: integration, error, refetch } = useRead(integrationQuery(id));
  return (
    <>
      <BackLink to="/integrations">Integrations</BackLink>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : integration ? (
        <Shown key={id} integration={integration} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Shown({ integration }: { integration: Integration }) {
  const may = useMay();
  const [saved, setSaved] = useState<SavedIntegration | null>(null);
  const { id, name, enabled, outboundUrl, outboundEndpointId } = integration;
  return (
    <>
      <PageHead title={name}>{enabled ? "Takes posts." : "Switched off: posts are refused."}</PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="lg">
            <AddressPanel integration={integration} />
            <PostsPanel id={id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="lg">
            {saved && <Once saved={saved} />}
            {outboundEndpointId && (
              <Panel title="Answers are told to">
                <Text className="mono wrap">{outboundUrl}</Text>
                <Anchor
                  size="sm"
                  renderRoot={(props) => <Link to={`/webhooks/${outboundEndpointId}`} {...props} />}
                >
                  Its deliveries, health and secret
                </Anchor>
              </Panel>
            )}
            {may("PUT", "/v1/ingress/:id") && (
              <Panel title="Settings">
                <IntegrationForm
                  integration={integration}
                  onSaved={(answer) => {
                    setSaved(answer);
                    notifyDone("Saved.");
                  }}
                />
              </Panel>
            )}
            {may("DELETE", "/v1/ingress/:id") && <RemoveIntegration integration={integration} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function RemoveIntegration({ integration }: { integration: Integration }) {
  const { id, name } = integration;
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      take(api.DELETE("/v1/ingress/{id}", { params: { path: { id } }, ...ifMatch(integration) })),
    onSuccess: async () => {
      await navigate({ to: "/integrations" });
      void client.invalidateQueries({ queryKey: ["ingress"] });
      notifyDone(`${name} is gone.`);
    },
    onError: (error) => {
      notifyFault(error);
      void client.invalidateQueries({ queryKey: ["ingress"] });
    },
  });
  return (
    <Panel title="Changes that hurt">
      <ConfirmButton
        label="Remove the integration"
        question={`Remove ${name}?`}
        confirm="Remove it"
        onConfirm={() => remove.mutate()}
      >
        Its address is dead at once, and answers are told to it no more. Texts it had sent stay.
      </ConfirmButton>
    </Panel>
  );
}
