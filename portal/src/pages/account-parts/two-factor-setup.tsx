import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { send } from "../../api/client.ts";
import { CopyField } from "../../kit/copy-button.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { QrCode } from "./qr.tsx";

export interface Enrolment {
  totpURI: string;
  backupCodes: string[];
}

/** The secret goes into the app; the first code from it proves that it arrived. */
export function TwoFactorSetup({
  enrolment,
  onDone,
  onCancel,
}: {
  enrolment: Enrolment;
  onDone: () => void;
  onCancel: () => void;
}) {
  const verify = useMutation({
    mutationFn: (code: string) => send("POST", "/portal/auth/two-factor/verify-totp", { code }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    verify.mutate(String(new FormData(event.currentTarget).get("code")).replace(/\s/g, ""));
  };
  const secret = new URL(enrolment.totpURI).searchParams.get("secret") ?? "";
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">Scan this with your authenticator app, then enter the six digits it shows.</Text>
        <QrCode text={enrolment.totpURI} label="Code for your authenticator app" />
        <CopyField label="Key" help="For typing into the app, where it cannot scan." value={secret} />
        {verify.error && <ErrorNote error={verify.error} />}
        <TextInput
          name="code"
          label="Six digits"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          maw={200}
        />
        <Group gap="xs">
          <Button type="submit" loading={verify.isPending}>
            Turn it on
          </Button>
          <Button variant="default" onClick={onCancel}>
            Never mind
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
