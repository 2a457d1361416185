import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";
import { useMay } from "../../api/me.ts";
import { Icon } from "../../kit/icon.tsx";

/** A text to somebody who has not texted yet. */
export function StartTalk() {
  const may = useMay();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure();
  const [phone, setPhone] = useState("");
  if (!may("POST", "/v1/messages")) return null;
  const go = (event: FormEvent) => {
    event.preventDefault();
    close();
    void navigate({ to: "/inbox/$phone", params: { phone: phone.replace(/[^\d+]/g, "") } } as never);
  };
  return (
    <>
      <Button onClick={open} leftSection={<Icon name="plus" size={16} />}>
        New text
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Whom do you want to text?"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <form onSubmit={go}>
          <TextInput
            label="Phone number"
            type="tel"
            placeholder="e.g. +1 415 555 0101"
            required
            withAsterisk={false}
            data-autofocus
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="md">
            <Button type="submit">Write</Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
