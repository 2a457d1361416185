import { Alert, Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";

/** Says before somebody writes that the person wants no texts: the server refuses them. */
export function OptedOutNote({ phone }: { phone: string }) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["consent", "brief", phone],
    queryFn: () => take(api.GET("/v1/consent", { params: { query: { phone, limit: 1 } } })),
    enabled: may("GET", "/v1/consent"),
  });
  if (!data?.optedOut.some(({ scope }) => scope === "all")) return null;
  return (
    <Alert color="yellow" title="They opted out">
      A text to them is refused until they text START, or new consent is recorded.{" "}
      <Anchor
        inherit
        c="inherit"
        underline="always"
        renderRoot={(props) => <Link to="/consent" search={{ phone } as never} {...props} />}
      >
        See their consent
      </Anchor>
    </Alert>
  );
}
