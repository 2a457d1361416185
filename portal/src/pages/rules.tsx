import { Button, Grid, Stack } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { EnginePanel } from "./rules-parts/engine-panel.tsx";
import { RuleList } from "./rules-parts/rule-list.tsx";
import { TemplateChoice } from "./rules-parts/template-choice.tsx";
import { TestBox } from "./rules-parts/test-box.tsx";

export function Page() {
  const may = useMay();
  const navigate = useNavigate();
  const rules = usePaged(["rules", "list"], (cursor) =>
    take(api.GET("/v1/rules", { params: { query: { cursor, limit: 50 } } })),
  );
  const add = may("POST", "/v1/rules") && (
    <Button
      leftSection={<Icon name="plus" size={16} />}
      renderRoot={(props) => <Link to="/rules/new" {...props} />}
    >
      Add a rule
    </Button>
  );
  const tries = may("POST", "/v1/rules/test");
  return (
    <>
      <PageHead title="Rules" actions={add}>
        When a text like this comes in, do that. The first rule that fits takes the text.
      </PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: tries ? 7 : 12 }}>
          <Stack gap="lg">
            <EnginePanel />
            <PagedList
              list={rules}
              empty={
                <>
                  <EmptyState icon="rules" title="No rules yet">
                    A rule replies, sends an e-mail or calls your system when a text fits it.{" "}
                    {add ? "Begin with one of these." : "An owner or an admin can make some."}
                  </EmptyState>
                  {add && (
                    <TemplateChoice
                      onChoose={(template) => navigate({ to: "/rules/new", search: { template } as never })}
                    />
                  )}
                </>
              }
            >
              {(items) => <RuleList rules={items} />}
            </PagedList>
          </Stack>
        </Grid.Col>
        {tries && (
          <Grid.Col span={{ base: 12, md: 5 }}>
            <TestBox />
          </Grid.Col>
        )}
      </Grid>
    </>
  );
}
