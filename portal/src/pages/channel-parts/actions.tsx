import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { ifMatch } from "../../api/save-over.ts";
import type { Channel } from "../../api/shapes.ts";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { Icon } from "../../kit/icon.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";

/** Holding a channel back, and letting it go again. */
export function ChannelActions({ channel }: { channel: Pick<Channel, "id" | "name" | "health"> }) {
  const client = useQueryClient();
  const may = useMay();
  const isPaused = channel.health.paused !== null;
  const params = { params: { path: { id: channel.id } } };
  const turn = useMutation({
    mutationFn: async () => {
      if (isPaused) await take(api.POST("/v1/channels/{id}/resume", params));
      else await take(api.POST("/v1/channels/{id}/pause", params));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["channels"] });
      void client.invalidateQueries({ queryKey: ["health"] });
      notifyDone(isPaused ? `${channel.name} may send again.` : `Nothing leaves by ${channel.name} now.`);
    },
    onError: notifyFault,
  });
  if (!may("POST", "/v1/channels/:id/pause")) return null;
  return (
    <Button
      variant="default"
      loading={turn.isPending}
      onClick={() => turn.mutate()}
      leftSection={<Icon name={isPaused ? "play" : "pause"} size={16} />}
    >
      {isPaused ? "Resume" : "Pause"}
    </Button>
  );
}

export function RemoveChannel({ channel }: { channel: Channel }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = { params: { path: { id: channel.id } } };
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/v1/channels/{id}", { ...params, ...ifMatch(channel) })),
    onSuccess: async () => {
      await navigate({ to: "/channels" });
      void client.invalidateQueries({ queryKey: ["channels"] });
      notifyDone(`${channel.name} is gone.`);
    },
    onError: (error) => {
      notifyFault(error);
      void client.invalidateQueries({ queryKey: ["channels"] });
    },
  });
  const rotate = useMutation({
    mutationFn: () => take(api.POST("/v1/channels/{id}/rotate-token", params)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["channels"] });
      notifyDone("The webhook addresses are new. Enter them at the provider now.");
    },
    onError: notifyFault,
  });
  return (
    <Panel title="Changes that hurt">
      <Group>
        {channel.inboundUrl && (
          <ConfirmButton
            label="New webhook addresses"
            question="Make new webhook addresses?"
            confirm="Make new ones"
            onConfirm={() => rotate.mutate()}
          >
            The old addresses are dead at once: texts are lost until the new ones are entered at the provider.
          </ConfirmButton>
        )}
        <ConfirmButton
          label="Remove the channel"
          question={`Remove ${channel.name}?`}
          confirm="Remove it"
          onConfirm={() => remove.mutate()}
        >
          Texts that still wait are given up, and its webhook addresses stop working. What was sent and
          received stays.
        </ConfirmButton>
      </Group>
      {channel.isDefault && (
        <Text size="sm" c="dimmed" mt="sm">
          It is the default channel: texts that name no channel leave from here.
        </Text>
      )}
    </Panel>
  );
}
