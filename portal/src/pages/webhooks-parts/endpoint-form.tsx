import { Button, Collapse, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import { issuesByPath } from "../../api/client.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { SecretInput } from "../../kit/secret-input.tsx";
import { CallFields } from "./call-fields.tsx";
import type { SavedEndpoint } from "./endpoint-draft.ts";
import { endpointDraft, saveEndpoint, waitsFault } from "./endpoint-draft.ts";
import { TargetFields } from "./target-fields.tsx";

/** Makes an endpoint, or changes one. What belongs to a rule, an integration or a message is changed there. */
export function EndpointForm({
  endpoint,
  onSaved,
}: {
  endpoint: Endpoint | null;
  onSaved: (saved: SavedEndpoint) => void;
}) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => endpointDraft(endpoint));
  const isOwn = endpoint === null || endpoint.source === "endpoint";
  const [more, { toggle }] = useDisclosure(!isOwn);
  const save = useMutation({
    mutationFn: () => saveEndpoint(endpoint, draft),
    onSuccess: (saved) => {
      setDraft(endpointDraft(saved));
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      onSaved(saved);
    },
  });
  const faults = issuesByPath(save.error);
  const part = {
    draft,
    faults,
    onChange: (change: Partial<typeof draft>) => setDraft({ ...draft, ...change }),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (waitsFault(draft) === null) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.error && <ErrorNote error={save.error} />}
        {isOwn && <TargetFields {...part} />}
        {isOwn && (
          <div>
            <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={more}>
              {more ? "Fewer settings" : "More settings"}
            </Button>
          </div>
        )}
        <Collapse expanded={more}>
          <Stack gap="sm">
            {endpoint === null && (
              <SecretInput
                label="Signing secret of your own"
                description="Empty: one is made for you, and shown once."
                error={faults.secret}
                isKept={false}
                value={draft.secret}
                onChange={(secret) => part.onChange({ secret })}
              />
            )}
            <CallFields {...part} />
          </Stack>
        </Collapse>
        <Group>
          <Button type="submit" loading={save.isPending}>
            {endpoint ? "Save" : "Add the endpoint"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
