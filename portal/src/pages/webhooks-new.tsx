import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { BackLink } from "../kit/back-link.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Panel } from "../kit/panel.tsx";
import { ShownOnce } from "../kit/shown-once.tsx";
import type { SavedEndpoint } from "./webhooks-parts/endpoint-draft.ts";
import { EndpointForm } from "./webhooks-parts/endpoint-form.tsx";

export function Page() {
  const [made, setMade] = useState<SavedEndpoint | null>(null);
  return (
    <>
      <BackLink to="/webhooks">Webhooks</BackLink>
      <PageHead title={made ? "The endpoint is there" : "Add an endpoint"}>
        An address of yours that hears what happens here.
      </PageHead>
      <Panel maw={720}>
        {made ? <Made endpoint={made} /> : <EndpointForm endpoint={null} onSaved={setMade} />}
      </Panel>
    </>
  );
}

function Made({ endpoint: { id, url, secret, publicKey } }: { endpoint: SavedEndpoint }) {
  const values = [
    ...(secret ? [{ label: "Signing secret", value: secret, help: "Check every request with it." }] : []),
    ...(publicKey ? [{ label: "Public key", value: publicKey, help: "It can also be read later." }] : []),
  ];
  return (
    <Stack>
      <Text className="mono wrap">{url}</Text>
      {values.length > 0 && <ShownOnce title="What it gets is signed" values={values} />}
      <div>
        <Button renderRoot={(props) => <Link to={`/webhooks/${id}`} {...props} />}>
          Go on and send a test
        </Button>
      </div>
    </Stack>
  );
}
