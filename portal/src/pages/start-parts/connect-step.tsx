import { Grid } from "@mantine/core";
import type { Channel, Provider } from "../../api/shapes.ts";
import { Panel } from "../../kit/panel.tsx";
import { ChannelForm } from "../channel-parts/channel-form.tsx";
import { StepsBefore } from "../channel-parts/steps.tsx";

export function ConnectStep({
  provider,
  onSaved,
}: {
  provider: Provider;
  onSaved: (channel: Channel) => void;
}) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Panel title={`Connect ${provider.title}`}>
          <ChannelForm key={provider.provider} provider={provider} channel={null} onSaved={onSaved} />
        </Panel>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Panel title={`What you need from ${provider.title}`}>
          <StepsBefore provider={provider} />
        </Panel>
      </Grid.Col>
    </Grid>
  );
}
