import { Button, Group, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import type { Channel } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Panel } from "../../kit/panel.tsx";

/** The sample reporter of the first set-up: may change the whole board. */
const SAMPLE_PHONE = "+14155550101";

/** A phone without a phone: its texts go the way of every other. */
export function PlayedPhone({ channel }: { channel: Channel }) {
  const [from, setFrom] = useState(SAMPLE_PHONE);
  const [text, setText] = useState("GROOMING OPEN");
  const play = useMutation({
    mutationFn: () => take(api.POST("/v1/simulator/messages", { body: { from, text, to: channel.address } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    play.mutate();
  };
  return (
    <Panel title="A phone to try it with">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label="This phone"
            type="tel"
            required
            withAsterisk={false}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            style={{ flex: "1 1 11rem" }}
          />
          <TextInput
            label="Texts"
            required
            withAsterisk={false}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            style={{ flex: "3 1 14rem" }}
          />
          <Button type="submit" loading={play.isPending}>
            Send
          </Button>
        </Group>
      </form>
      {play.error && <ErrorNote error={play.error} />}
    </Panel>
  );
}
