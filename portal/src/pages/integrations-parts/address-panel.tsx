import { Alert, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMay, useMe } from "../../api/me.ts";
import type { Integration } from "../../api/shapes.ts";
import { CodeBlock } from "../../kit/code-block.tsx";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { CopyButton } from "../../kit/copy-button.tsx";
import { Icon } from "../../kit/icon.tsx";
import { notifyFault } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import type { SavedIntegration } from "./draft.ts";
import { rotateToken } from "./draft.ts";
import { curlExample } from "./example.ts";

/** What the API tells this once of an integration that was just saved. */
export function Once({ saved }: { saved: SavedIntegration }) {
  const values = [
    ...(saved.url
      ? [{ label: "Address to post to", value: saved.url, help: "It is as good as a key." }]
      : []),
    ...(saved.outboundSecret
      ? [
          {
            label: "Secret of the answers",
            value: saved.outboundSecret,
            help: "What it is told is signed with it.",
          },
        ]
      : []),
  ];
  if (values.length === 0) return null;
  return <ShownOnce title="Saved" values={values} />;
}

/** A post that can be run; what nobody is shown again stands in it by a name. */
export function Example({ url, integration }: { url: string | null; integration: Integration }) {
  const curl = curlExample(url ?? '"$ADDRESS"', integration);
  const names = [
    url === null && "ADDRESS is the address as it was shown when it was made",
    integration.signingSecretSet && "SECRET the signing secret",
  ].filter((one) => one !== false);
  return (
    <Stack gap="xs">
      <CodeBlock label="A first post">{curl}</CodeBlock>
      {names.length > 0 && (
        <Text size="sm" c="dimmed">
          {names.join(", ")}.
        </Text>
      )}
      <div>
        <CopyButton value={curl} label="the example" />
      </div>
    </Stack>
  );
}

/** Where to post. The address itself is known only when it was just made. */
export function AddressPanel({ integration }: { integration: Integration }) {
  const client = useQueryClient();
  const may = useMay();
  const { publicUrl } = useMe();
  const [made, setMade] = useState<SavedIntegration | null>(null);
  const rotate = useMutation({
    mutationFn: () => rotateToken(integration),
    onSuccess: (saved) => {
      setMade(saved);
      return client.invalidateQueries({ queryKey: ["ingress"] });
    },
    onError: notifyFault,
  });
  const hidden = `${publicUrl}/v1/ingress/ig_••••${integration.tokenHint}`;
  return (
    <Panel title="Address">
      <Stack gap="sm">
        {made ? (
          <Once saved={made} />
        ) : (
          <div>
            <Text className="mono wrap">{hidden}</Text>
            <Text size="sm" c="dimmed">
              The whole address was shown once, when it was made. If nobody has it, make a new one.
            </Text>
          </div>
        )}
        {!integration.signingSecretSet && (
          <Alert color="yellow" icon={<Icon name="warning" />}>
            Not signed: whoever knows the address can have texts sent. Set a signing secret if the system can
            sign.
          </Alert>
        )}
        <Example url={made?.url ?? null} integration={integration} />
        {may("PUT", "/v1/ingress/:id") && (
          <div>
            <ConfirmButton
              label="New address"
              question="Make a new address?"
              confirm="Make a new one"
              onConfirm={() => rotate.mutate()}
            >
              The old address is dead at once: what is posted there is lost until the other system knows the
              new one.
            </ConfirmButton>
          </div>
        )}
      </Stack>
    </Panel>
  );
}
