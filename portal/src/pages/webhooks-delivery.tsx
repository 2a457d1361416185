import { Anchor, Box, Button, Grid, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { DeliveryDetail } from "../api/shapes.ts";
import { BackLink } from "../kit/back-link.tsx";
import { CodeBlock, headerLines, prettyJson } from "../kit/code-block.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { notifyDone, notifyFault } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { Time } from "../kit/time.tsx";
import { AttemptCard } from "./webhooks-parts/attempt-card.tsx";
import { DeliveryState } from "./webhooks-parts/delivery-row.tsx";
import { EndpointHealthLine } from "./webhooks-parts/health-line.tsx";
import { deliveryQuery } from "./webhooks-parts/queries.ts";
import { KINDS, shortUrl } from "./webhooks-parts/words.ts";

export function Page() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { data: delivery, error, refetch } = useRead(deliveryQuery(id));
  return (
    <>
      <BackLink to="/webhooks/deliveries">Deliveries</BackLink>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : delivery ? (
        <Shown delivery={delivery} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Shown({ delivery }: { delivery: DeliveryDetail }) {
  const { type, url, endpointId, state, nextTryAt, attempts, request, event } = delivery;
  const numbered = attempts.map((attempt, index) => ({ attempt, number: index + 1 })).reverse();
  return (
    <>
      <PageHead title={type} actions={<RetryButton delivery={delivery} />}>
        <Group gap="xs">
          <DeliveryState state={state} />
          <span className="wrap">
            to{" "}
            <Anchor
              inherit
              underline="always"
              renderRoot={(props) => <Link to={`/webhooks/${endpointId}`} {...props} />}
            >
              {url ? shortUrl(url) : "an endpoint that is gone"}
            </Anchor>
            {nextTryAt && new Date(nextTryAt) > new Date() && (
              <>
                , next try <Time at={nextTryAt} seconds />
              </>
            )}
          </span>
        </Group>
      </PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title="Tries">
            {state === "waiting" && url && (
              <Box mb="sm">
                <EndpointHealthLine id={endpointId} />
              </Box>
            )}
            {attempts.length === 0 ? (
              <Text size="sm" c="dimmed">
                Not tried yet.
              </Text>
            ) : (
              <Stack gap="sm">
                {numbered.map(({ attempt, number }) => (
                  <AttemptCard
                    key={number}
                    attempt={attempt}
                    title={`${number}. ${KINDS[attempt.kind ?? ""] ?? "Try"}`}
                  />
                ))}
              </Stack>
            )}
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title="Request">
            <Stack gap="sm">
              <Text size="sm" className="mono wrap">
                POST {request.url}
              </Text>
              {Object.keys(request.headers).length > 0 && (
                <CodeBlock label="Headers">{headerLines(request.headers)}</CodeBlock>
              )}
              {request.body !== null && <CodeBlock label="Body">{prettyJson(request.body)}</CodeBlock>}
              {event && (
                <details>
                  <summary>The event behind it</summary>
                  <CodeBlock label={event.id}>{JSON.stringify(event, null, 2)}</CodeBlock>
                </details>
              )}
            </Stack>
          </Panel>
        </Grid.Col>
      </Grid>
    </>
  );
}

/** Tries it once more at once, as often as wanted. */
function RetryButton({ delivery: { id, state } }: { delivery: DeliveryDetail }) {
  const client = useQueryClient();
  const may = useMay();
  const retry = useMutation({
    mutationFn: () => take(api.POST("/v1/deliveries/{id}/retry", { params: { path: { id } } })),
    onSuccess: (fresh) => {
      client.setQueryData(deliveryQuery(id).queryKey, fresh);
      notifyDone("It is tried once more.");
    },
    onError: notifyFault,
  });
  if (state === "cancelled" || !may("POST", "/v1/deliveries/:id/retry")) return null;
  return (
    <Button
      leftSection={<Icon name="refresh" size={16} />}
      loading={retry.isPending}
      disabled={state === "sending"}
      onClick={() => retry.mutate()}
    >
      Retry now
    </Button>
  );
}
