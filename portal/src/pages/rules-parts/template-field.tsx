import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api, take } from "../../api/client.ts";
import { count } from "../../kit/words.ts";
import { ruleActionsQuery } from "./queries.ts";

/** Between the last key and the preview, ms. */
const TYPED_MS = 250;

/** What the variables hold; a variable of the API that is missing here shows its own name. */
const VARIABLES: Record<string, { write: string; label: string }> = {
  from: { write: "{{from}}", label: "Sender" },
  text: { write: "{{text}}", label: "Their text" },
  ref: { write: "{{ref}}", label: "Reference" },
  now: { write: "{{now}}", label: "Time" },
  tenantName: { write: "{{tenantName}}", label: "Your name" },
  deviceId: { write: "{{deviceId}}", label: "Channel" },
  contact: { write: "{{contact.number}}", label: "Contact's number" },
  match: { write: "{{match.1}}", label: "First bracket" },
};

/** A text with variables: each is put in by a click, and a sample of the whole is shown below. */
export function TemplateField({
  label,
  help,
  value,
  onChange,
  isLine = false,
  isText = false,
  groups = false,
  required = false,
  placeholder,
  error,
  warnings = [],
}: {
  label: string;
  help?: string;
  value: string;
  onChange: (value: string) => void;
  /** Without line breaks. */
  isLine?: boolean;
  /** It is sent by SMS. */
  isText?: boolean;
  /** The rule is an expression: what stands in its brackets can be used. */
  groups?: boolean;
  required?: boolean;
  placeholder?: string;
  error?: string;
  /** What the API found when it was saved. */
  warnings?: string[];
}) {
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const { data: kinds } = useQuery(ruleActionsQuery);
  const variables = (kinds?.variables ?? []).filter((name) => name !== "match" || groups);
  const insert = (written: string) => {
    const { selectionStart, selectionEnd } = field.current ?? {};
    const at = selectionStart ?? value.length;
    onChange(value.slice(0, at) + written + value.slice(selectionEnd ?? at));
    // The caret goes behind what was put in, once the field shows it.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at + written.length, at + written.length);
    });
  };
  const shared = { ref: field, label, description: help, value, required, error, placeholder };
  return (
    <Stack gap={6}>
      {isLine ? (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          maxRows={10}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Group gap={6} role="group" aria-label={`Variables for ${label}`}>
        {variables.map((name) => {
          const { write, label: word } = VARIABLES[name] ?? { write: `{{${name}}}`, label: name };
          return (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              title={write}
              onClick={() => insert(write)}
            >
              {word}
            </Button>
          );
        })}
      </Group>
      <Preview template={value} groups={groups} isText={isText} saved={warnings} />
    </Stack>
  );
}

function Preview({
  template,
  groups,
  isText,
  saved,
}: {
  template: string;
  groups: boolean;
  isText: boolean;
  saved: string[];
}) {
  const [settled] = useDebouncedValue(template, TYPED_MS);
  const hasVariables = settled.includes("{{") || settled.includes("{%");
  const { data } = useQuery({
    queryKey: ["preview", "rule", settled, groups],
    queryFn: () => take(api.POST("/v1/rules/preview", { body: { template: settled, groups } })),
    enabled: settled.trim() !== "" && (hasVariables || isText),
    placeholderData: keepPreviousData,
  });
  const shown = settled.trim() === "" ? undefined : data;
  const warnings = [...new Set([...(shown?.warnings ?? []), ...saved])];
  return (
    <div aria-live="polite">
      {shown?.fault && (
        <Text size="sm" c="var(--mantine-color-error)">
          {shown.fault}
        </Text>
      )}
      {shown && !shown.fault && hasVariables && (
        <Text size="sm" className="wrap" style={{ whiteSpace: "pre-wrap" }}>
          <Text span size="sm" c="dimmed">
            For example:{" "}
          </Text>
          {shown.text}
        </Text>
      )}
      {shown && isText && (
        <Text size="sm" c={shown.segments > shown.maxSegments ? "var(--mantine-color-error)" : "dimmed"}>
          {count(shown.segments, "segment")}
          {shown.encoding === "UCS-2" && ", with characters that make it cost more"}
          {shown.segments > shown.maxSegments && `: cut at ${shown.maxSegments}`}
        </Text>
      )}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" p="xs" mt={4}>
          {warning}
        </Alert>
      ))}
    </div>
  );
}
