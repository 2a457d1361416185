import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { useRead } from "../../api/read.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import type { Settings } from "../settings-parts/shapes.ts";
import { DefaultReplyForm } from "./default-reply.tsx";
import { settingsQuery } from "./queries.ts";

interface Engine {
  enabled: boolean;
  defaultReply: string | null;
}

/** The master switch of the rules, and what is answered where none fits. */
export function EnginePanel() {
  const { data, error, refetch } = useRead(settingsQuery);
  const may = useMay();
  if (error) return <ErrorNote error={error} retry={refetch} />;
  return (
    <Panel title="Automatic answers">
      {!data ? (
        <Loading />
      ) : may("PATCH", "/v1/settings") ? (
        <Switches settings={data} />
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

function Switches({ settings }: { settings: Settings }) {
  const { enabled, defaultReply } = settings.rules;
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const turn = useMutation({
    mutationFn: (on: boolean) => take(api.PATCH("/v1/settings", { body: { rules: { enabled: on } } })),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      notifyDone(saved.rules.enabled ? "The rules are on." : "The rules are off.");
    },
    onError: notifyFault,
  });
  return (
    <Stack gap="md">
      <Switch
        label="Rules are on"
        description="Off: no rule and no default reply answers. STOP, commands and forwarding go on."
        checked={enabled}
        onChange={(event) => turn.mutate(event.currentTarget.checked)}
      />
      {editing ? (
        <DefaultReplyForm settings={settings} onClose={() => setEditing(false)} />
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
