import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { useRead } from "../../api/read.ts";
import type { Endpoint, Replay } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { notifyFault } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import { replaysQuery } from "./queries.ts";
import { ReplayDialog } from "./replay-dialog.tsx";

/** Old events that were sent again, and how far that is. */
export function ReplaysPanel({ endpoint }: { endpoint: Endpoint }) {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  const { data, error } = useRead(replaysQuery(endpoint.id));
  const replays = data?.data ?? [];
  const order = may("POST", "/v1/endpoints/:id/replay") && (
    <Button variant="default" size="xs" leftSection={<Icon name="refresh" size={14} />} onClick={open}>
      Replay
    </Button>
  );
  return (
    <Panel title="Replays" actions={order}>
      {error ? (
        <ErrorNote error={error} />
      ) : replays.length === 0 ? (
        <Text size="sm" c="dimmed">
          Was the receiver away, or is it new? Old events can be sent to it again; their ids stay the same.
        </Text>
      ) : (
        <Stack gap="md">
          {replays.map((replay) => (
            <ReplayLine key={replay.id} replay={replay} />
          ))}
        </Stack>
      )}
      <ReplayDialog endpoint={endpoint} opened={opened} onClose={close} />
    </Panel>
  );
}

function ReplayLine({ replay }: { replay: Replay }) {
  const may = useMay();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => take(api.POST("/v1/replays/{id}/cancel", { params: { path: { id: replay.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["replays"] }),
    onError: notifyFault,
  });
  const { id, delivered, failed, skipped, matched, state, waiting, createdAt } = replay;
  const isOpen = state === "running" || waiting > 0;
  const all = matched ?? 0;
  const share = (part: number) => (all === 0 ? (state === "running" ? 0 : 100) : (part / all) * 100);
  const words = `Replay ${id}`;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {stateInWords(replay)}
        </Text>
        <Text size="sm" c="dimmed">
          <Time at={createdAt} />
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section
          value={share(delivered + skipped)}
          color="teal"
          animated={isOpen}
          aria-label={`${words}: done`}
        />
        <Progress.Section
          value={failed === 0 ? 0 : share(failed)}
          color="red"
          aria-label={`${words}: failed`}
        />
      </Progress.Root>
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="sm" c="dimmed">
          {[
            `${delivered.toLocaleString()} of ${matched === null ? "…" : all.toLocaleString()} delivered`,
            ...(waiting > 0 ? [`${waiting.toLocaleString()} waiting`] : []),
            ...(failed > 0 ? [`${failed.toLocaleString()} given up`] : []),
            ...(skipped > 0 ? [`${skipped.toLocaleString()} left out`] : []),
          ].join(", ")}
        </Text>
        {isOpen && may("POST", "/v1/replays/:id/cancel") && (
          <Button
            size="compact-sm"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel
          </Button>
        )}
      </Group>
    </div>
  );
}

function stateInWords({ state, waiting, states }: Replay): string {
  const what = { exhausted: "what was given up", missing: "what it never got", all: "everything" }[states];
  if (state === "cancelled") return `Cancelled: ${what}`;
  if (state === "failed") return `Failed: ${what}`;
  if (state === "running") return `Queueing ${what}`;
  return waiting > 0 ? `Sending ${what}` : `Sent ${what} again`;
}
