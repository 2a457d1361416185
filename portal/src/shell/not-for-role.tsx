import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMe } from "../api/me.ts";
import { EmptyState } from "../kit/empty-state.tsx";

export function NotForRole() {
  const { role } = useMe();
  return (
    <EmptyState
      icon="key"
      title="This page is not for your role"
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go to Home</Button>}
    >
      You are {role === "admin" || role === "operator" ? "an" : "a"} {role} here. An owner or an admin can
      give you another role under Team.
    </EmptyState>
  );
}
