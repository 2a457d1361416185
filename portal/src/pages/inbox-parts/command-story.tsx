import { List, Text } from "@mantine/core";
import type { Command } from "../../api/shapes.ts";
import { inWords } from "../../kit/words.ts";

/** What a text changed, and the steps by which that was decided. */
export function CommandStory({ command }: { command: Pick<Command, "changes" | "trace"> }) {
  return (
    <>
      {command.changes.length > 0 && <Changes changes={command.changes} />}
      {command.trace.length > 0 && (
        <List type="ordered" size="sm" mt="xs">
          {command.trace.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the trace of a row never changes
            <List.Item key={index}>{line}</List.Item>
          ))}
        </List>
      )}
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
