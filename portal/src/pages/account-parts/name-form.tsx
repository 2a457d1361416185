import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { issuesByPath, send } from "../../api/client.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";

export function NameForm({ name }: { name: string }) {
  const client = useQueryClient();
  const rename = useMutation({
    mutationFn: (next: string) => send("POST", "/portal/auth/update-user", { name: next }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["me"] });
      void client.invalidateQueries({ queryKey: ["team"] });
      notifyDone("Saved.");
    },
    onError: notifyFault,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate(String(new FormData(event.currentTarget).get("name")));
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          name="name"
          label="Your name"
          description="Stands in the audit beside what you do."
          defaultValue={name}
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={200}
          error={issuesByPath(rename.error).name}
          style={{ flex: "1 1 14rem" }}
        />
        <Button type="submit" variant="default" loading={rename.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
