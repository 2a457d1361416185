import { Alert, Checkbox, NativeSelect, Stack, TextInput } from "@mantine/core";
import type { Rule } from "../../api/shapes.ts";
import type { RuleDraft } from "./draft.ts";

const TYPES: { value: Rule["match"]["type"]; label: string }[] = [
  { value: "contains", label: "the text contains" },
  { value: "exact", label: "the whole text is" },
  { value: "regex", label: "an expression fits" },
  { value: "any", label: "any text comes in" },
];

const HELP: Partial<Record<Rule["match"]["type"], string>> = {
  contains: "Capital or small letters do not matter.",
  exact: "Capital or small letters and blanks around it do not matter.",
  regex: "RE2: no look-ahead, no back references. What stands in brackets can be used in replies.",
};

/** Which texts a rule takes, and whose. */
export function MatchFields({
  draft,
  faults,
  warnings,
  onChange,
}: {
  draft: RuleDraft;
  faults: Record<string, string>;
  warnings: Record<string, string[]>;
  onChange: (change: Partial<RuleDraft>) => void;
}) {
  const { match } = draft;
  const set = (change: Partial<Rule["match"]>) => onChange({ match: { ...match, ...change } });
  return (
    <Stack gap="sm">
      <NativeSelect
        label="It fits when"
        data={TYPES}
        value={match.type}
        error={faults["match.type"]}
        onChange={(event) => set({ type: event.currentTarget.value as Rule["match"]["type"] })}
      />
      {match.type !== "any" && (
        <TextInput
          label={match.type === "regex" ? "Expression" : "Keyword or words"}
          description={HELP[match.type]}
          placeholder={match.type === "regex" ? "e.g. order (\\d+)" : "e.g. balance"}
          required
          value={match.pattern}
          error={faults["match.pattern"]}
          spellCheck={false}
          onChange={(event) => set({ pattern: event.currentTarget.value })}
        />
      )}
      {warnings["match.pattern"]?.map((warning) => (
        <Alert key={warning} color="yellow" p="xs">
          {warning}
        </Alert>
      ))}
      {match.type === "contains" && (
        <Checkbox
          label="Only as a word of its own"
          description="“stop” is then not found in “stopped”."
          checked={match.wholeWord}
          onChange={(event) => set({ wholeWord: event.currentTarget.checked })}
        />
      )}
      <TextInput
        label="Only from"
        description="Empty: everybody. A number, a part of one, or a pattern such as +1415*; several with commas between."
        value={draft.from}
        error={faults.from}
        spellCheck={false}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
    </Stack>
  );
}
