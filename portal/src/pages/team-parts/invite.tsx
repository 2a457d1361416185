import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMe } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { Time } from "../../kit/time.tsx";
import { ROLE_WORDS, rolesToGive } from "./roles.ts";
import type { CreatedInvitation, Invitation, Role } from "./shapes.ts";

/** Invites somebody; the link is shown this once. */
export function Invite() {
  const me = useMe();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [created, setCreated] = useState<CreatedInvitation | null>(null);
  const invite = useMutation({
    mutationFn: () => take(api.POST("/v1/team/invitations", { body: { email, role } })),
    onSuccess: (invitation) => {
      void client.invalidateQueries({ queryKey: ["team"] });
      setCreated(invitation);
      setEmail("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  return (
    <Panel title="Invite somebody">
      <form onSubmit={submit}>
        <Stack>
          {invite.error && <ErrorNote error={invite.error} />}
          <Group align="flex-end" gap="xs">
            <TextInput
              type="email"
              label="E-mail"
              required
              withAsterisk={false}
              value={email}
              error={issuesByPath(invite.error).email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              style={{ flex: "1 1 14rem" }}
            />
            <NativeSelect
              label="Role"
              data={rolesToGive(me.role)}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
            />
            <Button type="submit" loading={invite.isPending}>
              Invite
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {ROLE_WORDS[role]}.
          </Text>
          {created && (
            <ShownOnce
              title={`Send this link to ${created.email}`}
              values={[{ label: "Link", value: created.link }]}
            >
              <Text size="sm">
                Whoever opens it joins, once, until <Time at={created.expiresAt} />.{" "}
                {created.mailed
                  ? "It goes to them by mail as well."
                  : "No mail server is set up, so send it yourself."}
              </Text>
            </ShownOnce>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

export function Invitations({ invitations }: { invitations: Invitation[] }) {
  return (
    <ul className="rows">
      {invitations.map((invitation) => (
        <li key={invitation.id} className="row">
          <InvitationRow invitation={invitation} />
        </li>
      ))}
    </ul>
  );
}

function InvitationRow({ invitation: { id, email, role, expired, expiresAt } }: { invitation: Invitation }) {
  const client = useQueryClient();
  const takeBack = useMutation({
    mutationFn: () => take(api.DELETE("/v1/team/invitations/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["team"] });
      notifyDone(`The invitation of ${email} is gone.`);
    },
    onError: notifyFault,
  });
  return (
    <Group justify="space-between" py="xs" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Text className="wrap">{email}</Text>
        <Text size="sm" c="dimmed">
          {role},{" "}
          {expired ? (
            "expired; invite them again"
          ) : (
            <>
              good until <Time at={expiresAt} />
            </>
          )}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        loading={takeBack.isPending}
        aria-label={`Take back the invitation of ${email}`}
        onClick={() => takeBack.mutate()}
      >
        Take back
      </Button>
    </Group>
  );
}
