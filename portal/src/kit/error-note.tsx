import { Alert, Button, List, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { isApiFault } from "../api/client.ts";
import { Icon } from "./icon.tsx";

/** What went wrong, in the API's own words. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const fault = isApiFault(error) ? error : null;
  const issues = fault?.issues.filter(({ path }) => path !== "") ?? [];
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button of a long form is far below its top, where the faults stand.
    if (error && note.current?.closest("form")) note.current.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <Alert
      ref={note}
      className="fault"
      color="red"
      icon={<Icon name="warning" />}
      title={titleOf(fault?.status)}
      role="alert"
    >
      {issues.length < 2 && (
        <Text size="sm">{fault?.message ?? String(error instanceof Error ? error.message : error)}</Text>
      )}
      {issues.length > 1 && (
        <List size="sm">
          {issues.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path}: {message}
            </List.Item>
          ))}
        </List>
      )}
      {retry && fault?.status !== 403 && (
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

function titleOf(status: number | undefined): string {
  if (status === 0) return "No answer";
  if (status === 403) return "Not for your role";
  if (status === 404) return "Not there";
  if (status === 400 || status === 409) return "This cannot be done";
  return "Something went wrong";
}
