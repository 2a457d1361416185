import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useRef } from "react";
import { send } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone } from "../../kit/notify.ts";

export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (passwords: { currentPassword: string; newPassword: string }) =>
      send("POST", "/portal/auth/change-password", passwords),
    onSuccess: () => {
      form.current?.reset();
      notifyDone("The password is changed.");
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    change.mutate({
      currentPassword: String(typed.get("currentPassword")),
      newPassword: String(typed.get("newPassword")),
    });
  };
  return (
    <form ref={form} onSubmit={submit}>
      <Stack>
        {change.error && <ErrorNote error={change.error} />}
        <PasswordInput
          name="currentPassword"
          label="Password so far"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the password so far", tabIndex: 0 }}
        />
        <PasswordInput
          name="newPassword"
          label="New password"
          description="At least 12 characters. A few words in a row are easy to keep in mind."
          autoComplete="new-password"
          minLength={12}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the new password", tabIndex: 0 }}
        />
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the password
          </Button>
        </div>
      </Stack>
    </form>
  );
}
