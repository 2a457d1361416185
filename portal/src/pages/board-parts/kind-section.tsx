import { ActionIcon, Group, Table, Text } from "@mantine/core";
import { useMay } from "../../api/me.ts";
import type { Item, Kind } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import { FieldControl } from "./field-control.tsx";
import "./board.css";

/** The items of one kind, each with a control for every field. */
export function KindSection({
  kind,
  items,
  onEdit,
}: {
  kind: Kind;
  items: Item[];
  onEdit: (item: Item) => void;
}) {
  const may = useMay();
  const mayEdit = may("PATCH", "/v1/board/items/:id");
  return (
    <Panel title={kind.plural}>
      <Table.ScrollContainer minWidth={280} type="native">
        <Table verticalSpacing={6} highlightOnHover className="board-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="34%">Name</Table.Th>
              {kind.fields.map(({ key }) => (
                <Table.Th key={key}>{capital(key)}</Table.Th>
              ))}
              <Table.Th visibleFrom="xs">Changed</Table.Th>
              {mayEdit && <Table.Th w={44} aria-label="Edit" />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={item.id}>
                <Table.Td>
                  <Name item={item} />
                </Table.Td>
                {kind.fields.map((field) => (
                  <Table.Td key={field.key} className="board-field">
                    <FieldControl item={item} field={field} />
                  </Table.Td>
                ))}
                <Table.Td visibleFrom="xs">
                  <Text size="sm" c="dimmed">
                    <Time at={item.updatedAt} />
                    {item.updatedBy && ` by ${item.updatedBy.name}`}
                  </Text>
                </Table.Td>
                {mayEdit && (
                  <Table.Td className="board-edit">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      onClick={() => onEdit(item)}
                      aria-label={`Edit ${item.name}`}
                    >
                      <Icon name="pencil" size={16} />
                    </ActionIcon>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Name({ item }: { item: Item }) {
  const facts = [item.area, item.aliases.length > 0 && `also ${item.aliases.join(", ")}`].filter(Boolean);
  return (
    <>
      <Group gap={6} wrap="nowrap">
        {item.number !== null && (
          <Text size="sm" c="dimmed">
            {item.number}
          </Text>
        )}
        <Text fw={600} className="wrap">
          {item.name}
        </Text>
      </Group>
      {facts.length > 0 && (
        <Text size="xs" c="dimmed">
          {facts.join(" · ")}
        </Text>
      )}
    </>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
