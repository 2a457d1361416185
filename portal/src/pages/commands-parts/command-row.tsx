import { Collapse, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { Command } from "../../api/shapes.ts";
import { showPhone } from "../../kit/phone.ts";
import { MessageStatus, Outcome } from "../../kit/status-badge.tsx";
import { duration, Time } from "../../kit/time.tsx";
import { inWords } from "../../kit/words.ts";
import { Changes, CommandStory } from "../inbox-parts/command-story.tsx";

/** One text of the log; the rest of its story opens below it. */
export function CommandRow({ row }: { row: Command }) {
  const [opened, { toggle }] = useDisclosure();
  return (
    <li className="row">
      <UnstyledButton className="row-link" onClick={toggle} aria-expanded={opened}>
        <span className="log-row">
          <Text span size="sm" c="dimmed" className="log-time">
            <Time at={row.receivedAt} />
          </Text>
          <span className="log-said">
            <Text span fw={600} display="block" className="wrap">
              {row.text || "(no words)"}
            </Text>
            <Text span size="sm" c="dimmed" display="block">
              {row.reporter?.name ?? showPhone(row.from)}
              {row.channelName && ` · ${row.channelName}`}
              {row.deliveries > 1 && ` · delivered ${row.deliveries} times`}
            </Text>
          </span>
          <span className="log-did">
            <Outcome outcome={row.outcome} />
            {row.changes.slice(0, 2).map((change) => (
              <Text span size="sm" display="block" key={`${change.itemId} ${change.field}`} mt={4}>
                {change.item}: {inWords(change.to ?? "not set")}
              </Text>
            ))}
            {row.changes.length > 2 && (
              <Text span size="sm" c="dimmed" display="block">
                and {row.changes.length - 2} more
              </Text>
            )}
          </span>
          <span className="log-reply">
            {row.reply ? (
              <>
                <Text span size="sm" c="dimmed" lineClamp={2} mb={4}>
                  {row.reply.text}
                </Text>
                <MessageStatus status={row.reply.status} />
              </>
            ) : (
              <Text span size="sm" c="dimmed">
                No reply
              </Text>
            )}
          </span>
        </span>
      </UnstyledButton>
      <Collapse expanded={opened}>{opened && <Story row={row} />}</Collapse>
    </li>
  );
}

function Story({ row }: { row: Command }) {
  return (
    <Stack gap="xs" px="sm" pb="md">
      {row.changes.length > 0 && <Changes changes={row.changes} />}
      {row.reply && <Text size="sm">Answered: “{row.reply.text}”</Text>}
      {row.reply?.withheld && <Text size="sm">It did not leave: {row.reply.withheld}</Text>}
      <CommandStory command={{ changes: [], trace: row.trace }} />
      <Group gap="md">
        <Text size="sm" c="dimmed">
          Saved {duration(row.timing.receivedToSavedMs)} after it came
          {row.timing.receivedToAcceptedMs !== null &&
            `, answered after ${duration(row.timing.receivedToAcceptedMs)}`}
        </Text>
        <Link to="/inbox/$phone" params={{ phone: row.from } as never}>
          Open the conversation
        </Link>
      </Group>
    </Stack>
  );
}
