import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { TestResult } from "./test-result.tsx";

const SAMPLE_SENDER = "+1 415 555 0101";

/** What a text would do with the rules as they are saved. Nothing is sent. */
export function TestBox() {
  const may = useMay();
  const [from, setFrom] = useState(SAMPLE_SENDER);
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const test = useMutation({
    mutationFn: () => take(api.POST("/v1/rules/test", { body: { from, text, ...(to !== "" && { to }) } })),
  });
  if (!may("POST", "/v1/rules/test")) return null;
  const faults = issuesByPath(test.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <Panel title="Try a text">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            See which saved rule would take it, and why the others would not. Nothing is sent.
          </Text>
          <Textarea
            label="Text"
            placeholder="e.g. What is my balance?"
            autosize
            minRows={2}
            required
            withAsterisk={false}
            value={text}
            error={faults.text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group grow align="flex-start">
            <TextInput
              label="From"
              type="tel"
              required
              withAsterisk={false}
              value={from}
              error={faults.from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            {may("GET", "/v1/channels") && <ToChannel value={to} onChange={setTo} />}
          </Group>
          {test.error && <ErrorNote error={test.error} />}
          <Button
            type="submit"
            variant="default"
            loading={test.isPending}
            leftSection={<Icon name="test" size={16} />}
          >
            Try it
          </Button>
        </Stack>
      </form>
      <div aria-live="polite">{test.data && <TestResult result={test.data} />}</div>
    </Panel>
  );
}

function ToChannel({ value, onChange }: { value: string; onChange: (address: string) => void }) {
  const { data: channels = [] } = useQuery(channelsQuery);
  return (
    <NativeSelect
      label="To"
      data={[
        { value: "", label: "Default channel" },
        ...channels.map(({ address, name }) => ({ value: address, label: name })),
      ]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
