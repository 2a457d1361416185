import { Checkbox, MultiSelect, NativeSelect, NumberInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../../api/channels.ts";
import type { EndpointDraft } from "./endpoint-draft.ts";
import { TypesField } from "./types-field.tsx";
import { FORMATS, MOBINITI_KINDS } from "./words.ts";

export interface PartProps {
  draft: EndpointDraft;
  /** The API's message by the path of its field. */
  faults: Record<string, string>;
  onChange: (change: Partial<EndpointDraft>) => void;
}

/** Where it goes, what it hears of, and how that is written down. */
export function TargetFields({ draft, faults, onChange }: PartProps) {
  const { data: channels = [] } = useQuery(channelsQuery);
  return (
    <Stack gap="sm">
      <TextInput
        label="Address"
        description="https, and outside of your own network."
        type="url"
        placeholder="e.g. https://app.example.com/hooks"
        required
        value={draft.url}
        error={faults.url}
        spellCheck={false}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
      />
      <NativeSelect
        label="Format"
        data={FORMATS}
        value={draft.format}
        error={faults.format}
        onChange={(event) => onChange({ format: event.currentTarget.value })}
      />
      {draft.format === "signalbox" && (
        <TypesField
          label="Events"
          description="One by one, by their beginning, or all."
          value={draft.types}
          error={underPath(faults, "types")}
          onChange={(types) => onChange({ types })}
        />
      )}
      {draft.format === "mobiniti" && <KindFields draft={draft} faults={faults} onChange={onChange} />}
      {channels.length > 1 && (
        <MultiSelect
          label="Only what has to do with"
          placeholder={draft.channelIds.length === 0 ? "Any channel" : undefined}
          data={channels.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.channelIds}
          error={underPath(faults, "channelIds")}
          onChange={(channelIds) => onChange({ channelIds })}
        />
      )}
    </Stack>
  );
}

function KindFields({ draft, faults, onChange }: PartProps) {
  return (
    <>
      <NativeSelect
        label="Kind"
        description="Mobiniti's bodies do not say what they are: each kind needs an address of its own."
        data={MOBINITI_KINDS}
        value={draft.kind}
        error={underPath(faults, "types")}
        onChange={(event) => onChange({ kind: event.currentTarget.value })}
      />
      {draft.kind === "inbound" && (
        <Checkbox
          label="Only texts that nothing else answered"
          checked={draft.unknownOnly}
          onChange={(event) => onChange({ unknownOnly: event.currentTarget.checked })}
        />
      )}
      {draft.kind === "bounce" && (
        <NumberInput
          label="From so many bounces on"
          min={1}
          max={1_000}
          value={draft.threshold}
          error={faults["formatOptions.threshold"]}
          onChange={(value) => onChange({ threshold: value === "" ? "" : Number(value) })}
        />
      )}
    </>
  );
}

/** The fault of a list, or of one in it. */
export function underPath(faults: Record<string, string>, path: string): string | undefined {
  const key = Object.keys(faults).find((one) => one === path || one.startsWith(`${path}.`));
  return key === undefined ? undefined : faults[key];
}
