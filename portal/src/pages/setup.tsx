import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { issuesByPath, send } from "../api/client.ts";
import { ownZone } from "../api/zone.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { ZoneInput } from "../kit/zone-input.tsx";
import { Outside } from "../shell/outside.tsx";

interface SetupLink {
  valid: boolean;
  workspace: string | null;
  timeZone: string | null;
}

/** The one-time link of the first start: whoever has it becomes the owner. */
export function Page() {
  const { token = "" } = useSearch({ strict: false }) as { token?: string };
  const link = useQuery({
    queryKey: ["setup", token],
    queryFn: () => send<SetupLink>("GET", `/portal/setup?token=${encodeURIComponent(token)}`),
    retry: false,
  });
  if (link.isPending) {
    return (
      <Outside title="Welcome">
        <Loading />
      </Outside>
    );
  }
  if (link.error) return <UsedLink error={link.error} />;
  return link.data.valid ? <OwnerForm token={token} link={link.data} /> : <UsedLink />;
}

function UsedLink({ error }: { error?: unknown }) {
  return (
    <Outside title="This link does not work">
      {error !== undefined && <ErrorNote error={error} />}
      <Text>
        The link is good for one person, once. Start Signalbox again to see a new one in the terminal, or{" "}
        <Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />} underline="always">
          sign in
        </Anchor>{" "}
        if you have been here before.
      </Text>
    </Outside>
  );
}

function OwnerForm({ token, link: { workspace, timeZone } }: { token: string; link: SetupLink }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (form: Record<string, string>) => send("POST", "/portal/setup", { token, ...form }),
    onSuccess: () => {
      client.clear();
      void navigate({ to: "/start" });
    },
  });
  const faults = issuesByPath(create.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = [...new FormData(event.currentTarget)].map(([key, value]) => [key, String(value)]);
    create.mutate(Object.fromEntries(typed.filter(([, value]) => value !== "")));
  };
  return (
    <Outside title="Welcome to Signalbox" lead="You are the first one here: this makes you the owner.">
      <form onSubmit={submit}>
        <Stack>
          {create.error && <ErrorNote error={create.error} />}
          <TextInput name="name" label="Your name" autoComplete="name" required error={faults.name} />
          <TextInput
            name="email"
            type="email"
            label="E-mail"
            description="You sign in with it."
            autoComplete="username"
            required
            error={faults.email}
          />
          <PasswordInput
            name="password"
            label="Password"
            description="At least 12 characters. A few words in a row are easy to keep in mind."
            autoComplete="new-password"
            minLength={12}
            required
            error={faults.password}
            visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          />
          <TextInput
            name="workspace"
            label="Name of your resort or company"
            description="Can be changed later."
            placeholder={workspace ?? undefined}
            autoComplete="organization"
            error={faults.workspace}
          />
          <ZoneInput
            name="timeZone"
            label="Time zone"
            description={`${timeZone === null ? "As your browser has it. " : ""}Replies, the board and these pages tell the time in it.`}
            defaultValue={timeZone ?? ownZone()}
            error={faults.timeZone}
          />
          <Button type="submit" loading={create.isPending} fullWidth>
            Begin
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
