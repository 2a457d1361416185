import { NativeSelect, NumberInput, Stack, TextInput } from "@mantine/core";
import { waitsFault } from "./endpoint-draft.ts";
import { HeaderFields } from "./header-fields.tsx";
import type { PartProps } from "./target-fields.tsx";
import { underPath } from "./target-fields.tsx";

/** How it is called: pace, patience, order, proof. */
export function CallFields({ draft, faults, onChange }: PartProps) {
  return (
    <Stack gap="sm">
      <NativeSelect
        label="When it does not answer"
        data={[
          { value: "usual", label: "Try again for three days: 5 s, 5 min, 30 min, 2 h ..." },
          { value: "own", label: "Try again after waits of my own" },
          { value: "once", label: "Try once, never again" },
        ]}
        value={draft.tries}
        onChange={(event) => onChange({ tries: event.currentTarget.value as typeof draft.tries })}
      />
      {draft.tries === "own" && (
        <TextInput
          label="Waits"
          description="With commas between; up to 20, together under 7 days."
          placeholder="e.g. 5 s, 5 min, 2 h"
          value={draft.waits}
          error={waitsFault(draft) ?? underPath(faults, "schedule")}
          onChange={(event) => onChange({ waits: event.currentTarget.value })}
        />
      )}
      <Pace draft={draft} faults={faults} onChange={onChange} />
      <NativeSelect
        label="Order"
        data={[
          { value: "none", label: "As fast as possible, in any order" },
          { value: "key", label: "In order for each contact or board item" },
          { value: "endpoint", label: "Everything one after the other" },
        ]}
        value={draft.ordering}
        error={faults.ordering}
        onChange={(event) => onChange({ ordering: event.currentTarget.value as typeof draft.ordering })}
      />
      {draft.ordering !== "none" && (
        <NativeSelect
          label="When one is given up"
          data={[
            { value: "hold", label: "Those behind it wait for a person" },
            { value: "skip", label: "Those behind it go on" },
          ]}
          value={draft.onExhausted}
          error={faults.onExhausted}
          onChange={(event) =>
            onChange({ onExhausted: event.currentTarget.value as typeof draft.onExhausted })
          }
        />
      )}
      <NativeSelect
        label="Signature"
        data={[
          { value: "v1", label: "v1: HMAC-SHA256 with a shared secret" },
          { value: "v1a", label: "v1a: Ed25519, checked with a public key" },
          { value: "both", label: "Both" },
        ]}
        value={draft.signing}
        error={faults.signing}
        onChange={(event) => onChange({ signing: event.currentTarget.value as typeof draft.signing })}
      />
      <HeaderFields rows={draft.headers} faults={faults} onChange={(headers) => onChange({ headers })} />
    </Stack>
  );
}

function Pace({ draft, faults, onChange }: PartProps) {
  const number = (value: string | number) => (value === "" ? "" : Number(value));
  return (
    <>
      <NumberInput
        label="Requests a second, at most"
        description="Empty: no limit."
        min={0.01}
        max={10_000}
        value={draft.rate}
        error={faults.rate}
        onChange={(value) => onChange({ rate: number(value) })}
      />
      <NumberInput
        label="Requests at once"
        min={1}
        max={64}
        value={draft.concurrency}
        error={faults.concurrency}
        onChange={(value) => onChange({ concurrency: Number(value) })}
      />
      <NumberInput
        label="Longest wait for an answer, seconds"
        description={draft.format === "mobiniti" ? "Up to 60." : "Up to 30."}
        placeholder="As usual"
        min={1}
        max={60}
        value={draft.timeoutSeconds}
        error={faults.timeoutMs}
        onChange={(value) => onChange({ timeoutSeconds: number(value) })}
      />
    </>
  );
}
