import { PasswordInput } from "@mantine/core";

const KEPT = "••••";

/** Secrets go in and never come out: an empty field leaves what is kept as it is. */
export function SecretInput({
  isKept,
  value,
  onChange,
  ...rest
}: {
  label: string;
  description?: string;
  error?: string;
  required?: boolean;
  isKept: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <PasswordInput
      {...rest}
      required={rest.required && !isKept}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={isKept ? `${KEPT}  kept; type to replace it` : undefined}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ "aria-label": "Show what you typed", tabIndex: 0 }}
    />
  );
}
