import { Alert, Button, Group, List, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { notifyDone } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { count } from "../../kit/words.ts";
import { makeRule } from "./draft.ts";
import type { RuleTemplate } from "./templates.ts";
import { RULE_TEMPLATES } from "./templates.ts";
import { actionInWords, matchInWords } from "./words.ts";

export function TemplateChoice({ onChoose }: { onChoose: (key: string) => void }) {
  return (
    <SimpleGrid type="container" cols={{ base: 1, "420px": 2, "760px": 3 }}>
      {RULE_TEMPLATES.map(({ key, title, lead, icon }) => (
        <UnstyledButton key={key} className="choice rule-choice" onClick={() => onChoose(key)}>
          <Group gap={8} component="span" mb={4} wrap="nowrap">
            <Icon name={icon} />
            <Text fw={650} component="span">
              {title}
            </Text>
          </Group>
          <Text size="sm" c="dimmed" component="span" display="block">
            {lead}
          </Text>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}

/** A template of several rules: they are made switched off, to be looked through first. */
export function TemplateSet({ template }: { template: RuleTemplate }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const rules = template.rules();
  const make = useMutation({
    mutationFn: async () => {
      // One after the other: their order counts.
      for (const rule of rules) await makeRule({ ...rule, enabled: false });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["rules"] }),
    onSuccess: async () => {
      await navigate({ to: "/rules" });
      notifyDone(
        `${count(rules.length, "rule")} made, switched off. Look through them, then switch them on.`,
      );
    },
  });
  return (
    <Panel title={`Makes ${count(rules.length, "rule")}`} maw={780}>
      {make.error && <ErrorNote error={make.error} />}
      <List type="ordered" spacing="xs" mb="md">
        {rules.map((rule) => (
          <List.Item key={rule.name}>
            <Text fw={600}>{rule.name}</Text>
            <Text size="sm">{matchInWords(rule.match)}</Text>
            {rule.actions.map(({ key, type, values }) => (
              <Text key={key} size="sm" c="dimmed" className="wrap">
                {actionInWords({ type, ...values })}
              </Text>
            ))}
          </List.Item>
        ))}
      </List>
      <Alert color="signal" mb="md">
        STOP, START and HELP need no rule: they are answered before any rule is asked.
      </Alert>
      <Button loading={make.isPending} onClick={() => make.mutate()}>
        Make them, switched off
      </Button>
    </Panel>
  );
}
