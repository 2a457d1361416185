import { Badge, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, take } from "../../api/client.ts";

/** Looking somebody up, and what waits to be judged. */
export function ConsentTabs({ current }: { current: "/consent" | "/consent/reviews" }) {
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ["consent", "open"],
    queryFn: () => take(api.GET("/v1/consent/reviews", { params: { query: { state: "open", limit: 100 } } })),
  });
  const open = data?.data.length ?? 0;
  return (
    <Tabs
      value={current}
      onChange={(to) => void navigate({ to: to ?? "/consent" } as never)}
      mb="lg"
      className="no-print"
    >
      <Tabs.List>
        <Tabs.Tab value="/consent">Look somebody up</Tabs.Tab>
        <Tabs.Tab
          value="/consent/reviews"
          rightSection={
            open > 0 && (
              <Badge size="sm" color="yellow" variant="light" tt="none" aria-label={`${open} wait`}>
                {data?.nextCursor ? `${open}+` : open}
              </Badge>
            )
          }
        >
          To review
        </Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
