import { Alert, Button, Group, SimpleGrid, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { Stats } from "../api/shapes.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { duration, Time } from "../kit/time.tsx";
import { Alerts } from "./home-parts/alerts.tsx";
import { Blockers } from "./home-parts/blockers.tsx";
import { Figure } from "./home-parts/figure.tsx";
import { TrafficChart } from "./home-parts/traffic-chart.tsx";

/** How it goes: what keeps texts from moving, and the last day in figures. */
export function Page() {
  const may = useMay();
  const {
    data: stats,
    error,
    refetch,
  } = useRead({
    queryKey: ["stats"],
    queryFn: () => take(api.GET("/v1/stats")),
    refetchInterval: 60_000,
  });
  return (
    <>
      <PageHead title="Home">
        {stats && isCut(stats) ? (
          <>
            So many texts that the figures begin at <Time at={stats.since} />.
          </>
        ) : (
          "The last 24 hours."
        )}
      </PageHead>
      <Stack gap="lg">
        <Blockers />
        {error ? (
          <ErrorNote error={error} retry={refetch} />
        ) : !stats ? (
          <Loading />
        ) : (
          <>
            {stats.received + stats.sent === 0 && may("POST", "/v1/channels") && <FirstSteps />}
            <Figures stats={stats} />
            {stats.received + stats.sent > 0 && <TrafficChart hours={stats.hours} />}
          </>
        )}
        {may("GET", "/v1/events") && <Alerts />}
      </Stack>
    </>
  );
}

/** In a flood the figures do not reach back a whole day. */
function isCut({ since, hours }: Stats): boolean {
  return since !== hours[0]?.at;
}

function FirstSteps() {
  return (
    <Alert icon={<Icon name="guide" />} title="Nothing has come in yet">
      <Group justify="space-between">
        Connect a number and watch the first text arrive. The simulator needs neither phone nor account.
        <Button size="xs" renderRoot={(props) => <Link to="/start" {...props} />}>
          Show me how
        </Button>
      </Group>
    </Alert>
  );
}

function Figures({ stats }: { stats: Stats }) {
  const { received, sent, delivered, failed, deliveryRate, reply } = stats;
  const rate = deliveryRate === null ? "–" : `${(deliveryRate * 100).toFixed(deliveryRate === 1 ? 0 : 1)} %`;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure label="Texts in" value={received.toLocaleString()} />
      <Figure label="Texts out" value={sent.toLocaleString()} />
      <Figure
        label="Delivered"
        value={rate}
        note={
          deliveryRate === null
            ? "no receipts yet"
            : `${delivered.toLocaleString()} arrived, ${failed.toLocaleString()} did not`
        }
      />
      <Figure
        label="Reply time"
        value={reply.p50Ms === null ? "–" : duration(reply.p50Ms)}
        note={reply.p95Ms === null ? "no replies yet" : `95 of 100 within ${duration(reply.p95Ms)}`}
      />
    </SimpleGrid>
  );
}
