import { Button, Group, NativeSelect, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { issuesByPath } from "../../api/client.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Integration } from "../../api/shapes.ts";
import { SaveFault } from "../../kit/save-fault.tsx";
import { SecretInput } from "../../kit/secret-input.tsx";
import type { IntegrationDraft, SavedIntegration } from "./draft.ts";
import { integrationDraft, integrationOrder } from "./draft.ts";
import { PathFields } from "./path-fields.tsx";

/** Makes an integration, or changes one. */
export function IntegrationForm({
  integration,
  onSaved,
}: {
  integration: Integration | null;
  onSaved: (saved: SavedIntegration) => void;
}) {
  const client = useQueryClient();
  const edited = useEdited(integration, integrationDraft);
  const { draft, change } = edited;
  const save = useMutation({
    mutationFn: (over: Integration | null) =>
      edited.save(integrationOrder(integration?.id ?? null, draft), over),
    onSuccess: (saved) => {
      if (integration) edited.begin(saved);
      void client.invalidateQueries({ queryKey: ["ingress"] });
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      onSaved(saved);
    },
  });
  const faults = issuesByPath(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.error && (
          <SaveFault<Integration>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        <TextInput
          label="Name"
          placeholder="e.g. Order system"
          required
          value={draft.name}
          error={faults.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <PathFields draft={draft} faults={faults} onChange={change} />
        <SigningFields
          draft={draft}
          faults={faults}
          isKept={integration?.signingSecretSet ?? false}
          onChange={change}
        />
        <Leaving draft={draft} faults={faults} onChange={change} />
        <Answers draft={draft} faults={faults} onChange={change} />
        {integration && (
          <Switch
            label="The integration is on"
            description="Off: posts are refused, and nothing is told to it."
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {integration ? "Save" : "Make the address"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export interface PartProps {
  draft: IntegrationDraft;
  faults: Record<string, string>;
  onChange: (change: Partial<IntegrationDraft>) => void;
}

function SigningFields({ draft, faults, onChange, isKept }: PartProps & { isKept: boolean }) {
  return (
    <>
      <Switch
        label="Posts must be signed"
        description="Otherwise whoever knows the address can have texts sent."
        checked={draft.isSigned}
        onChange={(event) => onChange({ isSigned: event.currentTarget.checked })}
      />
      {draft.isSigned && (
        <>
          <SecretInput
            label="Signing secret"
            description="HMAC-SHA256 of the raw body, with this as the key."
            required
            isKept={isKept}
            value={draft.signingSecret}
            error={faults.signingSecret}
            onChange={(signingSecret) => onChange({ signingSecret })}
          />
          <TextInput
            label="Header with the signature"
            value={draft.signingHeader}
            error={faults.signingHeader}
            spellCheck={false}
            onChange={(event) => onChange({ signingHeader: event.currentTarget.value })}
          />
        </>
      )}
    </>
  );
}

function Leaving({ draft, faults, onChange }: PartProps) {
  const { data: channels = [] } = useQuery(channelsQuery);
  return (
    <>
      <TextInput
        label="Country of numbers without a plus"
        description="Two letters, for example US. Empty: every number needs its plus."
        placeholder="e.g. US"
        maxLength={2}
        value={draft.country}
        error={faults.country}
        onChange={(event) => onChange({ country: event.currentTarget.value.toUpperCase() })}
      />
      {channels.length > 1 && (
        <NativeSelect
          label="Texts leave from"
          data={[
            { value: "", label: "The default channel" },
            ...channels.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.channelId}
          error={faults.channelId}
          onChange={(event) => onChange({ channelId: event.currentTarget.value })}
        />
      )}
      <Switch
        label="A reference is sent once"
        description="However often it is posted within 24 hours: for systems that repeat themselves."
        checked={draft.refIsKey}
        onChange={(event) => onChange({ refIsKey: event.currentTarget.checked })}
      />
    </>
  );
}

function Answers({ draft, faults, onChange }: PartProps) {
  return (
    <>
      <TextInput
        label="Tell answers to"
        description="Texts that come in are posted to this address, signed. Empty: nowhere."
        type="url"
        placeholder="e.g. https://orders.example.com/sms"
        value={draft.outboundUrl}
        error={faults.outboundUrl}
        spellCheck={false}
        onChange={(event) => onChange({ outboundUrl: event.currentTarget.value })}
      />
      {draft.outboundUrl.trim() !== "" && (
        <Radio.Group
          label="Which texts"
          value={draft.mirror}
          error={faults.mirror}
          onChange={(value) => onChange({ mirror: value as Integration["mirror"] })}
        >
          <Stack gap={6} mt={6}>
            <Radio value="all" label="Every text that comes in" />
            <Radio value="replies" label="Only from people it has texted within the last 7 days" />
          </Stack>
        </Radio.Group>
      )}
    </>
  );
}
