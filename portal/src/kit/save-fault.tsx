import { Alert, Button, Group, List, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Conflict } from "../api/save-over.ts";
import { isConflict } from "../api/save-over.ts";
import { ErrorNote } from "./error-note.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";
import { inWords } from "./words.ts";

/** Why something was not saved. When somebody else changed it meanwhile, the person decides whose stays. */
export function SaveFault<Thing>({
  error,
  onTheirs,
  onMine,
}: {
  error: unknown;
  /** Begins again with what they saved. */
  onTheirs: (theirs: Thing) => void;
  /** Saves over what they saved. */
  onMine: (theirs: Thing) => void;
}) {
  if (!isConflict(error)) return <ErrorNote error={error} />;
  return (
    <ConflictNote
      conflict={error}
      onTheirs={() => onTheirs(error.theirs as Thing)}
      onMine={() => onMine(error.theirs as Thing)}
    />
  );
}

function ConflictNote({
  conflict: { changed, fields },
  onTheirs,
  onMine,
}: {
  conflict: Conflict;
  onTheirs: () => void;
  onMine: () => void;
}) {
  const note = useRef<HTMLDivElement>(null);
  // The button that was pressed may be far below.
  useEffect(() => {
    note.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <Alert
      ref={note}
      color="yellow"
      variant="outline"
      icon={<Icon name="warning" />}
      title="Changed meanwhile"
      role="alert"
    >
      <Text size="sm">
        {changed.by ?? "Somebody"} changed this (<Time at={changed.at} seconds />) while you worked on it.
        Nothing of yours is saved yet.
      </Text>
      <List size="sm" my="xs">
        {fields.map(({ field, theirs, mine }) => (
          <List.Item key={field} className="wrap">
            {fieldInWords(field)}
            {isShort(theirs) &&
              isShort(mine) &&
              `: theirs ${valueInWords(theirs)}, yours ${valueInWords(mine)}`}
          </List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={onTheirs}>
          Load theirs
        </Button>
        <Button size="xs" variant="default" onClick={onMine}>
          Save mine anyway
        </Button>
      </Group>
    </Alert>
  );
}

/** `board.timeZone`, `cooldownSeconds` → "Board time zone", "Cooldown seconds". */
function fieldInWords(field: string): string {
  const words = field.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[._]/g, " ");
  return inWords(words.toLowerCase());
}

const LONGEST = 80;

/** What can be told in a line. Secrets are never known here. */
function isShort(value: unknown): boolean {
  if (typeof value === "string") return value.length <= LONGEST;
  return value === null || typeof value === "number" || typeof value === "boolean";
}

function valueInWords(value: unknown): string {
  if (value === null || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "number" ? value.toLocaleString() : `“${value}”`;
}
