import { Badge, Button, Group, List, NativeSelect, Stack, Text } from "@mantine/core";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { usePaged } from "../api/paged.ts";
import type { Mail } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { Time } from "../kit/time.tsx";
import { inWords } from "../kit/words.ts";
import { SubNav } from "./webhooks-parts/sub-nav.tsx";

const STATES: Record<Mail["state"], string> = { sent: "teal", waiting: "yellow", failed: "red" };

const OUTCOMES: Record<Mail["attempts"][number]["outcome"], string> = {
  accepted: "taken by the mail server",
  refused: "refused",
  unreachable: "the mail server was away",
  not_set_up: "no mail server is set up",
};

export function Page() {
  const [filters, setFilters] = useFilters();
  const state = filters.state as Mail["state"] | undefined;
  const rule = filters.rule;
  const mails = usePaged(["mails", "list", { state, rule }], (cursor) =>
    take(api.GET("/v1/mails", { params: { query: { state, rule, cursor, limit: 30 } } })),
  );
  return (
    <>
      <PageHead title="E-mails">What rules and notices sent by mail, with every try.</PageHead>
      <SubNav />
      <Group gap="xs" mb="md" align="flex-end">
        <NativeSelect
          label="State"
          data={[
            { value: "", label: "Any" },
            ...Object.keys(STATES).map((value) => ({ value, label: inWords(value) })),
          ]}
          value={state ?? ""}
          onChange={(event) => setFilters({ state: event.currentTarget.value })}
        />
        {rule && (
          <Button variant="default" onClick={() => setFilters({ rule: undefined })}>
            Those of all rules
          </Button>
        )}
      </Group>
      <PagedList
        list={mails}
        empty={
          <EmptyState icon="send" title={state || rule ? "Nothing like that" : "No e-mail yet"}>
            {state || rule
              ? "Choose other filters, or take some away."
              : "Rules can send e-mails, and alerts come by mail once an address for them is in the settings."}
          </EmptyState>
        }
      >
        {(items) => (
          <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
            {items.map((mail) => (
              <MailRow key={mail.id} mail={mail} />
            ))}
          </Stack>
        )}
      </PagedList>
    </>
  );
}

function MailRow({ mail }: { mail: Mail }) {
  const { to, subject, body, state, attempts, nextAt, createdAt } = mail;
  const last = attempts.at(-1);
  return (
    <li>
      <Panel p="sm">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Group gap="xs">
            <Badge color={STATES[state]} variant="light" tt="none">
              {inWords(state)}
            </Badge>
            <Text fw={600} className="wrap">
              {subject}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            <Time at={createdAt} />
          </Text>
        </Group>
        <Text size="sm" c="dimmed" className="wrap">
          To {to}
          {state !== "sent" && last && `: ${OUTCOMES[last.outcome]}, ${last.text}`}
          {nextAt && (
            <>
              ; next try <Time at={nextAt} />
            </>
          )}
        </Text>
        <details style={{ marginTop: 4 }}>
          <summary>Text and tries</summary>
          <Text size="sm" my="xs" className="wrap" style={{ whiteSpace: "pre-wrap" }}>
            {body}
          </Text>
          <List size="sm">
            {attempts.map(({ at, outcome, code, text }) => (
              <List.Item key={at}>
                <Time at={at} seconds />: {OUTCOMES[outcome]}
                {code !== null && ` (${code})`}. {text}
              </List.Item>
            ))}
          </List>
        </details>
      </Panel>
    </li>
  );
}
