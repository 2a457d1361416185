import { Button, Group, Menu, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { Time } from "../../kit/time.tsx";
import type { Member } from "./shapes.ts";

const CLOSE = { centered: true, closeButtonProps: { "aria-label": "Close" } };

/** For somebody who lost their password, or what their second factor was on. */
export function LockedOut({ member }: { member: Member }) {
  const client = useQueryClient();
  const [asks, { open, close }] = useDisclosure();
  const params = { params: { path: { userId: member.id } } };
  const makeLink = useMutation({
    mutationFn: () => take(api.POST("/v1/team/{userId}/password-link", params)),
    onError: notifyFault,
  });
  const drop = useMutation({
    mutationFn: () => take(api.DELETE("/v1/team/{userId}/two-factor", params)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["team"] });
      notifyDone(`${member.name} signs in with the password alone now.`);
    },
    onError: notifyFault,
  });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            loading={makeLink.isPending || drop.isPending}
            aria-label={`${member.name} is locked out?`}
          >
            Locked out?
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => makeLink.mutate()}>Make a new-password link</Menu.Item>
          {member.twoFactor && <Menu.Item onClick={open}>Turn their two-factor off</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Modal
        {...CLOSE}
        opened={makeLink.data !== undefined}
        onClose={makeLink.reset}
        title={`A new password for ${member.name}`}
        size="lg"
      >
        {makeLink.data && (
          <ShownOnce
            title={`Send this link to ${member.name}, and to nobody else`}
            values={[{ label: "Link", value: makeLink.data.link }]}
          >
            <Text size="sm">
              Whoever opens it chooses the password, once, until <Time at={makeLink.data.expiresAt} />. Until
              then the password they have goes on.{member.twoFactor && " Their two-factor stays on."}
            </Text>
          </ShownOnce>
        )}
      </Modal>
      <Modal {...CLOSE} opened={asks} onClose={close} title={`Turn two-factor of ${member.name} off?`}>
        <Stack>
          <Text>
            Be sure that it is them who ask. They are signed out everywhere, and the password alone opens the
            account until they turn two-factor on again.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              color="red.9"
              onClick={() => {
                close();
                drop.mutate();
              }}
            >
              Turn it off
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
