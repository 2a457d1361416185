import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { useRead } from "../../api/read.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { EndpointHealthLine } from "./health-line.tsx";
import { forwardAllQuery } from "./queries.ts";

/** The one address that hears of every text, whatever rules and commands do with it. */
export function ForwardAll() {
  const { data, error, refetch } = useRead(forwardAllQuery);
  const may = useMay();
  const [secret, setSecret] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  if (error) return <ErrorNote error={error} retry={refetch} />;
  if (data === undefined) return null;
  const changes = may("PUT", "/v1/webhooks");
  return (
    <Panel title="Forward every text">
      <Stack gap="sm">
        {secret !== null && <ShownOnce title="Saved" values={[{ label: "Signing secret", value: secret }]} />}
        {editing || (data === null && changes) ? (
          <AddressForm
            endpoint={data}
            onDone={(made) => {
              setSecret(made);
              setEditing(false);
            }}
            onCancel={data === null ? null : () => setEditing(false)}
          />
        ) : data === null ? (
          <Text c="dimmed">No address is set. An owner or an admin can set one.</Text>
        ) : (
          <Shown
            endpoint={data}
            onEdit={changes ? () => setEditing(true) : null}
            onGone={() => setSecret(null)}
          />
        )}
      </Stack>
    </Panel>
  );
}

function Shown({
  endpoint: { id, url },
  onEdit,
  onGone,
}: {
  endpoint: Endpoint;
  onEdit: (() => void) | null;
  onGone: () => void;
}) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/v1/webhooks")),
    onSuccess: () => {
      onGone();
      notifyDone("Texts are forwarded no more.");
      return client.invalidateQueries({ queryKey: ["endpoints"] });
    },
    onError: notifyFault,
  });
  return (
    <>
      <div>
        <Text className="mono wrap">{url}</Text>
        <EndpointHealthLine id={id} />
      </div>
      <Group gap="xs">
        <Button variant="default" renderRoot={(props) => <Link to={`/webhooks/${id}`} {...props} />}>
          Health, test and secret
        </Button>
        {onEdit && (
          <>
            <Button variant="default" onClick={onEdit}>
              Change the address
            </Button>
            <ConfirmButton
              label="Stop forwarding"
              question="Stop forwarding every text?"
              confirm="Stop it"
              onConfirm={() => remove.mutate()}
            >
              What still waits for this address is given up. Setting it again makes a new secret.
            </ConfirmButton>
          </>
        )}
      </Group>
    </>
  );
}

function AddressForm({
  endpoint,
  onDone,
  onCancel,
}: {
  endpoint: Endpoint | null;
  onDone: (secret: string | null) => void;
  onCancel: (() => void) | null;
}) {
  const client = useQueryClient();
  const [url, setUrl] = useState(endpoint?.url ?? "");
  const save = useMutation({
    mutationFn: () => take(api.PUT("/v1/webhooks", { body: { url } })),
    onSuccess: async ({ secret }) => {
      await client.invalidateQueries({ queryKey: ["endpoints"] });
      onDone(secret ?? null);
      notifyDone("Every text is forwarded from now on.");
    },
  });
  const fault = issuesByPath(save.error).url;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {save.error && !fault && <ErrorNote error={save.error} />}
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Address"
            description="Gets every text that comes in as JSON, as Mobile API Connect sends it, whatever rules and commands do."
            type="url"
            placeholder="e.g. https://yourapp.com/hooks/sms-inbound"
            value={url}
            error={fault}
            spellCheck={false}
            onChange={(event) => setUrl(event.currentTarget.value)}
            style={{ flex: "1 1 16rem" }}
          />
          <Button type="submit" loading={save.isPending} disabled={url.trim() === ""}>
            {endpoint ? "Save" : "Forward every text"}
          </Button>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Leave it
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
