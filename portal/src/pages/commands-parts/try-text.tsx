import { Autocomplete, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { reportersQuery } from "../../api/board.ts";
import { api, take } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Outcome } from "../../kit/status-badge.tsx";
import { StepList } from "../../kit/step-list.tsx";
import { Changes } from "../inbox-parts/command-story.tsx";

/** What a text would do and why, without doing it. */
export function TryText() {
  const { data: reporters = [] } = useQuery(reportersQuery);
  const [from, setFrom] = useState<string | null>(null);
  const [text, setText] = useState("");
  const phone = from ?? reporters[0]?.phones[0] ?? "";
  const preview = useMutation({
    mutationFn: () => take(api.POST("/v1/commands/preview", { body: { from: phone, text } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    preview.mutate();
  };
  return (
    <Panel title="Try a text">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <Autocomplete
            label="From"
            data={reporters.flatMap(({ phones }) => phones)}
            value={phone}
            onChange={setFrom}
            renderOption={({ option }) => <OfReporter phone={option.value} reporters={reporters} />}
            style={{ flex: "1 1 11rem" }}
          />
          <TextInput
            label="Text"
            placeholder="e.g. open gate 5"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            style={{ flex: "3 1 14rem" }}
          />
          <Button
            type="submit"
            variant="light"
            loading={preview.isPending}
            disabled={phone === ""}
            leftSection={<Icon name="test" size={16} />}
          >
            Try it
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {preview.error && <ErrorNote error={preview.error} />}
        {preview.data && <Preview preview={preview.data} />}
      </div>
    </Panel>
  );
}

function OfReporter({
  phone,
  reporters,
}: {
  phone: string;
  reporters: { name: string; phones: string[] }[];
}) {
  const owner = reporters.find(({ phones }) => phones.includes(phone));
  return (
    <span>
      {phone}{" "}
      <Text span size="sm" c="dimmed">
        {owner?.name}
      </Text>
    </span>
  );
}

function Preview({
  preview,
}: {
  preview: {
    outcome: string;
    reporter: { name: string } | null;
    changes: { itemId: string; item: string; field: string; from: string | null; to: string | null }[];
    replies: { key: string; text: string; withheld: string | null }[];
    trace: string[];
  };
}) {
  const { outcome, reporter, changes, replies, trace } = preview;
  return (
    <Stack gap="xs" mt="md">
      <Group gap="xs">
        <Outcome outcome={outcome} />
        <Text size="sm" c="dimmed">
          {reporter ? `as ${reporter.name}` : "from a number nobody knows"} · nothing was changed
        </Text>
      </Group>
      <Changes changes={changes} />
      {replies.map(({ key, text, withheld }) => (
        <div key={`${key} ${text}`}>
          <div className="bubble">{text}</div>
          {withheld && (
            <Text size="sm" c="dimmed">
              It would not leave: {withheld}
            </Text>
          )}
        </div>
      ))}
      {replies.length === 0 && <Text size="sm">No reply.</Text>}
      <StepList steps={trace} />
    </Stack>
  );
}
