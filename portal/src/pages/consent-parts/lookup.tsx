import { Button, Group, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { Icon } from "../../kit/icon.tsx";

/** Whose consent is asked about. */
export function Lookup({ phone, onLook }: { phone: string; onLook: (phone: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onLook(String(new FormData(event.currentTarget).get("phone")).trim());
  };
  return (
    <form onSubmit={submit} className="no-print">
      <Group align="flex-end" gap="xs" mb="lg">
        <TextInput
          key={phone}
          name="phone"
          type="tel"
          label="Phone number"
          placeholder="e.g. +1 415 555 0101"
          defaultValue={phone}
          required
          withAsterisk={false}
          autoComplete="off"
          style={{ flex: "1 1 14rem", maxWidth: 360 }}
        />
        <Button type="submit" leftSection={<Icon name="search" size={16} />}>
          Look up
        </Button>
      </Group>
    </form>
  );
}
