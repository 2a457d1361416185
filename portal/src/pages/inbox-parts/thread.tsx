import { Anchor, Button, Center, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import { usePaged } from "../../api/paged.ts";
import type { Message } from "../../api/shapes.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { showPhone } from "../../kit/phone.ts";
import { MessageStatus } from "../../kit/status-badge.tsx";
import { Time } from "../../kit/time.tsx";
import { Files } from "./files.tsx";
import { OptedOutNote } from "./opted-out-note.tsx";
import { ReplyBox } from "./reply-box.tsx";
import { Story } from "./story.tsx";
import type { ReadingPlace } from "./use-reading-place.ts";
import { useReadingPlace } from "./use-reading-place.ts";
import { WhyWaiting } from "./why-waiting.tsx";

const PAGE = 30;

/** What one phone and we have said to each other, the newest at the bottom. */
export function Thread({ phone, hasBack }: { phone: string; hasBack: boolean }) {
  const may = useMay();
  const [shownId, setShownId] = useState<string | null>(null);
  const list = usePaged(["messages", "of", phone], (cursor) =>
    take(api.GET("/v1/messages", { params: { query: { phone, cursor, limit: PAGE } } })),
  );
  const messages = [...list.items].reverse();
  const place = useReadingPlace(messages[0]?.id, messages.at(-1)?.id);
  return (
    <Panel>
      <Stack gap="sm">
        {hasBack && (
          <Anchor renderRoot={(props) => <Link to="/inbox" {...props} />} size="sm">
            <Group gap={4} component="span">
              <Icon name="back" size={14} /> Inbox
            </Group>
          </Anchor>
        )}
        <Who phone={phone} isPage={hasBack} />
        {list.error && list.items.length === 0 ? (
          <ErrorNote error={list.error} retry={list.reload} />
        ) : list.isLoading ? (
          <Loading />
        ) : (
          <Talk
            messages={messages}
            place={place}
            more={list.hasMore ? { load: list.loadMore, isLoading: list.isLoadingMore } : null}
            onShow={setShownId}
          />
        )}
        {may("POST", "/v1/messages") && (
          <>
            <OptedOutNote phone={phone} />
            <ReplyBox to={phone} onSent={place.followNext} />
          </>
        )}
      </Stack>
      <Story messageId={shownId} onClose={() => setShownId(null)} />
    </Panel>
  );
}

/** The number, and the reporter it belongs to. */
function Who({ phone, isPage }: { phone: string; isPage: boolean }) {
  const { data } = useQuery({
    queryKey: ["reporters", "of", phone],
    queryFn: () => take(api.GET("/v1/reporters", { params: { query: { phone } } })),
    staleTime: 60_000,
  });
  const name = data?.data[0]?.name;
  return (
    <div>
      <Title order={isPage ? 1 : 2} size="h4">
        {name ?? showPhone(phone)}
      </Title>
      {name && (
        <Text size="sm" c="dimmed">
          {showPhone(phone)}, a reporter
        </Text>
      )}
    </div>
  );
}

function Talk({
  messages,
  place,
  more,
  onShow,
}: {
  messages: Message[];
  place: ReadingPlace;
  more: { load: () => void; isLoading: boolean } | null;
  onShow: (id: string) => void;
}) {
  if (messages.length === 0) {
    return (
      <EmptyState icon="send" title="Nothing said yet">
        Write the first text below.
      </EmptyState>
    );
  }
  return (
    // Scrolls by itself, so it can be reached by keyboard.
    <div
      ref={place.box}
      onScroll={place.onScroll}
      className="talk"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus
      tabIndex={0}
      role="log"
      aria-label="Texts"
    >
      {more && (
        <Center>
          <Button variant="subtle" size="xs" loading={more.isLoading} onClick={more.load}>
            Earlier texts
          </Button>
        </Center>
      )}
      {messages.map((message) => (
        <Said key={message.id} message={message} onShow={() => onShow(message.id)} />
      ))}
    </div>
  );
}

function Said({ message, onShow }: { message: Message; onShow: () => void }) {
  const isOut = message.direction === "out";
  return (
    <div>
      {(message.text !== "" || message.media.length === 0) && (
        <div className="bubble" data-out={isOut}>
          {message.text || "(no words)"}
        </div>
      )}
      <Files message={message} />
      <Group gap={6} mt={4} justify={isOut ? "flex-end" : "flex-start"}>
        <Text size="xs" c="dimmed">
          <Time at={message.createdAt} />
        </Text>
        {isOut && <MessageStatus status={message.status} />}
        <LeavesAt message={message} />
        <Anchor
          component="button"
          size="xs"
          onClick={onShow}
          aria-label={`What happened to “${message.text}”`}
        >
          What happened
        </Anchor>
      </Group>
      <WhyWaiting message={message} />
    </div>
  );
}

/** Of a text that waits for its time. */
function LeavesAt({ message }: { message: Message }) {
  const sendAt = message.status === "queued" && message.statusHistory.find((line) => line.sendAt)?.sendAt;
  if (!sendAt) return null;
  return (
    <Text size="xs" c="dimmed">
      leaves <Time at={sendAt} />
    </Text>
  );
}
