import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { settingsQuery } from "./queries.ts";
import { TemplateField } from "./template-field.tsx";

interface Engine {
  enabled: boolean;
  defaultReply: string | null;
}

/** The master switch of the rules, and what is answered where none fits. */
export function EnginePanel() {
  const { data, error, refetch } = useQuery(settingsQuery);
  const may = useMay();
  if (error) return <ErrorNote error={error} retry={refetch} />;
  return (
    <Panel title="Automatic answers">
      {!data ? (
        <Loading />
      ) : may("PATCH", "/v1/settings") ? (
        <Switches {...data.rules} />
      ) : (
        <Words {...data.rules} />
      )}
    </Panel>
  );
}

function Words({ enabled, defaultReply }: Engine) {
  return (
    <Stack gap={4}>
      <Text>The rules are {enabled ? "on" : "switched off: no rule and no default reply answers"}.</Text>
      <Text c="dimmed" className="wrap">
        {defaultReply ? `Default reply: ${defaultReply}` : "There is no default reply."}
      </Text>
    </Stack>
  );
}

function Switches({ enabled, defaultReply }: Engine) {
  const client = useQueryClient();
  const [reply, setReply] = useState(defaultReply ?? "");
  const [editing, setEditing] = useState(false);
  const patch = useMutation({
    mutationFn: (rules: Partial<Engine>) => take(api.PATCH("/v1/settings", { body: { rules } })),
    onSuccess: (settings) => client.setQueryData(settingsQuery.queryKey, settings),
  });
  const turn = (on: boolean) =>
    patch.mutate(
      { enabled: on },
      { onSuccess: () => notifyDone(on ? "The rules are on." : "The rules are off."), onError: notifyFault },
    );
  const keep = () =>
    patch.mutate(
      { defaultReply: reply.trim() === "" ? null : reply },
      {
        onSuccess: () => {
          setEditing(false);
          notifyDone("The default reply is saved.");
        },
      },
    );
  return (
    <Stack gap="md">
      <Switch
        label="Rules are on"
        description="Off: no rule and no default reply answers. STOP, commands and forwarding go on."
        checked={enabled}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      {editing ? (
        <>
          <TemplateField
            label="Default reply"
            help="Answers what no rule takes, once in 15 minutes for each sender. Empty: nothing is answered."
            value={reply}
            onChange={setReply}
            isText
            error={issuesByPath(patch.error)["rules.defaultReply"]}
          />
          <Group gap="xs">
            <Button loading={patch.isPending} onClick={keep}>
              Save
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setReply(defaultReply ?? "");
                patch.reset();
                setEditing(false);
              }}
            >
              Leave it as it was
            </Button>
          </Group>
        </>
      ) : (
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={500}>
              Default reply
            </Text>
            <Text size="sm" c="dimmed" className="wrap">
              {defaultReply ?? "None: what no rule takes is not answered."}
            </Text>
          </div>
          <Button variant="default" size="xs" onClick={() => setEditing(true)} style={{ flexShrink: 0 }}>
            {defaultReply === null ? "Write one" : "Change it"}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
