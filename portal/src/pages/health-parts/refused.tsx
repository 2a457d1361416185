import { NativeSelect, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { channelsQuery } from "../../api/channels.ts";
import { api, take } from "../../api/client.ts";
import { usePaged } from "../../api/paged.ts";
import { PagedList } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import type { Refusal } from "./shapes.ts";

/** Requests to webhook addresses that were not believed. */
export function RefusedRequests() {
  const { data: channels = [] } = useQuery(channelsQuery);
  const refused = channels.filter(({ health }) => health.refusedRequests > 0);
  const [chosen, setChosen] = useState("");
  const id = refused.some((channel) => channel.id === chosen) ? chosen : refused[0]?.id;
  return (
    <Panel title="Requests that were not believed">
      <Text size="sm" c="dimmed" mb="sm">
        What came to a webhook address without the right signature, token or sender address. Nothing of it was
        taken. Many at once mean mostly that a secret was changed at the provider.
      </Text>
      {id === undefined ? (
        <Text size="sm">None.</Text>
      ) : (
        <>
          {refused.length > 1 && (
            <NativeSelect
              label="Channel"
              maw={320}
              mb="sm"
              data={refused.map((channel) => ({ value: channel.id, label: channel.name }))}
              value={id}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
          )}
          <Refusals key={id} channelId={id} />
        </>
      )}
    </Panel>
  );
}

function Refusals({ channelId }: { channelId: string }) {
  const list = usePaged(["channels", channelId, "refusals"], (cursor) =>
    take(
      api.GET("/v1/channels/{id}/refusals", {
        params: { path: { id: channelId }, query: { cursor, limit: 10 } },
      }),
    ),
  );
  return (
    <PagedList list={list} empty={<Text size="sm">None is kept any more.</Text>}>
      {(refusals) => (
        <ul className="rows">
          {refusals.map((refusal) => (
            <li key={refusal.id} className="row">
              <RefusalRow refusal={refusal} />
            </li>
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function RefusalRow({ refusal }: { refusal: Refusal }) {
  return (
    <details style={{ padding: "8px 0" }}>
      <summary>
        <Text span size="sm">
          <Time at={refusal.at} seconds />, from {refusal.client}: {refusal.reason}
        </Text>
      </summary>
      <Text size="sm" component="div" pl="md" mt={4}>
        <div>
          {refusal.bytes.toLocaleString()} bytes of {refusal.contentType ?? "no type"} to “{refusal.door}”
          {refusal.userAgent && `, by ${refusal.userAgent}`}
        </div>
        <div className="mono wrap">{refusal.body}</div>
      </Text>
    </details>
  );
}
