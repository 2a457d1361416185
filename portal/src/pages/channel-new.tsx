import { Anchor, Grid, Group } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { providersQuery } from "../api/channels.ts";
import { useFilters } from "../api/filters.ts";
import { useRead } from "../api/read.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { ChannelForm } from "./channel-parts/channel-form.tsx";
import { ProviderChoice } from "./channel-parts/provider-choice.tsx";
import { StepsBefore } from "./channel-parts/steps.tsx";

export function Page() {
  const { data: providers, error, refetch } = useRead(providersQuery);
  const [filters, setFilters] = useFilters();
  const navigate = useNavigate();
  const provider = providers?.find((one) => one.provider === filters.provider);
  return (
    <>
      <Anchor renderRoot={(props) => <Link to="/channels" {...props} />} size="sm">
        <Group gap={4} component="span">
          <Icon name="back" size={14} /> Channels
        </Group>
      </Anchor>
      <PageHead title={provider ? `Connect ${provider.title}` : "Add a channel"}>
        {provider ? "What you need from the provider is listed with the form." : "Who carries your texts?"}
      </PageHead>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !providers ? (
        <Loading />
      ) : provider ? (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Panel>
              <ChannelForm
                key={provider.provider}
                provider={provider}
                channel={null}
                onSaved={({ id }) => navigate({ to: `/channels/${id}` })}
              />
            </Panel>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Panel title={`What you need from ${provider.title}`}>
              <StepsBefore provider={provider} />
            </Panel>
          </Grid.Col>
        </Grid>
      ) : (
        <ProviderChoice providers={providers} onChoose={(key) => setFilters({ provider: key })} />
      )}
    </>
  );
}
