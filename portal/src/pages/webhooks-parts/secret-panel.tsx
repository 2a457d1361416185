import { Button, Group, List, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { CopyField } from "../../kit/copy-button.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { Time } from "../../kit/time.tsx";

/** What requests are signed with: changed for a new one without a gap. */
export function SecretPanel({ endpoint, fresh }: { endpoint: Endpoint; fresh: string | null }) {
  const client = useQueryClient();
  const may = useMay();
  const [hours, setHours] = useState<number | "">(24);
  const params = { params: { path: { id: endpoint.id } } };
  const rotate = useMutation({
    mutationFn: (order: { overlapHours?: number; switchNow?: boolean }) =>
      take(api.POST("/v1/endpoints/{id}/rotate-secret", { ...params, body: order })),
    onSuccess: (_answer, { switchNow }) => {
      if (switchNow) notifyDone("The old secret does not sign any more.");
      return client.invalidateQueries({ queryKey: ["endpoints"] });
    },
  });
  const shown = rotate.data?.secret ?? fresh;
  const old = endpoint.secrets.some(({ validUntil }) => validUntil !== null);
  return (
    <Panel title="Signing">
      <Stack gap="sm">
        {rotate.error && <ErrorNote error={rotate.error} />}
        {shown && <ShownOnce title="The new secret" values={[{ label: "Signing secret", value: shown }]} />}
        {endpoint.publicKey && (
          <CopyField label="Public key" value={endpoint.publicKey} help="What v1a is checked with." />
        )}
        {endpoint.secrets.length === 0 ? (
          <Text size="sm">Nothing is signed: the receiver cannot tell who calls. Make a secret.</Text>
        ) : (
          <List size="sm">
            {endpoint.secrets.map(({ id, kind, createdAt, validUntil }) => (
              <List.Item key={id}>
                {kind === "ed25519" ? "Ed25519" : "HMAC"}, made <Time at={createdAt} />
                {validUntil && (
                  <>
                    ; signs until <Time at={validUntil} />
                  </>
                )}
              </List.Item>
            ))}
          </List>
        )}
        {may("POST", "/v1/endpoints/:id/rotate-secret") && (
          <Group align="flex-end" gap="xs">
            <NumberInput
              label="The old one signs too for, hours"
              description="So that nothing is refused while you put the new one in place."
              min={0}
              max={168}
              value={hours}
              error={issuesByPath(rotate.error).overlapHours}
              onChange={(value) => setHours(value === "" ? "" : Number(value))}
            />
            <Button
              variant="default"
              loading={rotate.isPending}
              onClick={() => rotate.mutate({ overlapHours: hours === "" ? 24 : hours })}
            >
              Make a new secret
            </Button>
            {old && (
              <Button variant="default" onClick={() => rotate.mutate({ switchNow: true })}>
                End the old one now
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
