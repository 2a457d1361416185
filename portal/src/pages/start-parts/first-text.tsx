import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import type { Channel, Message } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { showPhone } from "../../kit/phone.ts";
import { MessageStatus } from "../../kit/status-badge.tsx";
import { Time } from "../../kit/time.tsx";
import { ReplyBox } from "../inbox-parts/reply-box.tsx";
import { PlayedPhone } from "./played-phone.tsx";

/** Clocks of the browser and the server differ a little, ms. */
const MARGIN_MS = 60_000;

/** Watches the first text come in, and lets the person answer it. */
export function FirstText({ channel }: { channel: Channel }) {
  const [since] = useState(() => new Date(Date.now() - MARGIN_MS).toISOString());
  const { data } = useQuery({
    queryKey: ["messages", "first", channel.id, since],
    queryFn: () =>
      take(api.GET("/v1/messages", { params: { query: { channel: channel.id, since, limit: 20 } } })),
    // Live by events; this is for those whose connection is cut.
    refetchInterval: 5_000,
  });
  const messages = [...(data?.data ?? [])].reverse();
  const first = messages.find(({ direction }) => direction === "in");
  return (
    <Stack gap="lg">
      {channel.provider === "simulator" && <PlayedPhone channel={channel} />}
      <Panel title="What happens">
        <div aria-live="polite">{first ? <Talk messages={messages} /> : <Waiting channel={channel} />}</div>
      </Panel>
      {first && <Answer channel={channel} to={first.from} messages={messages} />}
    </Stack>
  );
}

function Waiting({ channel }: { channel: Channel }) {
  return (
    <Group wrap="nowrap">
      <Loader size="sm" />
      <Text>
        Waiting for a text to <b>{showPhone(channel.address)}</b>.{" "}
        {channel.provider === "simulator"
          ? "Send one from the phone above."
          : "Send one from your own phone, for example HELP."}
      </Text>
    </Group>
  );
}

function Talk({ messages }: { messages: Message[] }) {
  return (
    <Stack gap="xs">
      {messages.map((message) => (
        <div key={message.id}>
          <div className="bubble" data-out={message.direction === "out"}>
            {message.text}
          </div>
          <Group gap={6} justify={message.direction === "out" ? "flex-end" : "flex-start"} mt={4}>
            <Text size="xs" c="dimmed">
              {message.direction === "out" ? "to" : "from"}{" "}
              {showPhone(message.direction === "out" ? message.to : message.from)} ·{" "}
              <Time at={message.createdAt} seconds />
            </Text>
            <MessageStatus status={message.status} />
          </Group>
        </div>
      ))}
    </Stack>
  );
}

function Answer({ channel, to, messages }: { channel: Channel; to: string; messages: Message[] }) {
  const [sentId, setSentId] = useState<string | null>(null);
  const sent = messages.find(({ id }) => id === sentId);
  const hasLeft = sent && !["queued", "held"].includes(sent.status);
  return (
    <Panel title="Now answer it">
      <ReplyBox to={to} channelId={channel.id} onSent={setSentId} />
      {hasLeft && (
        <Stack mt="md" gap="xs" role="status">
          <Group gap="xs">
            <Icon name="check" />
            <Text fw={600}>Your first reply has left. Signalbox works.</Text>
          </Group>
          <Group>
            <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to Home</Button>
            <Button variant="default" renderRoot={(props) => <Link to="/status-board" {...props} />}>
              See the board
            </Button>
          </Group>
        </Stack>
      )}
    </Panel>
  );
}
