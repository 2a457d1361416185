import { TagsInput, TextInput } from "@mantine/core";
import { useSetting } from "./form.tsx";
import { RowList } from "./row-list.tsx";
import type { Topic } from "./shapes.ts";

/** Subjects that people may leave one by one. */
export function Topics() {
  const { value, set, error, isReadOnly } = useSetting<Topic[]>("consent.topics");
  return (
    <RowList
      title="Topics"
      help="Subjects that people may leave one by one: STOP SNOW ends the snow report, and everything else goes on."
      error={error}
      rows={value}
      isReadOnly={isReadOnly}
      nameOf={(topic, index) => `the topic ${topic.name || index + 1}`}
      fresh={() => ({ key: "", name: "", words: [] })}
      addLabel="Add a topic"
      onChange={set}
    >
      {(topic, change) => (
        <>
          <TextInput
            label="Name"
            placeholder="Snow report"
            disabled={isReadOnly}
            value={topic.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Word after STOP"
            placeholder="snow"
            disabled={isReadOnly}
            value={topic.key}
            onChange={(event) => change({ key: event.currentTarget.value.toLowerCase() })}
          />
          <TagsInput
            label="Other words for it"
            placeholder={topic.words.length === 0 ? "powder" : undefined}
            disabled={isReadOnly}
            value={topic.words}
            onChange={(words) => change({ words })}
            acceptValueOnBlur
            style={{ flex: "1 1 11rem" }}
          />
        </>
      )}
    </RowList>
  );
}
