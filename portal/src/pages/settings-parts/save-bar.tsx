import { Button, Group, Modal, Paper, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { count } from "../../kit/words.ts";

/** What was changed and not saved: it waits at the lower edge until somebody decides. */
export function SaveBar({
  changed,
  wrong,
  isSaving,
  onSave,
  onDiscard,
}: {
  changed: number;
  /** How many the API did not like. */
  wrong: number;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const hasChanges = changed > 0;
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => hasChanges && current.pathname !== next.pathname,
    enableBeforeUnload: () => hasChanges,
    withResolver: true,
  });
  return (
    <>
      {hasChanges && (
        <Paper className="save-bar" withBorder p="sm" shadow="md" role="region" aria-label="Changes">
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={500} role="status">
              {count(changed, "change")} not saved
              {wrong > 0 && (
                <Text span inherit c="var(--mantine-color-error)">
                  , {wrong} to correct
                </Text>
              )}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onDiscard} disabled={isSaving}>
                Discard
              </Button>
              <Button onClick={onSave} loading={isSaving}>
                Save
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
      <Modal
        opened={leaving.status === "blocked"}
        onClose={() => leaving.reset?.()}
        title="Leave without saving?"
        centered
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Text mb="lg">{count(changed, "change")} would be lost.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => leaving.reset?.()}>
            Stay here
          </Button>
          <Button color="red.9" onClick={() => leaving.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Modal>
    </>
  );
}
