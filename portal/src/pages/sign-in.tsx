import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { send } from "../api/client.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { pageOfOurs } from "../kit/page-of-ours.ts";
import { Outside } from "../shell/outside.tsx";

export function Page() {
  const [needsCode, setNeedsCode] = useState(false);
  return needsCode ? <CodeStep /> : <PasswordStep onNeedsCode={() => setNeedsCode(true)} />;
}

/** Signed in: everything is read anew, and the person goes where they wanted to. */
function useEnter(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ strict: false }) as { next?: string };
  return () => {
    client.clear();
    void navigate({ href: pageOfOurs(next ?? "/", location.origin) });
  };
}

function PasswordStep({ onNeedsCode }: { onNeedsCode: () => void }) {
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: (form: { email: string; password: string }) =>
      send<{ twoFactorRedirect?: boolean }>("POST", "/portal/auth/sign-in/email", form),
    onSuccess: ({ twoFactorRedirect }) => (twoFactorRedirect ? onNeedsCode() : enter()),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) });
  };
  return (
    <Outside title="Sign in">
      <form onSubmit={submit}>
        <Stack>
          {signIn.error && <ErrorNote error={signIn.error} />}
          <TextInput
            name="email"
            type="email"
            label="E-mail"
            autoComplete="username"
            required
            withAsterisk={false}
          />
          <PasswordInput
            name="password"
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
          <Anchor renderRoot={(props) => <Link to="/forgotten-password" {...props} />} size="sm">
            Forgot your password?
          </Anchor>
          <Text size="sm" c="dimmed">
            The first account is made with the link that the program printed when it was started; all others
            by invitation.
          </Text>
        </Stack>
      </form>
    </Outside>
  );
}

function CodeStep() {
  const enter = useEnter();
  const [isBackup, setIsBackup] = useState(false);
  const verify = useMutation({
    mutationFn: (code: string) =>
      send("POST", `/portal/auth/two-factor/${isBackup ? "verify-backup-code" : "verify-totp"}`, { code }),
    onSuccess: enter,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    verify.mutate(String(new FormData(event.currentTarget).get("code")).trim());
  };
  const lead = isBackup
    ? "One of the codes you kept when you turned this on. Each works once."
    : "The six digits your authenticator app shows now.";
  return (
    <Outside title="One more step" lead={lead}>
      <form onSubmit={submit}>
        <Stack>
          {verify.error && <ErrorNote error={verify.error} />}
          <TextInput
            key={String(isBackup)}
            name="code"
            label={isBackup ? "Backup code" : "Code"}
            inputMode={isBackup ? "text" : "numeric"}
            autoComplete="one-time-code"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={verify.isPending} fullWidth>
            Continue
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setIsBackup(!isBackup)}>
            {isBackup ? "Use the app instead" : "I cannot use the app: use a backup code"}
          </Anchor>
          {isBackup && (
            <Text size="sm" c="dimmed">
              The codes are lost, too? An owner can turn your two-factor off (Team, “Locked out?”), and so can
              whoever runs the machine:{" "}
              <Anchor
                inherit
                underline="always"
                renderRoot={(props) => <Link to="/forgotten-password" {...props} />}
              >
                how
              </Anchor>
              .
            </Text>
          )}
        </Stack>
      </form>
    </Outside>
  );
}
