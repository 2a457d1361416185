import { Badge, Group, Stack, Text } from "@mantine/core";
import { useRead } from "../../api/read.ts";
import type { Post } from "../../api/shapes.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Loading } from "../../kit/paged-list.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Time } from "../../kit/time.tsx";
import { postsQuery } from "./queries.ts";

const NAMES: Record<string, string> = { to: "Number", text: "Text", ref: "Reference" };

/** The last posts with what was found in them: whether the paths are right is seen here. */
export function PostsPanel({ id }: { id: string }) {
  const { data: posts, error, refetch } = useRead(postsQuery(id));
  return (
    <Panel title="The last posts">
      {error ? (
        <ErrorNote error={error} retry={refetch} />
      ) : !posts ? (
        <Loading />
      ) : posts.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing was posted yet. Run the example: what was found in it appears here, refused posts too.
        </Text>
      ) : (
        <Stack gap="md" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {posts.map((post) => (
            <PostLine key={`${post.at} ${post.messageId}`} post={post} />
          ))}
        </Stack>
      )}
    </Panel>
  );
}

function PostLine({ post: { at, status, error, found } }: { post: Post }) {
  return (
    <li>
      <Group gap="xs" justify="space-between">
        <Badge color={status < 300 ? "teal" : "red"} variant="light" tt="none">
          {status < 300 ? "Taken" : `Refused, ${status}`}
        </Badge>
        <Text size="sm" c="dimmed">
          <Time at={at} seconds />
        </Text>
      </Group>
      {error && (
        <Text size="sm" mt={2} className="wrap">
          {error}
        </Text>
      )}
      {Object.entries(found).map(([key, value]) => (
        <Text key={key} size="sm" className="wrap">
          <Text span inherit c="dimmed">
            {NAMES[key] ?? key}:{" "}
          </Text>
          {value ?? "nothing there"}
        </Text>
      ))}
    </li>
  );
}
