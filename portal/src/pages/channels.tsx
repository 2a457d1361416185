import { Badge, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { channelsQuery, providersQuery } from "../api/channels.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { Channel } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { showPhone } from "../kit/phone.ts";
import { HealthLine } from "./channel-parts/health.tsx";
import { SetAside } from "./channel-parts/set-aside.tsx";

export function Page() {
  const { data: channels, error, refetch } = useRead(channelsQuery);
  const may = useMay();
  const add = may("POST", "/v1/channels") && (
    <Button
      leftSection={<Icon name="plus" size={16} />}
      renderRoot={(props) => <Link to="/channels/new" {...props} />}
    >
      Add a channel
    </Button>
  );
  return (
    <>
      <PageHead title="Channels" actions={add}>
        The numbers you text from, and the providers behind them.
      </PageHead>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !channels ? (
        <Loading />
      ) : channels.length === 0 ? (
        <EmptyState icon="channel" title="No channel yet" action={add}>
          A channel is a number with the provider that carries its texts. Add one to send and receive; the
          simulator needs no account anywhere.
        </EmptyState>
      ) : (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {channels.map((channel) => (
              <ChannelCard key={channel.id} channel={channel} />
            ))}
          </SimpleGrid>
          <SetAside channels={channels} />
        </>
      )}
    </>
  );
}

function ChannelCard({ channel }: { channel: Channel }) {
  const { data: providers = [] } = useQuery(providersQuery);
  const title = providers.find(({ provider }) => provider === channel.provider)?.title ?? channel.provider;
  return (
    <Panel>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Text fw={650} component="h2" className="wrap">
              <Link to={`/channels/${channel.id}`} className="quiet-link">
                {channel.name}
              </Link>
            </Text>
            <Text size="sm" c="dimmed">
              {showPhone(channel.address)} · {title}
            </Text>
          </div>
          {channel.isDefault && (
            <Badge variant="light" tt="none">
              Default
            </Badge>
          )}
        </Group>
        <HealthLine health={channel.health} />
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            renderRoot={(props) => <Link to={`/channels/${channel.id}`} {...props} />}
            aria-label={`Open ${channel.name}`}
          >
            Open
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
