import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, KeyboardEvent } from "react";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { count } from "../../kit/words.ts";

/** Between the last key and the count, ms. */
const TYPED_MS = 200;

/** Writes a text to one phone; says live what it will be when it leaves. */
export function ReplyBox({
  to,
  channelId,
  onSent,
}: {
  to: string;
  channelId?: string;
  onSent?: (messageId: string) => void;
}) {
  const client = useQueryClient();
  const [text, setText] = useDraft(to);
  const [settled] = useDebouncedValue(text, TYPED_MS);
  const preview = useQuery({
    queryKey: ["preview", settled, channelId],
    queryFn: () => take(api.POST("/v1/messages/preview", { body: { text: settled, channelId } })),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
  });
  const reply = useMutation({
    mutationFn: () => take(api.POST("/v1/messages", { body: { to, text, channelId } })),
    onSuccess: ({ id }) => {
      setText("");
      void client.invalidateQueries({ queryKey: ["messages"] });
      void client.invalidateQueries({ queryKey: ["conversations"] });
      onSent?.(id);
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text !== "" && !reply.isPending) reply.mutate();
  };
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send(event);
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        {reply.error && <ErrorNote error={reply.error} />}
        <Textarea
          label="Reply"
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={sendByKey}
        />
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed" aria-live="polite" style={{ flex: 1, minWidth: "10rem" }}>
            {text === "" ? (
              <Text span visibleFrom="sm">
                Ctrl + Enter sends it.
              </Text>
            ) : (
              preview.data && <Cost {...preview.data} />
            )}
          </Text>
          <Button
            type="submit"
            loading={reply.isPending}
            disabled={text === ""}
            leftSection={<Icon name="send" size={16} />}
          >
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Half a text is still there when somebody comes back to the conversation; it is gone with the sign-out. */
function useDraft(to: string): [text: string, setText: (text: string) => void] {
  const client = useQueryClient();
  const key = ["draft", to];
  const [text, setText] = useState(() => client.getQueryData<string>(key) ?? "");
  return [
    text,
    (next) => {
      setText(next);
      client.setQueryData(key, next);
    },
  ];
}

function Cost(preview: {
  segments: number;
  unitsLeft: number;
  encoding: string;
  maxSegments: number;
  tooLong: boolean;
  forcedBy: { character: string } | null;
  changed: unknown[];
}) {
  const { segments, unitsLeft, encoding, forcedBy, tooLong, maxSegments, changed } = preview;
  if (tooLong) {
    return (
      <Text span c="var(--mantine-color-error)">
        {count(segments, "segment")}: too long, at most {maxSegments} may leave.
      </Text>
    );
  }
  return (
    <>
      {count(segments, "segment")}, {count(unitsLeft, "character")} left in the last one
      {encoding === "UCS-2" && forcedBy && (
        <>
          . <b>{forcedBy.character}</b> makes the text cost more: without it, a segment holds twice as much
        </>
      )}
      {changed.length > 0 && `. ${count(changed.length, "character")} will be replaced by plain ones`}
    </>
  );
}
