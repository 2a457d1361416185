import { Box, Grid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useMediaQuery } from "@mantine/hooks";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import type { Filters } from "../api/filters.ts";
import { useFilters } from "../api/filters.ts";
import { usePaged } from "../api/paged.ts";
import type { Conversation } from "../api/shapes.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { showPhone } from "../kit/phone.ts";
import { shortTime } from "../kit/time.tsx";
import { StartTalk } from "./inbox-parts/start-talk.tsx";
import { Thread } from "./inbox-parts/thread.tsx";

/** Conversations by phone, and beside them the one that is open. On a phone one of the two is shown. */
export function Page() {
  const { phone } = useParams({ strict: false }) as { phone?: string };
  const isNarrow = useMediaQuery("(max-width: 61.99em)", undefined, { getInitialValueInEffect: false });
  const [filters] = useFilters();
  if (isNarrow && phone) return <Thread key={phone} phone={phone} hasBack />;
  return (
    <>
      <PageHead title="Inbox" actions={<StartTalk />}>
        Every text to and from a person, with what was decided and why.
      </PageHead>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Conversations open={phone} filters={filters} />
        </Grid.Col>
        {!isNarrow && (
          <Grid.Col span={8}>
            {phone ? (
              <Thread key={phone} phone={phone} hasBack={false} />
            ) : (
              <Panel>
                <EmptyState icon="inbox" title="No conversation is open">
                  Choose one on the left to read it and to answer.
                </EmptyState>
              </Panel>
            )}
          </Grid.Col>
        )}
      </Grid>
    </>
  );
}

function Conversations({ open, filters }: { open: string | undefined; filters: Filters }) {
  const { q } = filters;
  const list = usePaged(["conversations", q], (cursor) =>
    take(api.GET("/v1/conversations", { params: { query: { q, cursor, limit: 30 } } })),
  );
  return (
    <Stack gap="sm">
      <SearchBox />
      <Box component="nav" aria-label="Conversations">
        <PagedList list={list} empty={<Nothing isSearch={Boolean(q)} />}>
          {(conversations) =>
            conversations.map((one) => (
              <Row key={one.phone} conversation={one} active={one.phone === open} search={filters} />
            ))
          }
        </PagedList>
      </Box>
    </Stack>
  );
}

function SearchBox() {
  const [{ q = "" }] = useFilters();
  const navigate = useNavigate();
  const search = useDebouncedCallback((value: string) => {
    void navigate({ to: ".", search: value === "" ? {} : { q: value }, replace: true } as never);
  }, 300);
  return (
    <TextInput
      type="search"
      aria-label="Search texts and numbers"
      placeholder="Search texts and numbers"
      leftSection={<Icon name="search" size={16} />}
      defaultValue={q}
      onChange={(event) => search(event.currentTarget.value.trim())}
    />
  );
}

function Row({
  conversation,
  active,
  search,
}: {
  conversation: Conversation;
  active: boolean;
  search: Filters;
}) {
  const { phone, reporter, last } = conversation;
  return (
    <Link
      to="/inbox/$phone"
      params={{ phone } as never}
      search={search as never}
      className="row-link"
      data-active={active}
      aria-current={active ? "true" : undefined}
    >
      <span className="row-head">
        <Text span fw={600} truncate>
          {reporter?.name ?? showPhone(phone)}
        </Text>
        <Text span size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {shortTime(new Date(last.createdAt))}
        </Text>
      </span>
      <Text span size="sm" c="dimmed" lineClamp={2}>
        {last.direction === "out" && "You: "}
        {last.text || "(no words)"}
      </Text>
    </Link>
  );
}

function Nothing({ isSearch }: { isSearch: boolean }) {
  return isSearch ? (
    <EmptyState icon="search" title="Nothing found">
      No text and no number holds these words. Try fewer of them.
    </EmptyState>
  ) : (
    <EmptyState icon="inbox" title="No texts yet">
      As soon as somebody texts one of your numbers, the conversation is here.{" "}
      <Link to="/start">See how to get the first one</Link>.
    </EmptyState>
  );
}
