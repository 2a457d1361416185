import { Badge, Button, Group, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useSetting, useSettingsForm, WORDING } from "./form.tsx";
import type { Wording } from "./shapes.ts";
import { whenSent } from "./wording-words.ts";

/** Every text that commands are answered with, and the owner's own words for it. */
export function WordingCatalogue() {
  const { data: texts, error } = useQuery({
    queryKey: ["settings", "wording"],
    queryFn: () => take(api.GET("/v1/settings/wording")).then(({ data }) => data),
  });
  const { saved, changes } = useSettingsForm();
  const [search, setSearch] = useState("");
  const [onlyOwn, setOnlyOwn] = useState(false);
  if (error) return <ErrorNote error={error} />;
  if (!texts) return <Loading />;
  const ownOf = ({ key }: Wording) => {
    const changed = changes[WORDING + key] as string | null | undefined;
    return changed === undefined ? saved.commands.wording[key] : changed;
  };
  const shown = texts.filter((text) => (!onlyOwn || ownOf(text)) && isAbout(text, ownOf(text) ?? "", search));
  return (
    <Panel title="Replies in your own words">
      <Text size="sm" c="dimmed" mb="md">
        A variable in braces is filled in; a sentence whose variable has no value is left out. Plain letters
        only, two segments at most with the longest names, and no reply may ask for a word like STOP or
        CANCEL.
      </Text>
      <Group mb="md" align="center">
        <TextInput
          aria-label="Search the replies"
          placeholder="Search the replies"
          leftSection={<Icon name="search" size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          style={{ flex: "1 1 14rem" }}
        />
        <Switch
          label="Only changed ones"
          checked={onlyOwn}
          onChange={(event) => setOnlyOwn(event.currentTarget.checked)}
        />
      </Group>
      <Stack gap={0}>
        {shown.map((text) => (
          <Reply key={text.key} text={text} />
        ))}
        {shown.length === 0 && <Text c="dimmed">No reply like this.</Text>}
      </Stack>
    </Panel>
  );
}

function isAbout({ key, text }: Wording, own: string, search: string): boolean {
  return `${key} ${whenSent(key)} ${text} ${own}`.toLowerCase().includes(search.trim().toLowerCase());
}

function Reply({ text: { key, text, variables } }: { text: Wording }) {
  const { value: own, set, error, isReadOnly } = useSetting<string | null>(WORDING + key);
  return (
    <div style={{ borderTop: "1px solid var(--signal-line)", padding: "12px 0" }}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {whenSent(key)}
            </Text>
            {own !== null && (
              <Badge variant="light" tt="none">
                Yours
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" className="wrap" style={{ whiteSpace: "pre-line" }}>
            {text}
          </Text>
        </div>
        {!isReadOnly && (
          <Button
            size="xs"
            variant="default"
            style={{ flexShrink: 0 }}
            aria-label={`${own === null ? "Change" : "Take back"}: ${whenSent(key)}`}
            onClick={() => set(own === null ? text : null)}
          >
            {own === null ? "Change" : "Take back"}
          </Button>
        )}
      </Group>
      {own !== null && (
        <>
          <Textarea
            mt="xs"
            autosize
            minRows={2}
            aria-label={`Your words: ${whenSent(key)}`}
            error={error}
            disabled={isReadOnly}
            value={own}
            onChange={(event) => set(event.currentTarget.value)}
          />
          {!isReadOnly && (
            <Group gap={6} mt={6}>
              {variables.map((name) => (
                <Button
                  key={name}
                  size="compact-xs"
                  variant="light"
                  aria-label={`Add {${name}}`}
                  onClick={() => set(`${own}{${name}}`)}
                >
                  {`{${name}}`}
                </Button>
              ))}
            </Group>
          )}
        </>
      )}
    </div>
  );
}
