import { Stack } from "@mantine/core";
import { useMay } from "../api/me.ts";
import { PageHead } from "../kit/page-head.tsx";
import { SetAside } from "./health-parts/aside.tsx";
import { ChannelList } from "./health-parts/channel-list.tsx";
import { RefusedRequests } from "./health-parts/refused.tsx";
import { Trips } from "./health-parts/trips.tsx";
import { Blockers } from "./home-parts/blockers.tsx";

export function Page() {
  const may = useMay();
  return (
    <>
      <PageHead title="Health">What keeps texts from moving, and what to do about it.</PageHead>
      <Stack gap="lg">
        <Blockers />
        {may("GET", "/v1/guards/trips") && <Trips />}
        {may("GET", "/v1/arrivals") && <SetAside />}
        {may("GET", "/v1/channels") && (
          <>
            <ChannelList />
            <RefusedRequests />
          </>
        )}
      </Stack>
    </>
  );
}
