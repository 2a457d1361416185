import { NativeSelect, NumberInput, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { FieldSpec } from "./field-spec.ts";
import { useSetting } from "./form.tsx";
import { ZoneField } from "./zone-field.tsx";

/** One setting, drawn from its description. */
export function SettingField({ spec }: { spec: FieldSpec }) {
  const { value, set, error, isReadOnly } = useSetting<unknown>(spec.path);
  const shared = { label: spec.label, description: helpOf(spec), error, disabled: isReadOnly };
  const text = typeof value === "string" ? value : "";
  const write = (next: string) => set(next === "" && "none" in spec ? null : next);
  switch (spec.kind) {
    case "switch":
      return (
        <Switch {...shared} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
      );
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "number" ? value : ""}
          clampBehavior="none"
          allowNegative={false}
          placeholder={spec.none && "empty"}
          onChange={(next) => set(next === "" ? null : Number(next))}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...shared}
          data={spec.choices}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case "words":
      return (
        <TagsInput
          {...shared}
          value={value as string[]}
          onChange={set}
          placeholder={isReadOnly ? undefined : "Type one and press Enter"}
          splitChars={[",", ";"]}
          acceptValueOnBlur
          maxDropdownHeight={0}
        />
      );
    case "zone":
      return <ZoneField {...shared} value={text} onChange={set} />;
    case "long":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          value={text}
          onChange={(event) => write(event.currentTarget.value)}
        />
      );
    case "text":
      return <TextInput {...shared} value={text} onChange={(event) => write(event.currentTarget.value)} />;
    default:
      return spec satisfies never;
  }
}

function helpOf(spec: FieldSpec): string {
  const empty = "none" in spec && spec.none ? ` Empty: ${spec.none}.` : "";
  if (spec.kind !== "number") return spec.help + empty;
  const [least, most] = spec.range;
  return `${spec.help} ${least.toLocaleString()} to ${most.toLocaleString()}.${empty}`;
}
