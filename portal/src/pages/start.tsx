import { Anchor, Button, Group, Stepper, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { channelsQuery, providersQuery } from "../api/channels.ts";
import { useFilters } from "../api/filters.ts";
import { useRead } from "../api/read.ts";
import type { Channel, Provider } from "../api/shapes.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { ProviderChoice } from "./channel-parts/provider-choice.tsx";
import { ConnectStep } from "./start-parts/connect-step.tsx";
import { FirstText } from "./start-parts/first-text.tsx";
import { WebhookStep } from "./start-parts/webhook-step.tsx";

/**
 * From nothing to the first reply. Where somebody is stands in the address: a provider is chosen, a channel is
 * there, its addresses are entered. What came in and what was answered is read from the messages.
 */
export function Page() {
  const providers = useRead(providersQuery);
  const channels = useRead(channelsQuery);
  const error = providers.error ?? channels.error;
  return (
    <>
      <PageHead
        title="Your first text"
        actions={
          <Anchor renderRoot={(props) => <Link to="/" {...props} />} size="sm">
            Leave the guide
          </Anchor>
        }
      >
        Connect a number, receive a text and answer it. It takes a few minutes; the simulator takes one.
      </PageHead>
      {error ? (
        <ErrorNote error={error} />
      ) : providers.data && channels.data ? (
        <Guide providers={providers.data} channels={channels.data} />
      ) : (
        <Loading />
      )}
    </>
  );
}

const STEPS = ["Provider", "Credentials", "Address", "First text"];

/** On a phone there is room for the words of one step only. */
function Steps({ step }: { step: number }) {
  return (
    <>
      <Text hiddenFrom="sm" fw={600} mb="md">
        Step {step + 1} of {STEPS.length}: {STEPS[step]}
      </Text>
      <Stepper active={step} allowNextStepsSelect={false} size="sm" mb="lg" wrap={false} visibleFrom="sm">
        {STEPS.map((label) => (
          <Stepper.Step key={label} label={label} component="div" tabIndex={undefined} />
        ))}
      </Stepper>
    </>
  );
}

function Guide({ providers, channels }: { providers: Provider[]; channels: Channel[] }) {
  const [place, go] = useFilters();
  const channel = channels.find(({ id }) => id === place.channel);
  const key = channel?.provider ?? place.provider;
  const provider = providers.find((one) => one.provider === key);
  const hasDoors = (provider?.doors.length ?? 0) > 0;
  const choose = (chosen: string) => {
    // The sample set-up brings a simulator: there is nothing to fill in.
    const simulator = chosen === "simulator" && channels.find((one) => one.provider === "simulator");
    go(simulator ? { channel: simulator.id } : { provider: chosen });
  };
  const step = !provider ? 0 : !channel ? 1 : hasDoors && !place.entered ? 2 : 3;
  const restart = () => go({ provider: undefined, channel: undefined, entered: undefined });
  return (
    <>
      <Steps step={step} />
      {!provider && <ProviderChoice providers={providers} onChoose={choose} />}
      {provider && !channel && (
        <ConnectStep provider={provider} onSaved={({ id }) => go({ channel: id, provider: undefined })} />
      )}
      {provider && channel && step === 2 && (
        <Panel title={`Tell ${provider.title} where to deliver texts`}>
          <WebhookStep provider={provider} channel={channel} onDone={() => go({ entered: "yes" })} />
        </Panel>
      )}
      {channel && step === 3 && <FirstText channel={channel} />}
      {provider && (
        <Group mt="lg">
          <Button variant="subtle" onClick={restart}>
            Choose another provider
          </Button>
        </Group>
      )}
    </>
  );
}
