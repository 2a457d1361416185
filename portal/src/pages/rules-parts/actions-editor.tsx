import { ActionIcon, Anchor, Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RuleActionKind } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { SecretInput } from "../../kit/secret-input.tsx";
import type { ActionDraft } from "./draft.ts";
import { newAction } from "./draft.ts";
import { ruleActionsQuery } from "./queries.ts";
import { TemplateField } from "./template-field.tsx";

/** What a rule does: one card for each action, drawn from what its kind declares. */
export function ActionsEditor({
  actions,
  groups,
  faults,
  warnings,
  onChange,
}: {
  actions: ActionDraft[];
  /** The rule is an expression. */
  groups: boolean;
  faults: Record<string, string>;
  warnings: Record<string, string[]>;
  onChange: (actions: ActionDraft[]) => void;
}) {
  const { data: kinds } = useQuery(ruleActionsQuery);
  const change = (index: number, values: ActionDraft["values"]) =>
    onChange(actions.map((action, place) => (place === index ? { ...action, values } : action)));
  return (
    <Stack gap="sm">
      {actions.map((action, index) => {
        const kind = kinds?.actions.find(({ type }) => type === action.type);
        if (!kind) return null;
        return (
          <ActionCard
            key={action.key}
            kind={kind}
            action={action}
            path={`actions.${index}`}
            groups={groups}
            faults={faults}
            warnings={warnings}
            onChange={(values) => change(index, values)}
            onRemove={() => onChange(actions.filter(({ key }) => key !== action.key))}
          />
        );
      })}
      {faults.actions && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          Actions {faults.actions}.
        </Text>
      )}
      <Group gap="xs">
        {(kinds?.actions ?? []).map(({ type, title }) => (
          <Button
            key={type}
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => onChange([...actions, newAction(type)])}
          >
            {title}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

interface CardProps {
  kind: RuleActionKind;
  action: ActionDraft;
  path: string;
  groups: boolean;
  faults: Record<string, string>;
  warnings: Record<string, string[]>;
  onChange: (values: ActionDraft["values"]) => void;
  onRemove: () => void;
}

function ActionCard(props: CardProps) {
  const { kind, action, onRemove } = props;
  return (
    <Paper
      withBorder
      p="sm"
      role="group"
      aria-label={kind.title}
      style={{ borderColor: "var(--signal-line)" }}
    >
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{kind.title}</Text>
        <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Take away: ${kind.title}`}>
          <Icon name="close" size={16} />
        </ActionIcon>
      </Group>
      <Stack gap="sm">
        {kind.fields.map((field) => (
          <ActionField key={field.key} {...props} field={field} />
        ))}
        {action.endpointId !== undefined && (
          <Anchor size="sm" renderRoot={(rest) => <Link to={`/webhooks/${action.endpointId}`} {...rest} />}>
            Its deliveries, health and secret
          </Anchor>
        )}
      </Stack>
    </Paper>
  );
}

function ActionField({
  field,
  action,
  path,
  groups,
  faults,
  warnings,
  onChange,
}: CardProps & { field: RuleActionKind["fields"][number] }) {
  const { key, label, help, kind, required, example, isText } = field;
  const at = `${path}.${key}`;
  const value = action.values[key] ?? "";
  const set = (next: string) => onChange({ ...action.values, [key]: next });
  const shared = { label, required, error: faults[at], placeholder: `e.g. ${example}` };
  switch (kind) {
    case "template":
    case "line":
      return (
        <TemplateField
          {...shared}
          help={help}
          value={value}
          onChange={set}
          isLine={kind === "line"}
          isText={isText}
          groups={groups}
          warnings={warnings[at]}
        />
      );
    case "secret":
      return (
        <SecretInput
          label={label}
          description={help}
          error={faults[at]}
          isKept={action.endpointId !== undefined}
          value={value}
          onChange={set}
        />
      );
    case "url":
    case "addresses":
      return (
        <TextInput
          {...shared}
          description={help}
          type={kind === "url" ? "url" : "text"}
          value={value}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    default:
      return kind satisfies never;
  }
}
