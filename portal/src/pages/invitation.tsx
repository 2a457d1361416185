import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { issuesByPath, send } from "../api/client.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Outside } from "../shell/outside.tsx";

interface Invitation {
  valid: boolean;
  email: string | null;
  role: string | null;
  workspace: string | null;
}

/** The link of an invitation: whoever opens it joins the team. */
export function Page() {
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => send<Invitation>("GET", `/portal/invitation?token=${encodeURIComponent(token)}`),
    retry: false,
  });
  if (data?.valid) return <JoinForm token={token} invitation={data} />;
  if (!data && !error) {
    return (
      <Outside title="Welcome">
        <Loading />
      </Outside>
    );
  }
  return (
    <Outside title="This invitation does not work">
      {error && <ErrorNote error={error} />}
      <Text>It was taken up already, taken back, or is older than a week. Please ask for a new one.</Text>
    </Outside>
  );
}

function JoinForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: (form: { name: string; password: string }) =>
      send("POST", "/portal/invitation", { token, ...form }),
    onSuccess: () => {
      client.clear();
      void navigate({ to: "/" });
    },
  });
  const faults = issuesByPath(join.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    join.mutate({ name: String(form.get("name")), password: String(form.get("password")) });
  };
  const lead = `You are invited as ${invitation.role ?? "member"}, with ${invitation.email ?? "your address"}.`;
  return (
    <Outside title={`Join ${invitation.workspace ?? "the team"}`} lead={lead}>
      <form onSubmit={submit}>
        <Stack>
          {join.error && <ErrorNote error={join.error} />}
          <TextInput name="name" label="Your name" autoComplete="name" required error={faults.name} />
          <PasswordInput
            name="password"
            label="Password"
            description="At least 12 characters."
            autoComplete="new-password"
            minLength={12}
            required
            error={faults.password}
            visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          />
          <Button type="submit" loading={join.isPending} fullWidth>
            Join
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
