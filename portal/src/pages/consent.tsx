import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { useMay } from "../api/me.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorNote } from "../kit/error-note.tsx";
import { Icon } from "../kit/icon.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { showPhone } from "../kit/phone.ts";
import { Evidence } from "./consent-parts/evidence.tsx";
import { Lookup } from "./consent-parts/lookup.tsx";
import { RecordDialog } from "./consent-parts/record-form.tsx";
import { ConsentTabs } from "./consent-parts/tabs.tsx";
import { Verdict } from "./consent-parts/verdict.tsx";

export function Page() {
  const [{ phone = "" }, setFilters] = useFilters();
  return (
    <>
      <PageHead title={phone ? "Why may we text this person?" : "Consent"}>
        {phone ? showPhone(phone) : "Who may be texted, and how you know."}
      </PageHead>
      <ConsentTabs current="/consent" />
      <Lookup phone={phone} onLook={(next) => setFilters({ phone: next })} />
      {phone ? (
        <Person phone={phone} />
      ) : (
        <EmptyState icon="consent" title="Whose consent?">
          Enter a number to see whether this person may be texted, what providers say, and every proof of it.
          STOP and START by text are heeded without you.
        </EmptyState>
      )}
    </>
  );
}

function Person({ phone }: { phone: string }) {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  const query = useInfiniteQuery({
    queryKey: ["consent", "of", phone],
    queryFn: ({ pageParam }) =>
      take(api.GET("/v1/consent", { params: { query: { phone, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  if (query.error && !query.data) return <ErrorNote error={query.error} retry={query.refetch} />;
  const [consent] = query.data?.pages ?? [];
  if (!consent) return <Loading />;
  return (
    <>
      <Group mb="lg" className="no-print">
        {may("POST", "/v1/consent") && <Button onClick={open}>Record what they said</Button>}
        <Button
          variant="default"
          leftSection={<Icon name="print" size={16} />}
          onClick={() => window.print()}
        >
          Print
        </Button>
      </Group>
      <Verdict consent={consent} />
      <div style={{ height: "var(--mantine-spacing-lg)" }} />
      <Evidence
        events={query.data?.pages.flatMap(({ events }) => events) ?? []}
        hasMore={query.hasNextPage}
        isLoadingMore={query.isFetchingNextPage}
        loadMore={() => void query.fetchNextPage()}
      />
      <Text size="xs" c="dimmed" mt="md">
        As recorded by Signalbox on {new Date().toISOString().replace("T", " ").slice(0, 19)} UTC for{" "}
        {consent.phone}.
      </Text>
      <RecordDialog phone={consent.phone} opened={opened} onClose={close} />
    </>
  );
}
