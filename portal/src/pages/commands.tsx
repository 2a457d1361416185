import { Button, Stack } from "@mantine/core";
import { api, take } from "../api/client.ts";
import type { Filters } from "../api/filters.ts";
import { stringifySearch, useFilters } from "../api/filters.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { startOfDay } from "../kit/local-time.ts";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { CommandRow } from "./commands-parts/command-row.tsx";
import { LogFilters } from "./commands-parts/log-filters.tsx";
import { TryText } from "./commands-parts/try-text.tsx";

/** The log of everything people texted, what it did, and what they were told. */
export function Page() {
  const may = useMay();
  const [filters] = useFilters();
  const wanted = apiFilters(filters);
  const list = usePaged(["commands", "log", wanted], (cursor) =>
    take(api.GET("/v1/commands", { params: { query: { ...wanted, cursor, limit: 50 } } })),
  );
  return (
    <>
      <PageHead
        title="Commands"
        actions={
          may("GET", "/v1/commands.csv") && (
            <Button
              component="a"
              href={`/v1/commands.csv${stringifySearch(wanted)}`}
              download="commands.csv"
              variant="default"
              leftSection={<Icon name="download" size={16} />}
            >
              Export CSV
            </Button>
          )
        }
      >
        Every text that came in: what it changed, and what was answered.
      </PageHead>
      <Stack>
        {may("POST", "/v1/commands/preview") && <TryText />}
        <Panel>
          <LogFilters />
          <PagedList list={list} empty={<Nothing isFiltered={Object.keys(filters).length > 0} />}>
            {(rows) => (
              <ul className="rows" aria-label="Command log">
                {rows.map((row) => (
                  <CommandRow key={row.id} row={row} />
                ))}
              </ul>
            )}
          </PagedList>
        </Panel>
      </Stack>
    </>
  );
}

const KEYS = [
  "q",
  "outcome",
  "reporter",
  "channel",
  "replyStatus",
  "kind",
  "item",
  "field",
  "value",
] as const;

/** The address holds days as people choose them; the API asks for points in time. */
function apiFilters(filters: Filters) {
  const { from, to } = filters;
  const chosen = KEYS.flatMap((key) => (filters[key] ? [[key, filters[key]] as const] : []));
  return {
    ...Object.fromEntries(chosen),
    ...(from && { since: startOfDay(from) }),
    ...(to && { until: startOfDay(to, 1) }),
  };
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState icon="search" title="Nothing fits">
      No text of the log fits all of these filters. Take one away.
    </EmptyState>
  ) : (
    <EmptyState icon="log" title="No texts yet">
      Each text to one of your numbers gets a row here. Try one in the box above: it shows what would happen
      and changes nothing.
    </EmptyState>
  );
}
