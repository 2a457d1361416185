import { Text } from "@mantine/core";
import type { Command } from "../../api/shapes.ts";
import { StepList } from "../../kit/step-list.tsx";
import { inWords } from "../../kit/words.ts";

/** What a text changed, and the steps by which that was decided. */
export function CommandStory({ command }: { command: Pick<Command, "changes" | "trace"> }) {
  return (
    <>
      {command.changes.length > 0 && <Changes changes={command.changes} />}
      <StepList steps={command.trace} mt="xs" />
    </>
  );
}

export function Changes({
  changes,
}: {
  changes: { itemId: string; item: string; field: string; from: string | null; to: string | null }[];
}) {
  return (
    <>
      {changes.map(({ itemId, item, field, from, to }) => (
        <Text key={`${itemId} ${field}`} size="sm">
          <b>{item}</b> {field}: {inWords(from ?? "not set")} → <b>{inWords(to ?? "not set")}</b>
        </Text>
      ))}
    </>
  );
}
