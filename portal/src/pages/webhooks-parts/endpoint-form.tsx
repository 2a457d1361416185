import { Button, Collapse, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { issuesByPath } from "../../api/client.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { SaveFault } from "../../kit/save-fault.tsx";
import { SecretInput } from "../../kit/secret-input.tsx";
import { CallFields } from "./call-fields.tsx";
import type { SavedEndpoint } from "./endpoint-draft.ts";
import { endpointDraft, endpointOrder, waitsFault } from "./endpoint-draft.ts";
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
  const edited = useEdited(endpoint, endpointDraft);
  const { draft, change } = edited;
  const isOwn = endpoint === null || endpoint.source === "endpoint";
  const [more, { toggle }] = useDisclosure(!isOwn);
  const save = useMutation({
    mutationFn: (over: Endpoint | null) => edited.save(endpointOrder(endpoint, draft), over),
    onSuccess: (saved) => {
      if (endpoint) edited.begin(saved);
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      onSaved(saved);
    },
  });
  const faults = issuesByPath(save.error);
  const part = {
    draft,
    faults,
    onChange: change,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (waitsFault(draft) === null) save.mutate(null);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.error && (
          <SaveFault<Endpoint>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
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
