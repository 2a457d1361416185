import { ActionIcon, Badge, Group, Paper, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Rule } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { notifyFault } from "../../kit/notify.ts";
import { actionInWords, fromInWords, matchInWords } from "./words.ts";

/** One rule in its place: what it takes and what it does, in words. */
export function RuleRow({
  rule,
  number,
  isLast,
  mayOrder,
  mark,
  onMove,
  onDragStart,
  onDragOver,
  onDragEnd,
}: {
  rule: Rule;
  number: number;
  isLast: boolean;
  mayOrder: boolean;
  /** Where the rule that is being dragged would come to stand. */
  mark: "above" | "below" | null;
  onMove: (step: -1 | 1) => void;
  onDragStart: () => void;
  onDragOver: () => void;
  onDragEnd: () => void;
}) {
  const row = useRef<HTMLLIElement>(null);
  return (
    <Paper
      component="li"
      ref={row}
      withBorder
      p="sm"
      bg="var(--signal-panel)"
      className="rule-row"
      data-mark={mark}
      onDragOver={(event) => {
        event.preventDefault();
        onDragOver();
      }}
      onDrop={(event) => event.preventDefault()}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        {mayOrder && (
          // The buttons beside do the same for those who do not drag.
          <span
            aria-hidden="true"
            draggable
            className="grip"
            title="Drag to another place"
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", rule.id);
              if (row.current) event.dataTransfer.setDragImage(row.current, 16, 16);
              onDragStart();
            }}
            onDragEnd={onDragEnd}
          >
            <Icon name="grip" />
          </span>
        )}
        <Summary rule={rule} number={number} />
        {mayOrder && <Controls rule={rule} isFirst={number === 1} isLast={isLast} onMove={onMove} />}
      </Group>
    </Paper>
  );
}

function Summary({ rule, number }: { rule: Rule; number: number }) {
  const may = useMay();
  const { id, name, match, from, channelId, actions, enabled } = rule;
  const conditions = [
    matchInWords(match),
    ...(from ? [`from ${fromInWords(from)}`] : []),
    ...(channelId ? ["to one channel"] : []),
  ];
  return (
    <Stack gap={2} style={{ flex: 1, minWidth: 0, opacity: enabled ? 1 : 0.85 }}>
      <Group gap={8}>
        <Text fw={650} component="h3" size="md" m={0} className="wrap">
          <Text span c="dimmed" inherit>
            {number}.{" "}
          </Text>
          {may("PATCH", "/v1/rules/:id") ? (
            <Link to={`/rules/${id}`} className="quiet-link">
              {name}
            </Link>
          ) : (
            name
          )}
        </Text>
        {!enabled && (
          <Badge color="gray" variant="light" tt="none">
            Off
          </Badge>
        )}
      </Group>
      <Text size="sm" className="wrap">
        {conditions.join(", ")}
      </Text>
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an action has no name of its own, and the row is read as a whole
        <Text key={index} size="sm" c="dimmed" lineClamp={2} className="wrap">
          {actionInWords(action)}
        </Text>
      ))}
    </Stack>
  );
}

function Controls({
  rule,
  isFirst,
  isLast,
  onMove,
}: {
  rule: Rule;
  isFirst: boolean;
  isLast: boolean;
  onMove: (step: -1 | 1) => void;
}) {
  const client = useQueryClient();
  const turn = useMutation({
    mutationFn: (enabled: boolean) =>
      take(api.PATCH("/v1/rules/{id}", { params: { path: { id: rule.id } }, body: { enabled } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["rules"] }),
    onError: notifyFault,
  });
  const arrow = { variant: "subtle", color: "gray" } as const;
  return (
    <Group gap={4} wrap="nowrap" align="center">
      <Stack gap={0}>
        <ActionIcon
          {...arrow}
          id={`up-${rule.id}`}
          aria-label={`Move ${rule.name} up`}
          aria-disabled={isFirst}
          style={{ opacity: isFirst ? 0.35 : 1 }}
          onClick={() => !isFirst && onMove(-1)}
        >
          <Icon name="up" size={16} />
        </ActionIcon>
        <ActionIcon
          {...arrow}
          id={`down-${rule.id}`}
          aria-label={`Move ${rule.name} down`}
          aria-disabled={isLast}
          style={{ opacity: isLast ? 0.35 : 1 }}
          onClick={() => !isLast && onMove(1)}
        >
          <Icon name="down" size={16} />
        </ActionIcon>
      </Stack>
      <Switch
        aria-label={`${rule.name} is on`}
        checked={turn.isPending ? turn.variables : rule.enabled}
        onChange={(event) => turn.mutate(event.currentTarget.checked)}
      />
    </Group>
  );
}
