import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { useState } from "react";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import type { Reporter } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { showPhone } from "../kit/phone.ts";
import { permissionInWords } from "./board-parts/permissions.ts";
import { ReporterDrawer } from "./board-parts/reporter-drawer.tsx";

/** Whose texts may change the board, and what of it. */
export function Page() {
  const may = useMay();
  const [edited, setEdited] = useState<Reporter | "new" | null>(null);
  const mayEdit = may("PATCH", "/v1/reporters/:id");
  const list = usePaged(["reporters", "pages"], (cursor) =>
    take(api.GET("/v1/reporters", { params: { query: { cursor, limit: 50 } } })),
  );
  const add = may("POST", "/v1/reporters") && (
    <Button onClick={() => setEdited("new")} leftSection={<Icon name="plus" size={16} />}>
      Add a reporter
    </Button>
  );
  return (
    <>
      <PageHead title="Reporters" actions={add}>
        The people whose texts change the board. Everybody else is told to ask them.
      </PageHead>
      <Panel>
        <PagedList
          list={list}
          empty={
            <EmptyState icon="people" title="No reporters yet" action={add}>
              Add the phone of somebody who is out there. Then a text such as “open gate 5” from it changes
              the board.
            </EmptyState>
          }
        >
          {(reporters) => <Rows reporters={reporters} onEdit={mayEdit ? setEdited : null} />}
        </PagedList>
      </Panel>
      <ReporterDrawer
        reporter={edited === "new" ? null : edited}
        opened={edited !== null}
        onClose={() => setEdited(null)}
      />
    </>
  );
}

function permissionsInWords({ permissions }: Reporter): string {
  return permissions.map(permissionInWords).join(", ") || "nothing: may only ask";
}

function Rows({
  reporters,
  onEdit,
}: {
  reporters: Reporter[];
  onEdit: ((reporter: Reporter) => void) | null;
}) {
  return (
    <Table.ScrollContainer minWidth={280} type="native">
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Phones</Table.Th>
            <Table.Th visibleFrom="sm">May change</Table.Th>
            {onEdit && <Table.Th w={90} aria-label="Edit" />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reporters.map((reporter) => (
            <Table.Tr key={reporter.id}>
              <Table.Td>
                <Group gap={6}>
                  <Text fw={600}>{reporter.name}</Text>
                  {!reporter.active && (
                    <Badge color="gray" variant="light" tt="none">
                      Inactive
                    </Badge>
                  )}
                  {reporter.pinSet && (
                    <Badge variant="light" tt="none">
                      PIN
                    </Badge>
                  )}
                </Group>
                {reporter.tags.length > 0 && (
                  <Text size="xs" c="dimmed">
                    {reporter.tags.join(", ")}
                  </Text>
                )}
                <Text size="sm" hiddenFrom="sm">
                  {permissionsInWords(reporter)}
                </Text>
              </Table.Td>
              <Table.Td>
                {reporter.phones.map((phone) => (
                  <Text size="sm" key={phone} style={{ whiteSpace: "nowrap" }}>
                    {showPhone(phone)}
                  </Text>
                ))}
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text size="sm">{permissionsInWords(reporter)}</Text>
              </Table.Td>
              {onEdit && (
                <Table.Td>
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => onEdit(reporter)}
                    aria-label={`Edit ${reporter.name}`}
                  >
                    Edit
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
