import { Button, Center, Text, Timeline } from "@mantine/core";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import type { ConsentEvent } from "./shapes.ts";
import { actorInWords, eventInWords, methodInWords } from "./words.ts";

/** Everything that is recorded, newest first. Nothing is ever taken out. */
export function Evidence({
  events,
  hasMore,
  isLoadingMore,
  loadMore,
}: {
  events: ConsentEvent[];
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}) {
  return (
    <Panel title="Evidence">
      {events.length === 0 ? (
        <Text size="sm">Nothing is recorded about this number.</Text>
      ) : (
        <Timeline bulletSize={14} lineWidth={2} active={events.length}>
          {events.map((event) => (
            <Timeline.Item key={event.id} title={eventInWords(event)} color={colorOf(event.action)}>
              <Entry event={event} />
            </Timeline.Item>
          ))}
        </Timeline>
      )}
      {hasMore && (
        <Center mt="md" className="no-print">
          <Button variant="default" loading={isLoadingMore} onClick={loadMore}>
            Load more
          </Button>
        </Center>
      )}
    </Panel>
  );
}

function colorOf(action: string): string {
  return action === "restore" || action === "lift" ? "teal" : "red";
}

function Entry({ event }: { event: ConsentEvent }) {
  const form = Object.entries((event.evidence ?? {}) as Record<string, unknown>).filter(([, value]) => value);
  return (
    <Text size="sm" component="div">
      <Text size="sm" c="dimmed">
        {methodInWords(event.method)}
        {event.word && event.word !== event.text?.toLowerCase() && ` · “${event.word}”`} ·{" "}
        <Moment at={event.receivedAt} />
        {event.actor && ` · ${actorInWords(event.actor)}`}
      </Text>
      {event.text && <div className="wrap">They wrote: “{event.text}”</div>}
      {event.note && <div className="wrap">Note: {event.note}</div>}
      {form.map(([key, value]) => (
        <div key={key} className="wrap">
          {FORM_WORDS[key] ?? key}: {String(value)}
        </div>
      ))}
      {event.messageId && <div className="mono wrap">{event.messageId}</div>}
    </Text>
  );
}

/** On paper there is nothing to point at: the whole time stands there. */
function Moment({ at }: { at: string }) {
  return (
    <>
      <span className="no-print">
        <Time at={at} />
      </span>
      <span className="print-only">{at.replace("T", " ").replace("Z", " UTC")}</span>
    </>
  );
}

const FORM_WORDS: Record<string, string> = {
  page: "Page",
  formVersion: "Version of the form",
  wording: "Words that were shown",
  clientAddress: "Sent from",
};
