import { Button, Group, Stack, Text } from "@mantine/core";
import type { Channel, Provider } from "../../api/shapes.ts";
import { WebhookAddresses } from "../channel-parts/steps.tsx";

export function WebhookStep({
  provider,
  channel,
  onDone,
}: {
  provider: Provider;
  channel: Channel;
  onDone: () => void;
}) {
  return (
    <Stack>
      <Text c="dimmed">
        The first one is needed to receive texts. The others tell Signalbox what became of those it sent.
      </Text>
      <WebhookAddresses provider={provider} channel={channel} />
      <Group>
        <Button onClick={onDone}>The address is entered</Button>
      </Group>
    </Stack>
  );
}
