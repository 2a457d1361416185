import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMe } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Panel } from "../../kit/panel.tsx";
import { ShownOnce } from "../../kit/shown-once.tsx";
import { ROLE_WORDS, rolesToGive } from "../team-parts/roles.ts";
import type { CreatedKey, Role } from "../team-parts/shapes.ts";

/** Makes a key; it is shown this once. */
export function NewKey() {
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const create = useMutation({
    mutationFn: () => take(api.POST("/v1/keys", { body: { name, role } })),
    onSuccess: (key) => {
      void client.invalidateQueries({ queryKey: ["keys"] });
      setCreated(key);
      setName("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Panel title="Make a key">
      <form onSubmit={submit}>
        <Stack>
          {create.error && <ErrorNote error={create.error} />}
          <Group align="flex-end" gap="xs">
            <TextInput
              label="Name"
              placeholder="The program that uses it"
              required
              withAsterisk={false}
              maxLength={200}
              value={name}
              error={issuesByPath(create.error).name}
              onChange={(event) => setName(event.currentTarget.value)}
              style={{ flex: "1 1 14rem" }}
            />
            <NativeSelect
              label="Role"
              data={rolesToGive(me.role)}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
            />
            <Button type="submit" loading={create.isPending}>
              Make it
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {ROLE_WORDS[role]}.
          </Text>
          {created && (
            <ShownOnce title={`The key ${created.name}`} values={[{ label: "API key", value: created.key }]}>
              <CurlExample apiKey={created.key} />
            </ShownOnce>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

function CurlExample({ apiKey }: { apiKey: string }) {
  const { publicUrl } = useMe();
  return (
    <Text size="sm" className="mono wrap">
      curl {publicUrl}/v1/me -H "Authorization: Bearer {apiKey}"
    </Text>
  );
}
