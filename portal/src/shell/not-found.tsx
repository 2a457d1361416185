import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../kit/empty-state.tsx";

export function NotFound() {
  return (
    <main>
      <EmptyState
        icon="search"
        title="There is no such page"
        action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the start</Button>}
      >
        The address may be mistyped, or what it led to is gone.
      </EmptyState>
    </main>
  );
}
