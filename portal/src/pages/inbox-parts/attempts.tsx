import { Code, Text, Title } from "@mantine/core";
import type { Message } from "../../api/shapes.ts";

/** Each try to send a text, as it was noted. */
export function Attempts({ attempts }: { attempts: Message["attempts"] }) {
  if (attempts.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h6" mb={6}>
        Tries
      </Title>
      {attempts.map((attempt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tries are only ever added at the end
        <Text key={index} size="sm" component="div" className="wrap" mb={4}>
          {index + 1}. {sentence(attempt)}
        </Text>
      ))}
    </section>
  );
}

function sentence(attempt: Record<string, unknown>) {
  return Object.entries(attempt)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => (
      <span key={key}>
        {key} <Code>{typeof value === "object" ? JSON.stringify(value) : String(value)}</Code>{" "}
      </span>
    ));
}
