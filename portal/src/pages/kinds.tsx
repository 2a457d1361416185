import { Anchor, Button, Group, SimpleGrid, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { kindsQuery } from "../api/board.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import type { Kind } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { KindDrawer } from "./board-parts/kind-drawer.tsx";

/** The kinds of items, and the words by which texts speak of them. */
export function Page() {
  const may = useMay();
  const { data: kinds, error, refetch } = useRead(kindsQuery);
  const [edited, setEdited] = useState<Kind | "new" | null>(null);
  const mayEdit = may("POST", "/v1/board/kinds");
  const add = mayEdit && (
    <Button onClick={() => setEdited("new")} leftSection={<Icon name="plus" size={16} />}>
      Add a kind
    </Button>
  );
  return (
    <>
      <Anchor renderRoot={(props) => <Link to="/status-board" {...props} />} size="sm">
        <Group gap={4} component="span">
          <Icon name="back" size={14} /> Board
        </Group>
      </Anchor>
      <PageHead title="Kinds and words" actions={add}>
        What can be on the board, which states it has, and which words set them.
      </PageHead>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !kinds ? (
        <Loading />
      ) : kinds.length === 0 ? (
        <EmptyState icon="board" title="No kinds yet" action={add}>
          A kind is lift, trail, court, road: whatever has states of its own. Items belong to a kind.
        </EmptyState>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {kinds.map((kind) => (
            <KindPanel key={kind.key} kind={kind} onEdit={mayEdit ? () => setEdited(kind) : null} />
          ))}
        </SimpleGrid>
      )}
      <KindDrawer
        kind={edited === "new" ? null : edited}
        opened={edited !== null}
        onClose={() => setEdited(null)}
      />
    </>
  );
}

function KindPanel({ kind, onEdit }: { kind: Kind; onEdit: (() => void) | null }) {
  return (
    <Panel
      title={kind.plural}
      actions={
        onEdit && (
          <Button size="xs" variant="default" onClick={onEdit} aria-label={`Edit ${kind.plural}`}>
            Edit
          </Button>
        )
      }
    >
      {kind.hints.length > 0 && (
        <Text size="sm" c="dimmed">
          Texts name it by: {kind.hints.join(", ")}
        </Text>
      )}
      {kind.fields.map((field) => (
        <div key={field.key}>
          <Text fw={600} size="sm" mt="xs">
            {field.key}
          </Text>
          {field.values.map((value) => (
            <Text key={value.key} size="sm" className="wrap">
              <b>{value.state}</b>: {value.verbs.join(", ") || "no words: only by click"}
            </Text>
          ))}
        </div>
      ))}
    </Panel>
  );
}
