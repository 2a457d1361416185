import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { AttemptCard } from "./attempt-card.tsx";

/** Calls this endpoint alone with a test, and shows how it went. */
export function TestPanel({ endpoint }: { endpoint: Endpoint }) {
  const may = useMay();
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => take(api.POST("/v1/endpoints/{id}/test", { params: { path: { id: endpoint.id } } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["deliveries"] });
      void client.invalidateQueries({ queryKey: ["endpoints", "health"] });
    },
  });
  if (!may("POST", "/v1/endpoints/:id/test")) return null;
  return (
    <Panel
      title="Test"
      actions={
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="send" size={14} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
      }
    >
      <Stack gap="sm" aria-live="polite">
        {!test.data && !test.error && (
          <Text size="sm" c="dimmed">
            Sends one event of the type webhook.test. It changes nothing, and works while the endpoint is
            paused.
          </Text>
        )}
        {test.error && <ErrorNote error={test.error} />}
        {test.data?.attempt && <AttemptCard attempt={test.data.attempt} title={titleOf(test.data)} />}
        {test.data && !test.data.attempt && (
          <Text size="sm">It was not tried in time. Look again in a moment.</Text>
        )}
        {test.data && (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to={`/webhooks/deliveries/${test.data.deliveryId}`} {...props} />}
          >
            Everything about this request
          </Anchor>
        )}
      </Stack>
    </Panel>
  );
}

function titleOf({ ok, attempt }: { ok: boolean; attempt: { code: string | null } | null }): string {
  if (attempt?.code === "skipped") return "There is no test for this format";
  return ok ? "The test arrived" : "The test did not arrive";
}
