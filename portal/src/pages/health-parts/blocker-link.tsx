import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/me.ts";
import type { Blocker } from "../../api/shapes.ts";

/** Leads to what a blocker is about. */
export function BlockerLink({ blocker: { object, cause } }: { blocker: Blocker }) {
  const may = useMay();
  const isOfChannel = ["channel", "receipts", "door"].includes(object.kind);
  if (isOfChannel && may("GET", "/v1/channels/:id")) {
    return <To to={`/channels/${object.id}`}>Open the channel</To>;
  }
  if (object.kind === "endpoint" && may("GET", "/v1/endpoints/:id")) {
    return <To to={`/webhooks/${object.id}`}>Open the endpoint</To>;
  }
  if (cause === "no_channel" && may("POST", "/v1/channels")) return <To to="/start">Set one up</To>;
  if (cause === "budget") {
    return (
      <To to="/settings" search={{ section: "budgets" }}>
        Open the budgets
      </To>
    );
  }
  if (cause === "loop_guard" && may("GET", "/v1/guards/trips"))
    return <To to="/health-report">See the guards</To>;
  return null;
}

function To({ to, search, children }: { to: string; search?: object; children: string }) {
  return (
    <Anchor
      renderRoot={(props) => <Link to={to} search={search as never} {...props} />}
      size="sm"
      c="inherit"
      underline="always"
    >
      {children}
    </Anchor>
  );
}
