import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import { ConfirmButton } from "../kit/confirm.tsx";
import { EmptyState } from "../kit/empty-state.tsx";
import { notifyDone, notifyFault } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { Time } from "../kit/time.tsx";
import { inWords } from "../kit/words.ts";
import { NewKey } from "./keys-parts/new-key.tsx";
import type { Key } from "./team-parts/shapes.ts";

export function Page() {
  const may = useMay();
  const list = usePaged(["keys"], (cursor) => take(api.GET("/v1/keys", { params: { query: { cursor } } })));
  return (
    <>
      <PageHead title="API keys">
        For your own programs.{" "}
        <Anchor href="/docs" target="_blank" rel="noreferrer" underline="always">
          What they can call
        </Anchor>
        .
      </PageHead>
      <Stack gap="lg">
        {may("POST", "/v1/keys") && <NewKey />}
        <Panel title="Keys">
          <PagedList
            list={list}
            empty={
              <EmptyState icon="key" title="No key">
                Make one above, one for each program: then one can be taken back without the others.
              </EmptyState>
            }
          >
            {(keys) => (
              <ul className="rows">
                {keys.map((key) => (
                  <li key={key.id} className="row">
                    <KeyRow apiKey={key} />
                  </li>
                ))}
              </ul>
            )}
          </PagedList>
        </Panel>
      </Stack>
    </>
  );
}

function KeyRow({ apiKey }: { apiKey: Key }) {
  const may = useMay();
  return (
    <Group justify="space-between" py="sm" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Text fw={600} className="wrap">
            {apiKey.name}
          </Text>
          <Badge variant="light" tt="none">
            {inWords(apiKey.role)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          <span className="mono">sk_live_…{apiKey.hint}</span>, made <Time at={apiKey.createdAt} />,{" "}
          {apiKey.lastUsedAt ? (
            <>
              last used <Time at={apiKey.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
        </Text>
      </div>
      {may("DELETE", "/v1/keys/:id") && <Revoke apiKey={apiKey} />}
    </Group>
  );
}

function Revoke({ apiKey: { id, name } }: { apiKey: Key }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => take(api.DELETE("/v1/keys/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["keys"] });
      notifyDone(`${name} opens nothing any more.`);
    },
    onError: notifyFault,
  });
  return (
    <ConfirmButton
      label="Revoke"
      question={`Revoke ${name}?`}
      confirm="Revoke it"
      onConfirm={() => revoke.mutate()}
    >
      Programs that use it are refused within two seconds, for good.
    </ConfirmButton>
  );
}
