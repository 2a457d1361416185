import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Channel } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";

/** Asks the provider whether the credentials are good, and sends a text if a number is given. */
export function TestPanel({ channel }: { channel: Channel }) {
  const may = useMay();
  const [to, setTo] = useState("");
  const test = useMutation({
    mutationFn: () =>
      take(
        api.POST("/v1/channels/{id}/test", {
          params: { path: { id: channel.id } },
          body: to.trim() === "" ? {} : { to: to.trim() },
        }),
      ),
  });
  if (!may("POST", "/v1/channels/:id/test")) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <Panel title="Test the connection">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label="Also send a text to"
            description="Leave it empty to test without sending."
            placeholder="e.g. +1 415 555 0101"
            type="tel"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit" variant="default" loading={test.isPending}>
            Test
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {test.error && <ErrorNote error={test.error} />}
        {test.data && (
          <Alert
            mt="sm"
            color={test.data.ok ? "teal" : "red"}
            icon={<Icon name={test.data.ok ? "check" : "warning"} />}
          >
            <Text size="sm">
              {test.data.message}
              {test.data.messageId && " The test text is on its way."}
            </Text>
          </Alert>
        )}
      </div>
    </Panel>
  );
}
