import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { kindsQuery } from "../../api/board.ts";
import type { Kind } from "../../api/shapes.ts";
import { useSetting } from "./form.tsx";
import { RowList } from "./row-list.tsx";
import type { ConfirmationRule } from "./shapes.ts";

/** What is asked about, or needs a PIN, whatever holds for the rest. */
export function ConfirmationRules() {
  const { value, set, error, isReadOnly } = useSetting<ConfirmationRule[]>("commands.confirmationRules");
  const { data: kinds = [] } = useQuery(kindsQuery);
  return (
    <RowList
      title="Changes that need more"
      help="These are asked about, or need the reporter's PIN, whatever is chosen above."
      error={error}
      rows={value}
      isReadOnly={isReadOnly}
      nameOf={(rule) => `the rule about ${nameOf(kinds, rule.kind)}`}
      fresh={(): ConfirmationRule => ({ kind: "*", field: null, value: null, mode: "two_step" })}
      addLabel="Add one"
      onChange={set}
    >
      {(rule, change, index) => (
        <>
          <NativeSelect
            label="Kind"
            disabled={isReadOnly}
            data={[
              { value: "*", label: "Every kind" },
              ...kinds.map(({ key, plural }) => ({ value: key, label: plural })),
            ]}
            value={rule.kind}
            onChange={(event) => change({ kind: event.currentTarget.value, field: null, value: null })}
          />
          <NativeSelect
            label="Set to"
            disabled={isReadOnly}
            data={[{ value: "", label: "Anything" }, ...valuesOf(kinds, rule.kind)]}
            value={rule.field ? `${rule.field}=${rule.value ?? ""}` : ""}
            onChange={(event) => change(choiceOf(event.currentTarget.value))}
          />
          <NativeSelect
            label="Needs"
            disabled={isReadOnly}
            id={`confirmation-${index}`}
            data={[
              { value: "two_step", label: "an OK" },
              { value: "pin", label: "the PIN" },
            ]}
            value={rule.mode}
            onChange={(event) => change({ mode: event.currentTarget.value as ConfirmationRule["mode"] })}
          />
        </>
      )}
    </RowList>
  );
}

function nameOf(kinds: Kind[], key: string): string {
  return kinds.find((kind) => kind.key === key)?.plural ?? "every kind";
}

/** Every value a change can set, by field and value: `status=open`. */
function valuesOf(kinds: Kind[], key: string): { value: string; label: string }[] {
  const meant = kinds.filter((kind) => key === "*" || kind.key === key);
  const all = meant.flatMap((kind) =>
    kind.fields.flatMap((field) =>
      field.values.map((value) => [`${field.key}=${value.key}`, value.state] as const),
    ),
  );
  return [...new Map(all)].map(([value, label]) => ({ value, label }));
}

function choiceOf(choice: string): Pick<ConfirmationRule, "field" | "value"> {
  if (choice === "") return { field: null, value: null };
  const at = choice.indexOf("=");
  return { field: choice.slice(0, at), value: choice.slice(at + 1) || null };
}
