import { Button, Collapse, Group, NativeSelect, NumberInput, Stack, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Channel, Provider } from "../../api/shapes.ts";
import { SaveFault } from "../../kit/save-fault.tsx";
import type { Setting } from "./setting-field.tsx";
import { SettingField } from "./setting-field.tsx";
import type { Values } from "./settings-state.ts";
import { changedSettings, changesProof, firstValues, hasSecret } from "./settings-state.ts";

/** Makes a channel of a provider, or changes one. Secrets are written and never read. */
export function ChannelForm({
  provider,
  channel,
  onSaved,
}: {
  provider: Provider;
  channel: Channel | null;
  onSaved: (channel: Channel) => void;
}) {
  const client = useQueryClient();
  const edited = useEdited(channel, (now) => ({
    values: firstValues(provider, now),
    common: firstCommon(provider, now),
  }));
  const { values, common } = edited.draft;
  const [advanced, { toggle }] = useDisclosure();
  const save = useMutation({
    mutationFn: (over: Channel | null) =>
      edited.save(channelOrder(provider, edited.base, edited.draft), over),
    onSuccess: (saved) => {
      if (channel) edited.begin(saved);
      void client.invalidateQueries({ queryKey: ["channels"] });
      onSaved(saved);
    },
  });
  const faults = issuesByPath(save.error);
  const change = (next: Partial<Common>) => edited.change({ common: { ...common, ...next } });
  const field = (setting: Setting) => (
    <SettingField
      key={setting.key}
      setting={setting}
      value={values[setting.key] ?? ""}
      isKept={setting.secret && hasSecret(channel, setting.key)}
      error={faults[`settings.${setting.key}`]}
      onChange={(value) => edited.change({ values: { ...values, [setting.key]: value } })}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  const plain = provider.settings.filter((setting) => !setting.advanced);
  const more = provider.settings.filter((setting) => setting.advanced);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.error && (
          <SaveFault<Channel>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        {plain.map(field)}
        <TextInput
          label="Number, short code or sender name"
          description="What people text, and what your texts come from."
          placeholder="e.g. +1 415 555 0100"
          required
          value={common.address}
          error={faults.address}
          onChange={(event) => change({ address: event.currentTarget.value })}
        />
        <TextInput
          label="Name"
          description="How you call this channel."
          required
          value={common.name}
          error={faults.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {changesProof(provider, channel, values) && (
          <NumberInput
            label="Believe the secret before for so many hours"
            description={`${provider.title} may still use it until you have changed it there too. 0 ends it at once.`}
            min={0}
            max={168}
            value={common.keepHours}
            error={faults.keepPreviousSecretHours}
            onChange={(value) => change({ keepHours: Number(value) })}
          />
        )}
        <div>
          <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={advanced}>
            {advanced ? "Fewer settings" : "More settings"}
          </Button>
        </div>
        <Collapse expanded={advanced}>
          <Stack>
            <Wishes channel={channel} common={common} faults={faults} change={change} />
            {more.map(field)}
          </Stack>
        </Collapse>
        <Group>
          <Button type="submit" loading={save.isPending}>
            {channel ? "Save" : "Save and go on"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Wishes({
  channel,
  common,
  faults,
  change,
}: {
  channel: Channel | null;
  common: Common;
  faults: Record<string, string>;
  change: (next: Partial<Common>) => void;
}) {
  const { data: channels = [] } = useQuery(channelsQuery);
  const others = channels.filter(({ id }) => id !== channel?.id);
  return (
    <>
      <Switch
        label="Texts without a channel leave from here"
        checked={common.isDefault}
        disabled={channel?.isDefault}
        onChange={(event) => change({ isDefault: event.currentTarget.checked })}
      />
      <NativeSelect
        label="When it is down"
        description="Another channel can take its texts over."
        data={[
          { value: "", label: "Texts wait" },
          ...others.map(({ id, name }) => ({ value: id, label: `${name} takes them over` })),
        ]}
        value={common.fallbackId}
        error={faults.fallbackChannelId}
        onChange={(event) => change({ fallbackId: event.currentTarget.value })}
      />
      <NumberInput
        label="Texts a second, at most"
        description="Empty: as many as the provider allows."
        min={0.01}
        max={20_000}
        value={common.rate}
        error={faults.rate}
        onChange={(value) => change({ rate: value === "" ? "" : Number(value) })}
      />
    </>
  );
}

interface Common {
  name: string;
  address: string;
  isDefault: boolean;
  fallbackId: string;
  rate: number | "";
  keepHours: number;
}

function firstCommon(provider: Provider, channel: Channel | null): Common {
  return {
    name: channel?.name ?? provider.title,
    address: channel?.address ?? "",
    isDefault: channel?.isDefault ?? false,
    fallbackId: channel?.fallbackChannelId ?? "",
    rate: channel?.rate ?? "",
    keepHours: 24,
  };
}

function channelOrder(
  provider: Provider,
  channel: Channel | null,
  { values, common }: { values: Values; common: Common },
) {
  const { name, address, isDefault } = common;
  const shared = {
    name,
    address,
    isDefault,
    settings: changedSettings(provider, channel, values),
    rate: common.rate === "" ? null : common.rate,
    fallbackChannelId: common.fallbackId || null,
  };
  const keep = changesProof(provider, channel, values) ? { keepPreviousSecretHours: common.keepHours } : {};
  const body = { ...shared, ...keep };
  return {
    // What the form leaves as it is need not be as it was.
    body: { ...body, settings: Object.keys(shared.settings).length > 0 ? shared.settings : undefined },
    read: ({ id }: Channel) => take(api.GET("/v1/channels/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<Channel> =>
      channel
        ? take(api.PATCH("/v1/channels/{id}", { params: { path: { id: channel.id } }, body, ...guard }))
        : take(api.POST("/v1/channels", { body: { provider: provider.provider, ...shared } })),
  };
}
