import { Anchor, Group, Text } from "@mantine/core";
import type { Message } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";

/** Files of a text: pictures in place, everything else to be saved, and why something is not there. */
export function Files({ message }: { message: Message }) {
  if (message.media.length === 0) return null;
  return (
    <Group gap="xs" mt={4} justify={message.direction === "out" ? "flex-end" : "flex-start"}>
      {message.media.map((file, index) => (
        <OneFile key={file.id ?? index} file={file} />
      ))}
    </Group>
  );
}

function OneFile({ file }: { file: Message["media"][number] }) {
  const isOurs = file.state === "fetched" && file.id !== null;
  if (isOurs && file.contentType?.startsWith("image/")) {
    return (
      <a href={`/v1/media/${file.id}`} target="_blank" rel="noreferrer">
        <img src={`/v1/media/${file.id}`} alt="Sent with the text" className="picture" loading="lazy" />
      </a>
    );
  }
  if (isOurs || file.state === "linked") {
    return (
      <Anchor href={isOurs ? `/v1/media/${file.id}` : file.url} target="_blank" rel="noreferrer" size="sm">
        <Group gap={4} component="span">
          <Icon name="photo" size={16} /> {file.contentType ?? "A file"}
        </Group>
      </Anchor>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {file.state === "waiting" ? "A file is being fetched." : `A file is not here. ${file.reason ?? ""}`}
    </Text>
  );
}
