import { Anchor, Badge, Grid, Group, Stack } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { channelQuery, providersQuery } from "../api/channels.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { Channel, Provider } from "../api/shapes.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { notifyDone } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { showPhone } from "../kit/phone.ts";
import { Time } from "../kit/time.tsx";
import { ChannelActions, RemoveChannel } from "./channel-parts/actions.tsx";
import { ChannelForm } from "./channel-parts/channel-form.tsx";
import { HealthLine, HowToRepair, LastSeen } from "./channel-parts/health.tsx";
import { WebhookAddresses } from "./channel-parts/steps.tsx";
import { TestPanel } from "./channel-parts/test-panel.tsx";

export function Page() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const channel = useRead(channelQuery(id));
  const providers = useRead(providersQuery);
  const error = channel.error ?? providers.error;
  const provider = providers.data?.find((one) => one.provider === channel.data?.provider);
  return (
    <>
      <Anchor renderRoot={(props) => <Link to="/channels" {...props} />} size="sm">
        <Group gap={4} component="span">
          <Icon name="back" size={14} /> Channels
        </Group>
      </Anchor>
      {error ? (
        <ErrorNote error={error} />
      ) : channel.data && provider ? (
        <Shown channel={channel.data} provider={provider} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Shown({ channel, provider }: { channel: Channel; provider: Provider }) {
  const may = useMay();
  return (
    <>
      <PageHead title={channel.name} actions={<ChannelActions channel={channel} />}>
        <Group gap="xs">
          {provider.title} · {showPhone(channel.address)}
          {channel.isDefault && (
            <Badge variant="light" tt="none">
              Default
            </Badge>
          )}
        </Group>
      </PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <Panel title="Health">
              <HealthLine health={channel.health} />
              <HowToRepair channel={channel} />
              <Stack gap={4} mt="sm">
                <LastSeen health={channel.health} />
              </Stack>
            </Panel>
            <TestPanel channel={channel} />
            {provider.doors.length > 0 && (
              <Panel title={`Enter these at ${provider.title}`}>
                <WebhookAddresses provider={provider} channel={channel} />
              </Panel>
            )}
          </Stack>
        </Grid.Col>
        {may("PATCH", "/v1/channels/:id") && (
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Stack gap="lg">
              <Panel title="Settings">
                {channel.previousSecretUntil && (
                  <p>
                    The secret before is believed until <Time at={channel.previousSecretUntil} />.
                  </p>
                )}
                <ChannelForm provider={provider} channel={channel} onSaved={() => notifyDone("Saved.")} />
              </Panel>
              <RemoveChannel channel={channel} />
            </Stack>
          </Grid.Col>
        )}
      </Grid>
    </>
  );
}
