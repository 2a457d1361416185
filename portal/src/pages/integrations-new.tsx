import { Button, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { BackLink } from "../kit/back-link.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Panel } from "../kit/panel.tsx";
import { Example, Once } from "./integrations-parts/address-panel.tsx";
import type { SavedIntegration } from "./integrations-parts/draft.ts";
import { IntegrationForm } from "./integrations-parts/integration-form.tsx";

export function Page() {
  const [made, setMade] = useState<SavedIntegration | null>(null);
  return (
    <>
      <BackLink to="/integrations">Integrations</BackLink>
      <PageHead title={made ? `${made.name} can post now` : "Add an integration"}>
        An address for a system that can post JSON but does not speak this API.
      </PageHead>
      <Panel maw={720}>
        {made ? (
          <Stack>
            <Once saved={made} />
            <Example url={made.url ?? ""} integration={made} />
            <div>
              <Button renderRoot={(props) => <Link to={`/integrations/${made.id}`} {...props} />}>
                Go on and watch its posts
              </Button>
            </div>
          </Stack>
        ) : (
          <IntegrationForm integration={null} onSaved={setMade} />
        )}
      </Panel>
    </>
  );
}
