import { Alert, Divider, List, Stack, Text } from "@mantine/core";
import type { RuleTest } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { StepList } from "../../kit/step-list.tsx";
import { count } from "../../kit/words.ts";
import { REASONS, takerInWords, WITHHELD } from "./words.ts";

/** Why a text does what it does: who takes it, what leaves, and why each other rule does not. */
export function TestResult({ result }: { result: RuleTest }) {
  const { takenBy, matched, actions, enabled } = result;
  const taken = takenBy === "rule" || takenBy === "default";
  return (
    <Stack gap="sm" mt="md">
      <Alert color={taken ? "teal" : "yellow"} icon={<Icon name={taken ? "check" : "info"} />}>
        <Text size="sm">{takerInWords(result)}</Text>
        {matched && takenBy !== "rule" && (
          <Text size="sm">
            The rule “{matched.name}” would fit, but{" "}
            {enabled ? "does not come to its turn" : "the rules are off"}.
          </Text>
        )}
      </Alert>
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never move
        <Sent key={index} action={action} />
      ))}
      <Others result={result} />
      <details>
        <summary>Step by step</summary>
        <StepList steps={result.trace} mt="xs" />
      </details>
    </Stack>
  );
}

function Sent({ action }: { action: RuleTest["actions"][number] }) {
  const { withheld } = action;
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {headOf(action)}
      </Text>
      {action.text !== undefined && <div className="bubble">{action.text}</div>}
      {action.body !== undefined && (
        <div className="bubble">
          <b>{action.subject}</b>
          {"\n"}
          {action.body}
        </div>
      )}
      {withheld !== null && (
        <Text size="sm" c="var(--mantine-color-error)" mt={4}>
          Held back: {WITHHELD[withheld] ?? withheld}.
        </Text>
      )}
    </div>
  );
}

function headOf({ type, segments, to, url, withheld }: RuleTest["actions"][number]): string {
  const would = withheld === null ? "is sent" : "would be sent";
  if (type === "email") return `An e-mail ${would} to ${to}`;
  if (type === "webhook") return `${url} is called`;
  const name = type === "default" ? "The default reply" : "A reply";
  return `${name} ${would}, ${count(segments ?? 1, "segment")}`;
}

function Others({ result: { others, counts } }: { result: RuleTest }) {
  if (others.length === 0) return null;
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return (
    <>
      <Divider />
      <div>
        <Text size="sm" fw={600} mb={4}>
          Why not the others
        </Text>
        <List size="sm">
          {others.slice(0, 20).map(({ id, name, reason }) => (
            <List.Item key={id}>
              “{name}”: {REASONS[reason] ?? reason}
            </List.Item>
          ))}
        </List>
        {all > 20 && (
          <Text size="sm" c="dimmed" mt={4}>
            {Object.entries(counts)
              .map(([reason, number]) => `${number.toLocaleString()} × ${REASONS[reason] ?? reason}`)
              .join("; ")}
          </Text>
        )}
      </div>
    </>
  );
}
