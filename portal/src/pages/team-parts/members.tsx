import { Avatar, Badge, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { roleMayGive } from "../../../../src/domain/roles.ts";
import { api, take } from "../../api/client.ts";
import { useMe } from "../../api/me.ts";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { Time } from "../../kit/time.tsx";
import { inWords } from "../../kit/words.ts";
import { LockedOut } from "./locked-out.tsx";
import { rolesToGive } from "./roles.ts";
import type { Member, Role } from "./shapes.ts";

export function Members({ members }: { members: Member[] }) {
  return (
    <ul className="rows">
      {members.map((member) => (
        <li key={member.id} className="row">
          <MemberRow member={member} />
        </li>
      ))}
    </ul>
  );
}

function MemberRow({ member }: { member: Member }) {
  const me = useMe();
  const isMe = member.email === me.email;
  const mayChange = !isMe && roleMayGive(me.role, member.role);
  return (
    <Group justify="space-between" gap="sm" py="sm">
      <Group gap="sm" wrap="nowrap" style={{ flex: "1 1 16rem", minWidth: 0 }}>
        <Avatar name={member.name} color="signal" variant="filled" radius="xl" aria-hidden />
        <Stack gap={0} style={{ minWidth: 0 }}>
          <Group gap={6}>
            <Text fw={600} className="wrap">
              {member.name}
            </Text>
            {isMe && (
              <Badge variant="light" tt="none">
                You
              </Badge>
            )}
            {member.twoFactor && (
              <Badge variant="light" color="teal" tt="none">
                Two-factor
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" className="wrap">
            {member.email}
          </Text>
          <Text size="xs" c="dimmed">
            {member.lastSeenAt ? (
              <>
                Last here <Time at={member.lastSeenAt} />
              </>
            ) : (
              "Signed out everywhere"
            )}
          </Text>
        </Stack>
      </Group>
      {mayChange ? <MemberActions member={member} /> : <Text size="sm">{inWords(member.role)}</Text>}
    </Group>
  );
}

function MemberActions({ member }: { member: Member }) {
  const me = useMe();
  const client = useQueryClient();
  const params = { params: { path: { userId: member.id } } };
  const done = (message: string) => {
    void client.invalidateQueries({ queryKey: ["team"] });
    notifyDone(message);
  };
  const give = useMutation({
    mutationFn: (role: Role) => take(api.PATCH("/v1/team/{userId}", { ...params, body: { role } })),
    onSuccess: ({ name, role }) => done(`${name} is ${role} now.`),
    onError: notifyFault,
  });
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/v1/team/{userId}", params)),
    onSuccess: () => done(`${member.name} is no longer in the team.`),
    onError: notifyFault,
  });
  return (
    <Group gap="xs">
      <NativeSelect
        aria-label={`Role of ${member.name}`}
        data={rolesToGive(me.role)}
        value={member.role}
        disabled={give.isPending}
        onChange={(event) => give.mutate(event.currentTarget.value as Role)}
      />
      <LockedOut member={member} />
      <ConfirmButton
        label="Remove"
        question={`Remove ${member.name}?`}
        confirm="Remove"
        onConfirm={() => remove.mutate()}
      >
        They are signed out at once and cannot come back without a new invitation. What they did stays in the
        audit.
      </ConfirmButton>
    </Group>
  );
}
