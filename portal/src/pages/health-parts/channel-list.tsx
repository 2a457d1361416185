import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { channelsQuery } from "../../api/channels.ts";
import { useRead } from "../../api/read.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { ChannelActions } from "../channel-parts/actions.tsx";
import { HealthLine } from "../channel-parts/health.tsx";

/** Every channel in a line, also those that nothing ails. */
export function ChannelList() {
  const { data: channels, error, refetch } = useRead(channelsQuery);
  return (
    <Panel title="Channels">
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !channels ? (
        <Loading />
      ) : (
        <ul className="rows">
          {channels.map((channel) => (
            <li key={channel.id} className="row">
              <Group justify="space-between" gap="sm" py="sm">
                <div style={{ flex: "1 1 14rem", minWidth: 0 }}>
                  <Anchor
                    fw={600}
                    size="sm"
                    c="inherit"
                    renderRoot={(props) => <Link to={`/channels/${channel.id}`} {...props} />}
                  >
                    {channel.name}
                  </Anchor>
                  <HealthLine health={channel.health} />
                </div>
                <ChannelActions channel={channel} />
              </Group>
            </li>
          ))}
        </ul>
      )}
      {channels?.length === 0 && <Text size="sm">There is none yet.</Text>}
    </Panel>
  );
}
