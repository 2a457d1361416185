import { Alert, Checkbox, Group, Radio, Stack } from "@mantine/core";
import { Icon } from "../../kit/icon.tsx";
import { useSetting } from "./form.tsx";
import type { Settings } from "./shapes.ts";

/** What a bare STOP covers; with what one should think of before choosing less than everything. */
export function StopScope() {
  const { value, set, error, isReadOnly } = useSetting<Settings["consent"]["stopScope"]>("consent.stopScope");
  return (
    <Stack gap="sm">
      <Radio.Group
        label="STOP covers"
        description="STOP ALL always covers everything."
        error={error}
        value={value}
        onChange={(next) => set(next as typeof value)}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label="Every number of yours" disabled={isReadOnly} />
          <Radio value="address" label="Only the number that was texted" disabled={isReadOnly} />
        </Stack>
      </Radio.Group>
      {value === "address" && (
        <Alert color="yellow" icon={<Icon name="warning" />} title="Ask your counsel before you keep this">
          In the United States one opt-out is to end every kind of text from you. That rule is waived until 31
          January 2027; afterwards a STOP that covers one number only may break it.
        </Alert>
      )}
    </Stack>
  );
}

const LANGUAGES: { value: Settings["consent"]["languages"][number]; label: string }[] = [
  { value: "es", label: "Spanish: PARAR, ALTO, BAJA, NO MAS" },
  { value: "fr", label: "French: ARRET, DESABONNER, TD" },
  { value: "pt", label: "Portuguese: PARAR, PARE, SAIR" },
  { value: "de", label: "German: STOPP, ABMELDEN, ABBESTELLEN" },
];

export function Languages() {
  const { value, set, error, isReadOnly } = useSetting<Settings["consent"]["languages"]>("consent.languages");
  return (
    <Checkbox.Group
      label="Further languages"
      description="English always is understood. These words, and whole sentences like “stop texting me”, opt out too."
      error={error}
      value={value}
      onChange={(next) => set(next as typeof value)}
    >
      <Stack gap="xs" mt="xs">
        {LANGUAGES.map((language) => (
          <Group key={language.value}>
            <Checkbox {...language} disabled={isReadOnly} />
          </Group>
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
