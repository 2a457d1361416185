import { SegmentedControl, Stack } from "@mantine/core";
import { api, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { usePaged } from "../api/paged.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { ReviewCard } from "./consent-parts/review-card.tsx";
import type { Review } from "./consent-parts/shapes.ts";
import { ConsentTabs } from "./consent-parts/tabs.tsx";

const STATES: { value: Review["state"]; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "kept", label: "Kept" },
  { value: "reversed", label: "Not an opt-out" },
];

export function Page() {
  const [filters, setFilters] = useFilters();
  const state = STATES.find(({ value }) => value === filters.state)?.value ?? "open";
  const list = usePaged(["consent", "reviews", state], (cursor) =>
    take(api.GET("/v1/consent/reviews", { params: { query: { state, cursor, limit: 20 } } })),
  );
  return (
    <>
      <PageHead title="Consent">
        Sentences like “lose my number” are honoured at once; a person says whether they were meant that way.
      </PageHead>
      <ConsentTabs current="/consent/reviews" />
      <SegmentedControl
        aria-label="Which"
        data={STATES}
        value={state}
        onChange={(value) => setFilters({ state: value })}
        mb="md"
      />
      <PagedList
        list={list}
        empty={
          <EmptyState icon="check" title={state === "open" ? "Nothing waits for you" : "None yet"}>
            When somebody writes “stop texting me” or “wrong number” instead of STOP, it comes here. Plain
            STOP needs nobody.
          </EmptyState>
        }
      >
        {(reviews) => (
          <Stack gap="md">
            {reviews.map((review) => (
              <ReviewCard key={review.id} review={review} />
            ))}
          </Stack>
        )}
      </PagedList>
    </>
  );
}
