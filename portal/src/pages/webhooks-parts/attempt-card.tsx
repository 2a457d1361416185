import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import type { Attempt } from "../../api/shapes.ts";
import { CodeBlock, headerLines } from "../../kit/code-block.tsx";
import { duration, Time } from "../../kit/time.tsx";
import { CODES, capital, KINDS } from "./words.ts";

/** One try: what was answered, how long it took, and what followed from it. */
export function AttemptCard({ attempt, title }: { attempt: Attempt; title?: string }) {
  const { code, text, status, ms, at, decision, fault, late, kind, response } = attempt;
  const ok = code === "ok";
  return (
    <Paper withBorder p="sm" style={{ borderColor: "var(--signal-line)" }}>
      <Group gap="xs" mb={4}>
        <Badge color={ok ? "teal" : code === "skipped" ? "gray" : "red"} variant="light" tt="none">
          {code === "skipped" ? "Not sent" : status === null ? "No answer" : `HTTP ${status}`}
        </Badge>
        <Text fw={600} size="sm">
          {title ?? KINDS[kind ?? ""] ?? kind ?? "A try"}
        </Text>
        <Text size="sm" c="dimmed">
          {at && <Time at={at} seconds />}
          {ms !== null && `, ${duration(ms)}`}
        </Text>
      </Group>
      <Text size="sm" className="wrap">
        {capital(text ?? CODES[code ?? ""] ?? "It is not known how it ended")}
      </Text>
      {decision && (
        <Text size="sm" c="dimmed">
          What followed: {decision}
          {fault === "ours" && " (the fault was on our side)"}
          {late && " (it ended after somebody else had taken it over)"}
        </Text>
      )}
      {response && (
        <details style={{ marginTop: 6 }}>
          <summary>What it answered</summary>
          <Stack gap="xs" mt="xs">
            <CodeBlock label="Headers of the answer">{headerLines(response.headers)}</CodeBlock>
            {response.body !== "" && <CodeBlock label="Body of the answer">{response.body}</CodeBlock>}
          </Stack>
        </details>
      )}
    </Paper>
  );
}
