import { Alert, Button, List, Text } from "@mantine/core";
import { isApiFault } from "../api/client.ts";
import { Icon } from "./icon.tsx";

/** What went wrong, in the API's own words. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const fault = isApiFault(error) ? error : null;
  const issues = fault?.issues.filter(({ path }) => path !== "") ?? [];
  return (
    <Alert color="red" icon={<Icon name="warning" />} title={titleOf(fault?.status)} role="alert">
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
      {retry && (
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
