import { Stack, Text, Title } from "@mantine/core";
import type { Message } from "../../api/shapes.ts";
import { duration, Time } from "../../kit/time.tsx";
import { inWords } from "../../kit/words.ts";

/** Each try to send a text: when, how it ended, and what followed. */
export function Attempts({ attempts }: { attempts: Message["attempts"] }) {
  if (attempts.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h6" mb={6}>
        Tries
      </Title>
      <Stack gap={6} component="ol" m={0} pl="lg">
        {attempts.map((attempt, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tries are only ever added at the end
          <li key={index}>
            <Attempt attempt={attempt} />
          </li>
        ))}
      </Stack>
    </section>
  );
}

function Attempt({ attempt: { at, ms, outcome, decision } }: { attempt: Message["attempts"][number] }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {typeof outcome === "string" ? inWords(outcome.replaceAll("-", " ")) : "Tried"}
        <Text span inherit c="dimmed" fw={400}>
          {typeof at === "string" && (
            <>
              {" "}
              · <Time at={at} seconds />
            </>
          )}
          {typeof ms === "number" && `, ${duration(ms)}`}
        </Text>
      </Text>
      {typeof decision === "string" && (
        <Text size="sm" className="wrap">
          {inWords(decision)}
        </Text>
      )}
    </>
  );
}
