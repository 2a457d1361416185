import { Anchor, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { issuesByPath, send } from "../api/client.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Outside } from "../shell/outside.tsx";

interface State {
  valid: boolean;
  name: string | null;
  email: string | null;
}

/** The link of somebody who forgot the password: whoever opens it chooses a new one, once. */
export function Page() {
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const link = useQuery({
    queryKey: ["new-password", token],
    queryFn: () => send<State>("GET", `/portal/new-password?token=${encodeURIComponent(token)}`),
    retry: false,
    // Once it is used it is not good any more; what it led to stays on the page.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (link.data?.valid) return <PasswordForm token={token} state={link.data} />;
  if (link.isPending) {
    return (
      <Outside title="New password">
        <Loading />
      </Outside>
    );
  }
  return (
    <Outside title="This link does not work">
      {link.error && <ErrorNote error={link.error} />}
      <Text>It was used already, or its time is over.</Text>
      <Anchor renderRoot={(props) => <Link to="/forgotten-password" {...props} />}>
        How to get a new one
      </Anchor>
    </Outside>
  );
}

function PasswordForm({ token, state: { name, email } }: { token: string; state: State }) {
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (password: string) => send("POST", "/portal/new-password", { token, password }),
    // Nobody is signed in any more, not here either.
    onSuccess: () => client.removeQueries({ queryKey: ["me"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    choose.mutate(String(new FormData(event.currentTarget).get("password")));
  };
  if (choose.isSuccess) {
    return (
      <Outside title="Your password is changed">
        <Text role="status">You are signed out everywhere. Sign in with the new one.</Text>
        <Button renderRoot={(props) => <Link to="/sign-in" {...props} />} fullWidth>
          Sign in
        </Button>
      </Outside>
    );
  }
  return (
    <Outside title="Choose a new password" lead={`For ${name ?? "you"}, who signs in as ${email ?? ""}.`}>
      <form onSubmit={submit}>
        <Stack>
          {choose.error && <ErrorNote error={choose.error} />}
          <input type="hidden" name="username" autoComplete="username" value={email ?? ""} readOnly />
          <PasswordInput
            name="password"
            label="New password"
            description="At least 12 characters. A few words in a row are easy to keep in mind."
            autoComplete="new-password"
            minLength={12}
            required
            withAsterisk={false}
            error={issuesByPath(choose.error).password}
            visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          />
          <Text size="sm" c="dimmed">
            All browsers you are signed in with will be signed out. Two-factor stays as it is.
          </Text>
          <Button type="submit" loading={choose.isPending} fullWidth>
            Change the password
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
