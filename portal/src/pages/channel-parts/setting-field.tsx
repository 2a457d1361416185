import { NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import type { Provider } from "../../api/shapes.ts";
import { SecretInput } from "../../kit/secret-input.tsx";

export type Setting = Provider["settings"][number];
export type SettingValue = string | boolean;

/** One field of a channel's form, drawn from what its provider declares. */
export function SettingField({
  setting,
  value,
  isKept,
  error,
  onChange,
}: {
  setting: Setting;
  value: SettingValue;
  /** A secret that is there already and is never shown again. */
  isKept: boolean;
  error: string | undefined;
  onChange: (value: SettingValue) => void;
}) {
  const { label, help, required, type, secret } = setting;
  const shared = { label, description: help, required, error };
  const text = typeof value === "string" ? value : "";
  if (type === "boolean") {
    return (
      <Switch
        label={label}
        description={help}
        error={error}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (type === "choice") {
    const choices = [{ value: "", label: "As usual" }, ...(setting.choices ?? [])];
    return (
      <NativeSelect
        {...shared}
        data={choices}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (secret) return <SecretInput {...shared} isKept={isKept} value={text} onChange={onChange} />;
  const rest = {
    ...shared,
    value: text,
    placeholder: `e.g. ${setting.placeholder ?? setting.example}`,
    spellCheck: false,
    autoComplete: "off",
  };
  return type === "address-list" ? (
    <Textarea {...rest} autosize minRows={2} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput
      {...rest}
      type={type === "url" ? "url" : "text"}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
