import {
  Alert,
  Button,
  Collapse,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { issuesByPath } from "../../api/client.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Rule } from "../../api/shapes.ts";
import { Panel } from "../../kit/panel.tsx";
import { SaveFault } from "../../kit/save-fault.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { ActionsEditor } from "./actions-editor.tsx";
import type { RuleDraft, SavedRule } from "./draft.ts";
import { draftOf, freshSecrets, ruleOrder, warningsByPath } from "./draft.ts";
import { MatchFields } from "./match-fields.tsx";

/** Makes a rule, or changes one. What the API finds stands at the field it is about. */
export function RuleForm({
  rule,
  first,
  before,
  onSaved,
}: {
  /** Null: a new one, which begins with `first`. */
  rule: Rule | null;
  first: RuleDraft;
  /** The answer that saved it a moment ago, with what a person should see of it. */
  before: SavedRule | null;
  onSaved: (rule: SavedRule) => void;
}) {
  const client = useQueryClient();
  const edited = useEdited(rule, (now) => (now ? draftOf(now) : first));
  const { draft, change } = edited;
  const [last, setLast] = useState(before);
  const save = useMutation({
    mutationFn: (over: Rule | null) => edited.save(ruleOrder(rule?.id ?? null, draft), over),
    onSuccess: (saved) => {
      // A new rule is worked on further on the page of its own.
      if (rule) {
        setLast(saved);
        edited.begin(saved);
      }
      void client.invalidateQueries({ queryKey: ["rules"] });
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      onSaved(saved);
    },
  });
  const faults = issuesByPath(save.error);
  const warnings = save.error ? {} : warningsByPath(last?.warnings ?? []);
  const secrets = last ? freshSecrets(last) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {save.error && (
          <SaveFault<Rule>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        {secrets.length > 0 && (
          <ShownOnce title="Saved. What it calls is signed with this" values={secrets} />
        )}
        {warnings[""]?.map((warning) => (
          <Alert key={warning} color="yellow" role="status">
            {warning}
          </Alert>
        ))}
        <Panel title="When">
          <Stack gap="sm">
            <TextInput
              label="Name"
              placeholder="e.g. Balance enquiry"
              required
              value={draft.name}
              error={faults.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <MatchFields draft={draft} faults={faults} warnings={warnings} onChange={change} />
            <More draft={draft} faults={faults} onChange={change} />
          </Stack>
        </Panel>
        <Panel title="Then">
          <ActionsEditor
            actions={draft.actions}
            groups={draft.match.type === "regex"}
            faults={faults}
            warnings={warnings}
            onChange={(actions) => change({ actions })}
          />
        </Panel>
        <Group justify="space-between">
          <Switch
            label="The rule is on"
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
          <Button type="submit" loading={save.isPending}>
            Save the rule
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function More({
  draft,
  faults,
  onChange,
}: {
  draft: RuleDraft;
  faults: Record<string, string>;
  onChange: (part: Partial<RuleDraft>) => void;
}) {
  const [opened, { toggle }] = useDisclosure();
  const { data: channels = [] } = useQuery(channelsQuery);
  return (
    <>
      <div>
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={opened}>
          {opened ? "Fewer settings" : "More settings"}
        </Button>
      </div>
      <Collapse expanded={opened}>
        <Stack gap="sm">
          <NativeSelect
            label="Only texts to"
            data={[
              { value: "", label: "Any channel" },
              ...channels.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={draft.channelId}
            error={faults.channelId}
            onChange={(event) => onChange({ channelId: event.currentTarget.value })}
          />
          <NumberInput
            label="Pause for one sender, seconds"
            description="One person gets no second reply or mail of this rule within this time."
            min={0}
            max={2_592_000}
            value={draft.cooldownSeconds}
            error={faults.cooldownSeconds}
            onChange={(value) => onChange({ cooldownSeconds: Number(value) })}
          />
          <Switch
            label="Answer short codes, too"
            description="They are mostly machines, and are otherwise neither answered nor told of by mail."
            checked={draft.shortCodes}
            onChange={(event) => onChange({ shortCodes: event.currentTarget.checked })}
          />
        </Stack>
      </Collapse>
    </>
  );
}
