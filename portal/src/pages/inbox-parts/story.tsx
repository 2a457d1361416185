import { Alert, Code, Drawer, Stack, Text, Timeline, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useRead } from "../../api/read.ts";
import type { Command, Message } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Loading } from "../../kit/paged-list.tsx";
import { MessageStatus, Outcome } from "../../kit/status-badge.tsx";
import { Time } from "../../kit/time.tsx";
import { count, inWords } from "../../kit/words.ts";
import { Attempts } from "./attempts.tsx";
import { CancelButton } from "./cancel-button.tsx";
import { CommandStory } from "./command-story.tsx";

/** Everything that happened to one message: how it came, what was decided and why, how it left. */
export function Story({ messageId, onClose }: { messageId: string | null; onClose: () => void }) {
  return (
    <Drawer
      opened={messageId !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title="What happened"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {messageId && <MessageStory id={messageId} />}
    </Drawer>
  );
}

function MessageStory({ id }: { id: string }) {
  const message = useRead({
    queryKey: ["messages", id],
    queryFn: () => take(api.GET("/v1/messages/{id}", { params: { path: { id } } })),
  });
  const commandId = message.data?.commandId ?? null;
  const command = useQuery({
    queryKey: ["commands", commandId],
    queryFn: () => take(api.GET("/v1/commands/{id}", { params: { path: { id: commandId ?? "" } } })),
    enabled: commandId !== null,
  });
  if (message.error) return <ErrorNote error={message.error} />;
  if (!message.data) return <Loading />;
  return (
    <Stack>
      <Head message={message.data} />
      <CancelButton message={message.data} />
      {message.data.error && (
        <Alert color="red" title={inWords(message.data.error.code)}>
          {message.data.error.text}
        </Alert>
      )}
      {command.data && <Decision command={command.data} message={message.data} />}
      <Path message={message.data} />
      <Attempts attempts={message.data.attempts} />
      <Text size="xs" c="dimmed">
        <Code>{message.data.id}</Code>
      </Text>
    </Stack>
  );
}

function Head({ message }: { message: Message }) {
  const { text, segments, encoding, from, to } = message;
  return (
    <div>
      <div className="bubble">{text || "(no words)"}</div>
      <Text size="sm" c="dimmed" mt={6}>
        From {from} to {to}, {count(segments, "segment")} of {encoding}
      </Text>
    </div>
  );
}

function Decision({ command, message }: { command: Command; message: Message }) {
  const isAnswer = message.direction === "out";
  return (
    <section>
      <Title order={3} size="h6" mb={6}>
        {isAnswer ? "It answers a text" : "What was decided"}
      </Title>
      {isAnswer && (
        <Text size="sm" mb={6}>
          “{command.text}” from {command.reporter?.name ?? command.from}
        </Text>
      )}
      <Outcome outcome={command.outcome} />
      <CommandStory command={command} />
    </section>
  );
}

function Path({ message }: { message: Message }) {
  return (
    <section>
      <Title order={3} size="h6" mb={10}>
        {message.direction === "in" ? "How it came" : "How it left"}
      </Title>
      <Timeline bulletSize={12} lineWidth={2} active={message.statusHistory.length}>
        {message.statusHistory.map((step, index) => (
          <Timeline.Item
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
            key={index}
            title={<MessageStatus status={step.status} />}
          >
            <Text size="sm" c="dimmed">
              <Time at={step.at} seconds />
              {step.part && `, part ${step.part}`}
              {step.code && `, code ${step.code}`}
              {step.ignored && ", came too late to change anything"}
            </Text>
            {step.text && <Text size="sm">{step.text}</Text>}
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}
