import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import type { FormEvent } from "react";
import { ErrorNote } from "../../kit/error-note.tsx";

/** Whoever sits at a browser left open does not know it. */
export function PasswordStep({
  error,
  isPending,
  label,
  onPassword,
  onCancel,
}: {
  error: unknown;
  isPending: boolean;
  label: string;
  onPassword: (password: string) => void;
  onCancel: () => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onPassword(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {error !== null && <ErrorNote error={error} />}
        <PasswordInput
          name="password"
          label="Your password"
          description="To be sure that it is you."
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show your password", tabIndex: 0 }}
        />
        <Group gap="xs">
          <Button type="submit" loading={isPending}>
            {label}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Never mind
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
