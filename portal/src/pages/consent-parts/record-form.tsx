import { Button, Group, Modal, NativeSelect, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone } from "../../kit/notify.ts";
import { showPhone } from "../../kit/phone.ts";
import type { ConsentChange } from "./shapes.ts";

/** Records what a person said by another way than a text. */
function RecordForm({ phone, onClose }: { phone: string; onClose: () => void }) {
  const client = useQueryClient();
  const [action, setAction] = useState<ConsentChange["action"]>("revoke");
  const [scope, setScope] = useState("all");
  const [method, setMethod] = useState<ConsentChange["method"]>("staff");
  const [note, setNote] = useState("");
  const record = useMutation({
    mutationFn: () =>
      take(
        api.POST("/v1/consent", {
          body: { phone, action, method, ...scopeOf(scope), ...(note.trim() && { note: note.trim() }) },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["consent"] });
      notifyDone("Recorded.");
      onClose();
    },
  });
  const faults = issuesByPath(record.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          For what {showPhone(phone)} said on the phone, on paper or on the web. It becomes part of the
          evidence and cannot be changed afterwards.
        </Text>
        {record.error && <ErrorNote error={record.error} />}
        <SegmentedControl
          aria-label="What they said"
          data={[
            { value: "revoke", label: "No more texts" },
            { value: "restore", label: "Texts again" },
          ]}
          value={action}
          onChange={(value) => setAction(value as ConsentChange["action"])}
        />
        <ScopeChoice value={scope} onChange={setScope} error={faults.address ?? faults.topic} />
        <NativeSelect
          label="How they said it"
          description={
            action === "restore"
              ? "Somebody who texted STOP comes back by START, or with new consent on paper or a form."
              : undefined
          }
          data={[
            { value: "staff", label: "To one of us" },
            { value: "paper", label: "On paper" },
            { value: "web_form", label: "By a form on the web" },
          ]}
          value={method}
          error={faults.method}
          onChange={(event) => setMethod(event.currentTarget.value as ConsentChange["method"])}
        />
        <Textarea
          label="Note"
          description="Who said so, and where it is written down."
          placeholder="Called on 3 May, told Ann at the desk"
          autosize
          minRows={2}
          maxLength={1000}
          required={action === "restore"}
          value={note}
          error={faults.note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={record.isPending}>
            Record it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ScopeChoice({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  const may = useMay();
  const { data: channels = [] } = useQuery({ ...channelsQuery, enabled: may("GET", "/v1/channels") });
  const { data: settings } = useQuery({
    queryKey: ["settings"],
    queryFn: () => take(api.GET("/v1/settings")),
  });
  const addresses = [...new Set(channels.map(({ address }) => address))];
  return (
    <NativeSelect
      label="About"
      data={[
        { value: "all", label: "All texts" },
        ...addresses.map((address) => ({ value: `address:${address}`, label: `Texts from ${address}` })),
        ...(settings?.consent.topics ?? []).map(({ key, name }) => ({
          value: `topic:${key}`,
          label: `The topic ${name}`,
        })),
      ]}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function scopeOf(choice: string): Pick<ConsentChange, "scope" | "address" | "topic"> {
  if (choice.startsWith("address:")) return { scope: "address", address: choice.slice("address:".length) };
  if (choice.startsWith("topic:")) return { scope: "topic", topic: choice.slice("topic:".length) };
  return { scope: "all" };
}

export function RecordDialog({
  phone,
  opened,
  onClose,
}: {
  phone: string;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Record what they said"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <RecordForm phone={phone} onClose={onClose} />
    </Modal>
  );
}
