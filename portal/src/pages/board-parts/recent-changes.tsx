import { Group, Text } from "@mantine/core";
import { api, take } from "../../api/client.ts";
import { usePaged } from "../../api/paged.ts";
import type { Change } from "../../api/shapes.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { PagedList } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import { inWords } from "../../kit/words.ts";

const WAYS: Record<string, string> = {
  reporter: "by text",
  user: "in the portal",
  key: "by the API",
};

/** Who changed what, by text and otherwise. */
export function RecentChanges() {
  const list = usePaged(["board", "changes"], (cursor) =>
    take(api.GET("/v1/board/changes", { params: { query: { cursor, limit: 10 } } })),
  );
  return (
    <Panel title="Last changes">
      <PagedList
        list={list}
        empty={
          <EmptyState icon="clock" title="Nothing has changed yet">
            Each change is kept here, with who made it and how.
          </EmptyState>
        }
      >
        {(changes) => changes.map((change) => <Line key={change.id} change={change} />)}
      </PagedList>
    </Panel>
  );
}

function Line({ change }: { change: Change }) {
  const { item, field, from, to, by, at, reverses } = change;
  return (
    <Group gap="xs" py={4} justify="space-between" wrap="nowrap" align="flex-start">
      <Text size="sm" className="wrap">
        <b>{item ?? "An item that is gone"}</b> {field}: {inWords(from ?? "not set")} →{" "}
        <b>{inWords(to ?? "not set")}</b>
        {reverses && " (undone)"}{" "}
        <Text span c="dimmed">
          {by.name}, {WAYS[by.kind] ?? by.kind}
        </Text>
      </Text>
      <Text size="sm" c="dimmed">
        <Time at={at} />
      </Text>
    </Group>
  );
}
