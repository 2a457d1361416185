import { Alert, List, Stack, Text } from "@mantine/core";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import type { Block, Consent } from "./shapes.ts";
import { optOutInWords } from "./words.ts";

/** Whether this person may be texted, and both layers behind the answer. */
export function Verdict({ consent }: { consent: Consent }) {
  const left = consent.optedOut.some(({ scope }) => scope === "all");
  const blocked = consent.blocks.filter(({ state }) => state === "blocked");
  return (
    <Stack gap="lg">
      <Answer consent={consent} left={left} blocked={blocked} />
      <Panel title="What the person wants">
        <Wishes consent={consent} />
      </Panel>
      <Panel title="What providers carry">
        <Routes blocks={consent.blocks} />
      </Panel>
    </Stack>
  );
}

function Answer({ consent, left, blocked }: { consent: Consent; left: boolean; blocked: Block[] }) {
  if (left) {
    return (
      <Alert color="red" icon={<Icon name="close" />} title="No: do not text this person">
        They opted out. Signalbox sends them nothing but answers to STOP, START and HELP.
      </Alert>
    );
  }
  if (consent.optedOut.length > 0 || blocked.length > 0) {
    return (
      <Alert color="yellow" icon={<Icon name="warning" />} title="In part: some texts may go, some may not">
        What may not is said below. Signalbox holds it back by itself.
      </Alert>
    );
  }
  if (consent.broadcastsPaused) {
    return (
      <Alert color="yellow" icon={<Icon name="warning" />} title="Yes, but no broadcasts for now">
        They wrote something a person should read first. It is on the review list.
      </Alert>
    );
  }
  return (
    <Alert color="teal" icon={<Icon name="check" />} title="Yes: nothing stands against a text">
      {consent.events.length === 0
        ? "Nothing is recorded about this number: they have neither left nor agreed here. Whether you have their consent, your own papers must say."
        : "What they left they have come back to, as the evidence shows."}
    </Alert>
  );
}

function Wishes({ consent: { optedOut, broadcastsPaused } }: { consent: Consent }) {
  if (optedOut.length === 0 && !broadcastsPaused) return <Text size="sm">They have left nothing.</Text>;
  return (
    <List size="sm" spacing={4}>
      {optedOut.map((one) => (
        <List.Item key={`${one.scope} ${one.address} ${one.topic}`}>
          {optOutInWords(one)}, <Time at={one.since} />
        </List.Item>
      ))}
      {broadcastsPaused && <List.Item>Broadcasts wait until somebody has read what they wrote.</List.Item>}
    </List>
  );
}

function Routes({ blocks }: { blocks: Block[] }) {
  if (blocks.length === 0) return <Text size="sm">No provider refuses this number.</Text>;
  return (
    <List size="sm" spacing="xs">
      {blocks.map((block) => (
        <List.Item key={block.channelId}>
          <b>{block.channel ?? "A channel that is gone"}</b>
          {block.address && ` (${block.address})`}:{" "}
          {block.liftedAt ? (
            <>
              carries again since <Time at={block.liftedAt} />; it refused before, with code {block.code}.
            </>
          ) : (
            <>
              refuses since <Time at={block.since} />, code {block.code}. {block.remedy} Nobody else can open
              it.
            </>
          )}
        </List.Item>
      ))}
    </List>
  );
}
