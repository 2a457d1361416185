import { Button, Group, Modal, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { Endpoint, ReplayOrder } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { fromLocalField, toLocalField } from "../../kit/local-time.ts";
import { underPath } from "./target-fields.tsx";
import { TypesField } from "./types-field.tsx";

const HOUR_MS = 3_600_000;

/** Sends old events once more. */
export function ReplayDialog({
  endpoint,
  opened,
  onClose,
}: {
  endpoint: Endpoint;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Send old events again"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <ReplayForm endpoint={endpoint} onDone={onClose} />
    </Modal>
  );
}

function ReplayForm({ endpoint, onDone }: { endpoint: Endpoint; onDone: () => void }) {
  const client = useQueryClient();
  const [since, setSince] = useState(() => toLocalField(new Date(Date.now() - HOUR_MS).toISOString()));
  const [until, setUntil] = useState("");
  const [types, setTypes] = useState<string[]>([]);
  const [states, setStates] = useState<NonNullable<ReplayOrder["states"]>>("exhausted");
  const [rate, setRate] = useState<number | "">(10);
  const replay = useMutation({
    mutationFn: () =>
      take(
        api.POST("/v1/endpoints/{id}/replay", {
          params: { path: { id: endpoint.id } },
          body: {
            since: fromLocalField(since),
            until: fromLocalField(until) || null,
            states,
            ...(types.length > 0 && { types }),
            ...(rate !== "" && { rate }),
          },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["replays"] });
      onDone();
    },
  });
  const faults = issuesByPath(replay.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {replay.error && <ErrorNote error={replay.error} />}
        <Radio.Group
          label="Which ones"
          value={states}
          onChange={(value) => setStates(value as typeof states)}
          error={faults.states}
        >
          <Stack gap={6} mt={6}>
            <Radio value="exhausted" label="Those that were given up" />
            <Radio value="missing" label="Those it never got, from before it was here or heard of them" />
            <Radio value="all" label="All of them" />
          </Stack>
        </Radio.Group>
        <Group grow align="flex-start">
          <TextInput
            label="Since"
            type="datetime-local"
            required
            value={since}
            error={faults.since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
          <TextInput
            label="Until"
            description="Empty: now."
            inputWrapperOrder={["label", "input", "description", "error"]}
            type="datetime-local"
            value={until}
            error={faults.until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </Group>
        <TypesField
          label="Events"
          description="Empty: those it hears of anyway."
          value={types}
          error={underPath(faults, "types")}
          onChange={setTypes}
        />
        <NumberInput
          label="Deliveries a second"
          description="New ones go on beside."
          min={0.1}
          max={1_000}
          value={rate}
          error={faults.rate}
          onChange={(value) => setRate(value === "" ? "" : Number(value))}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={replay.isPending}>
            Send them again
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
