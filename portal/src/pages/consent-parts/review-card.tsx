import { Anchor, Badge, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { notifyDone } from "../../kit/notify.ts";
import { Panel } from "../../kit/panel.tsx";
import { showPhone } from "../../kit/phone.ts";
import { Time } from "../../kit/time.tsx";
import type { Review } from "./shapes.ts";
import { actorInWords } from "./words.ts";

/** A wording that a person should judge: what was written, what it did, and the decision. */
export function ReviewCard({ review }: { review: Review }) {
  return (
    <Panel>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Anchor
            fw={600}
            renderRoot={(props) => (
              <Link to="/consent" search={{ phone: review.phone } as never} {...props} />
            )}
          >
            {showPhone(review.phone)}
          </Anchor>
          <Text size="sm" c="dimmed">
            <Time at={review.createdAt} />
          </Text>
        </Group>
        <div className="bubble">{review.text}</div>
        <Text size="sm">
          {whatItDid(review)}{" "}
          <Text span c="dimmed" size="sm">
            It matched “{review.phrase}” of the phrase list {review.version}.
          </Text>
        </Text>
        {review.state === "open" ? <Decision review={review} /> : <Decided review={review} />}
      </Stack>
    </Panel>
  );
}

function whatItDid({ kind, state, pausesBroadcasts, scope }: Review): string {
  if (kind === "opt_out") {
    const what =
      scope === "all"
        ? "It was honoured at once: they get no more texts."
        : `It was honoured at once, for one ${scope}.`;
    return state === "reversed" ? "It was honoured at once, and taken back." : what;
  }
  if (state !== "open") return "It was no opt-out by itself.";
  return pausesBroadcasts
    ? "It is no opt-out by itself. Broadcasts to them wait until you decide."
    : "It is no opt-out by itself.";
}

/** Asks for the reason first: it stands in the evidence. */
function Decision({ review }: { review: Review }) {
  const client = useQueryClient();
  const may = useMay();
  const [reason, setReason] = useState("");
  const decide = useMutation({
    mutationFn: (decision: "keep" | "not_an_opt_out") =>
      take(
        api.POST("/v1/consent/reviews/{id}", {
          params: { path: { id: review.id } },
          body: { decision, reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["consent"] });
      notifyDone("Decided.");
    },
  });
  if (!may("POST", "/v1/consent/reviews/:id")) {
    return (
      <Text size="sm" c="dimmed">
        An owner or admin decides.
      </Text>
    );
  }
  const isTooLate = new Date(review.reversibleUntil) < new Date();
  const isEmpty = reason.trim() === "";
  return (
    <>
      {decide.error && <ErrorNote error={decide.error} />}
      <Textarea
        label="Why"
        description="It stands in the evidence and in the audit."
        autosize
        maxLength={1000}
        value={reason}
        error={issuesByPath(decide.error).reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button loading={decide.isPending} disabled={isEmpty} onClick={() => decide.mutate("keep")}>
          {review.kind === "opt_out" ? "Keep the opt-out" : "Leave it at that"}
        </Button>
        <Button
          variant="default"
          loading={decide.isPending}
          disabled={isEmpty || isTooLate}
          onClick={() => decide.mutate("not_an_opt_out")}
        >
          Not an opt-out
        </Button>
        <Text size="xs" c="dimmed">
          {isTooLate ? (
            "Older than 14 days: it stays as it is."
          ) : (
            <>
              Can be taken back until <Time at={review.reversibleUntil} />.
            </>
          )}
        </Text>
      </Group>
    </>
  );
}

function Decided({ review }: { review: Review }) {
  return (
    <Group gap="xs">
      <Badge variant="light" tt="none" color={review.state === "reversed" ? "teal" : "gray"}>
        {review.state === "reversed" ? "Not an opt-out" : "Kept"}
      </Badge>
      <Text size="sm" c="dimmed" className="wrap">
        {review.decidedBy && actorInWords(review.decidedBy)}
        {review.decidedAt && (
          <>
            , <Time at={review.decidedAt} />
          </>
        )}
        {review.reason && `: ${review.reason}`}
      </Text>
    </Group>
  );
}
