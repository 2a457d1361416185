import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { healthQuery } from "../../api/health.ts";
import { useMay } from "../../api/me.ts";
import type { Blocker } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { BlockerLink } from "../health-parts/blocker-link.tsx";

/** What keeps texts from moving, the worst first, each with what to do about it. */
export function Blockers() {
  const { data, error } = useQuery(healthQuery);
  if (error) return <ErrorNote error={error} />;
  if (!data) return null;
  if (data.data.length === 0) {
    return (
      <Group gap={8} role="status">
        <Text c="var(--signal-good)" component="span" lh={0}>
          <Icon name="check" />
        </Text>
        <Text>Everything moves: nothing is blocked.</Text>
      </Group>
    );
  }
  return (
    <Stack gap="xs" component="section" aria-label="What keeps texts from moving">
      {data.data.map((blocker) => (
        <OneBlocker key={`${blocker.cause} ${blocker.object.id}`} blocker={blocker} />
      ))}
    </Stack>
  );
}

/** What only may be wrong is no alarm. */
const HINTS = ["receipts", "door"];

function OneBlocker({ blocker }: { blocker: Blocker }) {
  const { text, step, object } = blocker;
  return (
    <Alert
      color={HINTS.includes(object.kind) || blocker.cause === "paused_by_user" ? "yellow" : "red"}
      icon={<Icon name="warning" />}
    >
      <Group justify="space-between" gap="sm">
        <div style={{ flex: "1 1 18rem" }}>
          <Text size="sm" fw={600}>
            {text.charAt(0).toUpperCase() + text.slice(1)}
          </Text>
          <Text size="sm">{step}</Text>
        </div>
        <Group gap="sm">
          <BlockerLink blocker={blocker} />
          <Remedy blocker={blocker} />
        </Group>
      </Group>
    </Alert>
  );
}

function Remedy({ blocker }: { blocker: Blocker }) {
  const client = useQueryClient();
  const may = useMay();
  const { action, object } = blocker;
  const params = { params: { path: { id: object.id } } };
  const act = useMutation({
    mutationFn: async () => {
      if (action === "resume") {
        await take(api.POST("/v1/channels/{id}/resume", params));
        return `${object.name} may send again.`;
      }
      const { message } = await take(api.POST("/v1/channels/{id}/test", { ...params, body: {} }));
      return message;
    },
    onSuccess: (message) => {
      notifyDone(message);
      void client.invalidateQueries({ queryKey: ["health"] });
      void client.invalidateQueries({ queryKey: ["channels"] });
    },
    onError: notifyFault,
  });
  if (!action || !may("POST", `/v1/channels/:id/${action}`)) return null;
  return (
    <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate()}>
      {action === "resume" ? "Resume" : "Test"}
    </Button>
  );
}
