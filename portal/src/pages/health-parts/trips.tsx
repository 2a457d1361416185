import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, take } from "../../api/client.ts";
import { useFilters } from "../../api/filters.ts";
import { useMay } from "../../api/me.ts";
import { usePaged } from "../../api/paged.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { PagedList } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { showPhone } from "../../kit/phone.ts";
import { Time } from "../../kit/time.tsx";
import type { Trip } from "./shapes.ts";
import { guardInWords, heldInWords } from "./words.ts";

/** What the guards against loops, and the budgets, hold back. */
export function Trips() {
  const [filters, setFilters] = useFilters();
  const isOpen = filters.guards !== "all";
  const list = usePaged(["guards", "trips", isOpen], (cursor) =>
    take(
      api.GET("/v1/guards/trips", {
        params: { query: { cursor, limit: 20, ...(isOpen && { open: "true" as const }) } },
      }),
    ),
  );
  return (
    <Panel
      title="Guards and budgets"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which"
          data={[
            { value: "open", label: "Holding now" },
            { value: "all", label: "All" },
          ]}
          value={isOpen ? "open" : "all"}
          onChange={(value) => setFilters({ guards: value === "all" ? "all" : "" })}
        />
      }
    >
      <PagedList
        list={list}
        empty={
          <Text size="sm" c="dimmed">
            {isOpen ? "Nothing is held back now." : "No guard has tripped in the last 30 days."} Guards notice
            loops with other machines and floods before they cost money.
          </Text>
        }
      >
        {(trips) => (
          <ul className="rows">
            {trips.map((trip) => (
              <li key={trip.id} className="row">
                <TripRow trip={trip} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </Panel>
  );
}

function TripRow({ trip }: { trip: Trip }) {
  return (
    <Group justify="space-between" gap="sm" py="sm" align="flex-start">
      <Stack gap={2} style={{ flex: "1 1 16rem", minWidth: 0 }}>
        <Group gap={6}>
          <Text fw={600} size="sm">
            {guardInWords(trip)}
          </Text>
          <Badge variant="light" color="gray" tt="none">
            {trip.rule}
          </Badge>
          {trip.releasedAt && (
            <Badge variant="light" color="teal" tt="none">
              Released
            </Badge>
          )}
        </Group>
        <Text size="sm">
          {trip.phone ? (
            <>
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => (
                  <Link to={`/inbox/${encodeURIComponent(trip.phone ?? "")}`} {...props} />
                )}
              >
                {showPhone(trip.phone)}
              </Anchor>{" "}
              and {showPhone(trip.address)}
            </>
          ) : trip.address === "*" ? (
            "All numbers together"
          ) : trip.address.startsWith("rule:") ? (
            "A rule"
          ) : (
            showPhone(trip.address)
          )}
          : {heldInWords(trip)}, {trip.counter.toLocaleString()} against a limit of{" "}
          {trip.limit.toLocaleString()}.
        </Text>
        <Text size="xs" c="dimmed">
          Since <Time at={trip.at} />, last <Time at={trip.lastAt} />
          {trip.open && (
            <>
              , ends by itself <Time at={trip.endsAt} />
            </>
          )}
        </Text>
      </Stack>
      {trip.open && <Release trip={trip} />}
    </Group>
  );
}

function Release({ trip }: { trip: Trip }) {
  const may = useMay();
  const client = useQueryClient();
  const release = useMutation({
    mutationFn: () => take(api.POST("/v1/guards/trips/{id}/release", { params: { path: { id: trip.id } } })),
    onSuccess: () => {
      for (const noun of ["guards", "health"]) void client.invalidateQueries({ queryKey: [noun] });
      notifyDone(
        trip.rule === "L9" ? "The budget is lifted for today." : "Released: its counters begin anew.",
      );
    },
    onError: notifyFault,
  });
  if (!may("POST", "/v1/guards/trips/:id/release")) return null;
  return (
    <Button size="xs" variant="default" loading={release.isPending} onClick={() => release.mutate()}>
      Release
    </Button>
  );
}
