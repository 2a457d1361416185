import { Grid, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import { ifMatch } from "../api/save-over.ts";
import type { Rule } from "../api/shapes.ts";
import { BackLink } from "../kit/back-link.tsx";
import { ConfirmButton } from "../kit/confirm.tsx";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { notifyDone, notifyFault } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { draftOf, freshSecrets } from "./rules-parts/draft.ts";
import { useHandedOver } from "./rules-parts/just-saved.ts";
import { ruleQuery } from "./rules-parts/queries.ts";
import { RuleForm } from "./rules-parts/rule-form.tsx";
import { TestBox } from "./rules-parts/test-box.tsx";
import { matchInWords } from "./rules-parts/words.ts";

export function Page() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { data: rule, error, refetch } = useRead(ruleQuery(id));
  const may = useMay();
  return (
    <>
      <BackLink to="/rules">Rules</BackLink>
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !rule ? (
        <Loading />
      ) : may("PATCH", "/v1/rules/:id") ? (
        <Editor key={id} rule={rule} />
      ) : (
        <EmptyState icon="rules" title={rule.name}>
          Rules are changed by an owner or an admin. The list says what this one does.
        </EmptyState>
      )}
    </>
  );
}

function Editor({ rule }: { rule: Rule }) {
  const navigate = useNavigate();
  const before = useHandedOver(rule.id);
  return (
    <>
      <PageHead title={rule.name}>{matchInWords(rule.match)}</PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <RuleForm
            rule={rule}
            first={draftOf(rule)}
            before={before}
            onSaved={(saved) => {
              notifyDone("Saved.");
              const stays = saved.warnings.length + freshSecrets(saved).length > 0;
              if (!stays) void navigate({ to: "/rules" });
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <TestBox />
            <RemoveRule rule={rule} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function RemoveRule({ rule }: { rule: Rule }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      take(api.DELETE("/v1/rules/{id}", { params: { path: { id: rule.id } }, ...ifMatch(rule) })),
    onSuccess: async () => {
      await navigate({ to: "/rules" });
      void client.invalidateQueries({ queryKey: ["rules"] });
      notifyDone(`The rule “${rule.name}” is gone.`);
    },
    onError: (error) => {
      notifyFault(error);
      void client.invalidateQueries({ queryKey: ["rules"] });
    },
  });
  return (
    <Panel title="Changes that hurt">
      <ConfirmButton
        label="Remove the rule"
        question={`Remove “${rule.name}”?`}
        confirm="Remove it"
        onConfirm={() => remove.mutate()}
      >
        It takes no texts any more, and calls of its addresses that still wait are given up. What it did stays
        in the log.
      </ConfirmButton>
    </Panel>
  );
}
