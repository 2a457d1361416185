import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { paths } from "../../../client/openapi.d.ts";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { usePaged } from "../api/paged.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { startOfDay } from "../kit/local-time.ts";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { Time } from "../kit/time.tsx";
import { AuditDetail } from "./audit-parts/detail.tsx";
import { AuditFilters } from "./audit-parts/filters.tsx";
import { actionInWords, kindInWords } from "./audit-parts/words.ts";

type Entry = paths["/v1/audit"]["get"]["responses"][200]["content"]["application/json"]["data"][number];

export function Page() {
  const [filters, change] = useFilters();
  const { action, actor, object, from, to } = filters;
  const query = { action, actor, object, since: startOfDay(from), until: startOfDay(to, 1) };
  const list = usePaged(["audit", query], (cursor) =>
    take(api.GET("/v1/audit", { params: { query: { ...query, cursor } } })),
  );
  return (
    <>
      <PageHead title="Audit">Who changed what, and when. Nothing is ever taken out.</PageHead>
      <AuditFilters filters={filters} change={change} />
      <Panel>
        <PagedList
          list={list}
          empty={
            <EmptyState icon="audit" title="Nothing like this">
              Whatever somebody changes here or by API is written down. Take a filter away to see more.
            </EmptyState>
          }
        >
          {(entries) => (
            <ul className="rows">
              {entries.map((entry) => (
                <li key={entry.id} className="row">
                  <AuditRow entry={entry} />
                </li>
              ))}
            </ul>
          )}
        </PagedList>
      </Panel>
    </>
  );
}

function AuditRow({ entry: { at, actor, action, object, detail } }: { entry: Entry }) {
  const kind = kindInWords(actor.kind);
  return (
    <div style={{ padding: "10px 0" }}>
      <Group justify="space-between" gap={4} align="flex-start">
        <Text size="sm" className="wrap" style={{ flex: "1 1 14rem" }}>
          {kind && `${kind} `}
          <Anchor
            size="sm"
            fw={600}
            c="inherit"
            renderRoot={(props) => (
              <Link
                to="/audit"
                search={(now: object) => ({ ...now, actor: actor.id, name: actor.name }) as never}
                {...props}
              />
            )}
          >
            {actor.name}
          </Anchor>{" "}
          {actionInWords(action)}
        </Text>
        <Text size="sm" c="dimmed">
          <Time at={at} />
        </Text>
      </Group>
      <AuditDetail detail={detail} />
      <Anchor
        size="xs"
        c="dimmed"
        className="mono wrap"
        aria-label={`Everything about ${object}`}
        renderRoot={(props) => (
          <Link to="/audit" search={(now: object) => ({ ...now, object }) as never} {...props} />
        )}
      >
        {object}
      </Anchor>
    </div>
  );
}
