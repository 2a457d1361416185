import { List, Stack, Text } from "@mantine/core";
import type { Channel, Provider } from "../../api/shapes.ts";
import { CopyField } from "../../kit/copy-button.tsx";

/** What a person does at the provider before the channel can be saved. */
export function StepsBefore({ provider }: { provider: Provider }) {
  const needed = provider.settings.filter((setting) => !setting.advanced);
  return (
    <List type="ordered" spacing="sm">
      {needed.map(({ key, label, help, required }) => (
        <List.Item key={key}>
          <Text fw={600} span>
            {label}
          </Text>
          {!required && (
            <Text c="dimmed" span>
              {" "}
              (optional)
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {help}
          </Text>
        </List.Item>
      ))}
      <List.Item>
        <Text fw={600} span>
          Webhook address
        </Text>
        <Text size="sm" c="dimmed">
          {provider.doors.length > 0
            ? `Shown once the channel is saved: you enter it at ${provider.title}.`
            : "Not needed: nothing comes in over HTTP."}
        </Text>
      </List.Item>
    </List>
  );
}

/** The addresses of a channel, each with what is done with it at the provider, in its own words. */
export function WebhookAddresses({ provider, channel }: { provider: Provider; channel: Channel }) {
  const isLocal = /^https?:\/\/(localhost|127\.|\[::1\])/.test(channel.inboundUrl ?? "");
  return (
    <Stack>
      {isLocal && (
        <Text size="sm" c="var(--mantine-color-error)">
          These addresses lead to this machine only, where {provider.title} cannot come. Start Signalbox with
          PUBLIC_URL set to its public https address.
        </Text>
      )}
      {provider.doors.map(({ kind, help }) => (
        <CopyField key={kind} label={wordsOf(kind)} help={help} value={channel.inboundUrls[kind] ?? ""} />
      ))}
    </Stack>
  );
}

function wordsOf(kind: string): string {
  const words = kind.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
