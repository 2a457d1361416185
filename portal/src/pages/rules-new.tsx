import { Box } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useFilters } from "../api/filters.ts";
import { BackLink } from "../kit/back-link.tsx";
import { notifyDone } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { freshSecrets } from "./rules-parts/draft.ts";
import { handOver } from "./rules-parts/just-saved.ts";
import { RuleForm } from "./rules-parts/rule-form.tsx";
import { TemplateChoice, TemplateSet } from "./rules-parts/template-choice.tsx";
import type { RuleTemplate } from "./rules-parts/templates.ts";
import { RULE_TEMPLATES } from "./rules-parts/templates.ts";

export function Page() {
  const [filters, setFilters] = useFilters();
  const template = RULE_TEMPLATES.find(({ key }) => key === filters.template);
  return (
    <>
      <BackLink to="/rules">Rules</BackLink>
      <PageHead title={template?.title ?? "New rule"}>
        {template?.lead ?? "What should it begin with?"}
      </PageHead>
      {template ? (
        <Begun key={template.key} template={template} />
      ) : (
        <TemplateChoice onChoose={(key) => setFilters({ template: key })} />
      )}
    </>
  );
}

function Begun({ template }: { template: RuleTemplate }) {
  const navigate = useNavigate();
  const rules = useMemo(template.rules, []);
  const [first, ...more] = rules;
  if (!first || more.length > 0) return <TemplateSet template={template} />;
  return (
    <Box maw={780}>
      <RuleForm
        rule={null}
        first={first}
        before={null}
        onSaved={(saved) => {
          notifyDone("Saved.");
          // With something to see the person stays with the rule.
          const stays = saved.warnings.length + freshSecrets(saved).length > 0;
          if (stays) handOver(saved);
          void navigate({ to: stays ? `/rules/${saved.id}` : "/rules", replace: true });
        }}
      />
    </Box>
  );
}
