import { Alert, List } from "@mantine/core";
import { isApiFault } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Icon } from "../../kit/icon.tsx";
import { count } from "../../kit/words.ts";
import { labelOf } from "./labels.ts";
import { sectionOf } from "./sections.tsx";

/** What kept the settings from being saved, by the names they have on the page. */
export function FaultNote({ error }: { error: unknown }) {
  const issues = isApiFault(error) ? error.issues.filter(({ path }) => sectionOf(path)) : [];
  if (issues.length === 0) return <ErrorNote error={error} />;
  return (
    <Alert
      color="red"
      role="alert"
      icon={<Icon name="warning" />}
      title={`Not saved: ${count(issues.length, "setting")} to correct`}
    >
      <List size="sm">
        {issues.map(({ path, message }) => (
          <List.Item key={path}>
            {sectionOf(path)?.label}, {labelOf(path)}: {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
