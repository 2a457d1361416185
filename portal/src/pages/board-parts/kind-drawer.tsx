import { Alert, Button, Drawer, Fieldset, Group, Stack, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Kind } from "../../api/shapes.ts";
import { notifyDone } from "../../kit/notify.ts";
import { SaveFault } from "../../kit/save-fault.tsx";

/** Adds a kind or edits one; `kind` null: a new one. */
export function KindDrawer({
  kind,
  opened,
  onClose,
}: {
  kind: Kind | null;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title={kind ? `Edit ${kind.plural}` : "Add a kind"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {opened && <KindForm key={kind?.key ?? "new"} kind={kind} onClose={onClose} />}
    </Drawer>
  );
}

type KindDraft = Omit<Kind, "revision">;

/** What a new kind begins with: most things are open or closed. */
const NEW_KIND: KindDraft = {
  key: "",
  label: "",
  plural: "",
  hints: [],
  labelUse: "needed",
  fields: [
    {
      key: "status",
      default: "closed",
      values: [
        { key: "open", state: "open", ask: "Open", verbs: ["open", "opened"] },
        { key: "closed", state: "closed", ask: "Close", verbs: ["close", "closed", "shut"] },
      ],
    },
  ],
};

type Field = Kind["fields"][number];
type Value = Field["values"][number];

function KindForm({ kind, onClose }: { kind: Kind | null; onClose: () => void }) {
  const client = useQueryClient();
  const edited = useEdited(kind, kindDraft);
  const { draft, change } = edited;
  const save = useMutation({
    mutationFn: (over: Kind | null) => edited.save(kindOrder(draft), over),
    onSuccess: ({ warnings, ...saved }) => {
      edited.begin(saved);
      void client.invalidateQueries({ queryKey: ["board"] });
      notifyDone("The kind is saved.");
      if (warnings.length === 0) onClose();
    },
  });
  const faults = issuesByPath(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  const changeField = (index: number, field: Field) =>
    change({ fields: draft.fields.map((one, at) => (at === index ? field : one)) });
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.error && (
          <SaveFault<Kind>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        {save.data?.warnings.map((warning) => (
          <Alert key={warning} color="yellow" title="Saved, but look at this">
            {warning}
          </Alert>
        ))}
        <Group grow align="flex-start">
          <TextInput
            label="Called"
            placeholder="e.g. Lift"
            required
            value={draft.label}
            error={faults.label ?? faults.key}
            onChange={(event) => change({ label: event.currentTarget.value })}
          />
          <TextInput
            label="Several of them"
            placeholder="e.g. Lifts"
            value={draft.plural}
            error={faults.plural}
            onChange={(event) => change({ plural: event.currentTarget.value })}
          />
        </Group>
        <TagsInput
          label="Words for it"
          description="They narrow a text to this kind: “open lift 3”. Enter after each."
          value={draft.hints}
          error={faults.hints}
          onChange={(hints) => change({ hints })}
        />
        {draft.fields.map((field, index) => (
          <FieldForm
            // biome-ignore lint/suspicious/noArrayIndexKey: fields of a kind keep their places here
            key={index}
            field={field}
            onChange={(next) => changeField(index, next)}
          />
        ))}
        <Group justify="space-between">
          <Button type="submit" loading={save.isPending}>
            {kind ? "Save" : "Add"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FieldForm({ field, onChange }: { field: Field; onChange: (field: Field) => void }) {
  const changeValue = (index: number, value: Value) =>
    onChange({ ...field, values: field.values.map((one, at) => (at === index ? value : one)) });
  const add = () =>
    onChange({ ...field, values: [...field.values, { key: "", state: "", ask: "", verbs: [] }] });
  return (
    <Fieldset legend={`States of “${field.key}”`}>
      <Stack gap="sm">
        {field.values.map((value, index) => (
          <Group
            // biome-ignore lint/suspicious/noArrayIndexKey: states are only added at the end
            key={index}
            align="flex-start"
            gap="xs"
          >
            <TextInput
              label="State"
              required
              value={value.state}
              onChange={(event) => changeValue(index, { ...value, state: event.currentTarget.value })}
              style={{ flex: "1 1 7rem" }}
            />
            <TagsInput
              label="Words that set it"
              value={value.verbs}
              onChange={(verbs) => changeValue(index, { ...value, verbs })}
              style={{ flex: "3 1 14rem" }}
            />
          </Group>
        ))}
        <div>
          <Button size="xs" variant="subtle" onClick={add}>
            Add a state
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

function kindDraft(kind: Kind | null): KindDraft {
  if (!kind) return NEW_KIND;
  const { revision: _seen, ...draft } = kind;
  return draft;
}

function kindOrder(draft: KindDraft) {
  const body = kindToSave(draft);
  return {
    body,
    read: readKind,
    send: (guard: SaveGuard) => take(api.POST("/v1/board/kinds", { body, ...guard })),
  };
}

async function readKind({ key }: Kind): Promise<Kind> {
  const { data } = await take(api.GET("/v1/board/kinds", { params: { query: { limit: 100 } } }));
  const kind = data.find((one) => one.key === key);
  if (!kind) throw new Error("This kind is gone.");
  return kind;
}

/** New kinds and states get their keys from what they are called; known ones keep theirs. */
function kindToSave(draft: KindDraft) {
  const plural = draft.plural.trim();
  return {
    ...draft,
    key: draft.key || keyOf(draft.label),
    plural: plural === "" ? undefined : plural,
    fields: draft.fields.map((field) => ({
      ...field,
      values: field.values.map((value) => ({
        ...value,
        key: value.key || keyOf(value.state),
        ask: value.ask || undefined,
      })),
    })),
  };
}

function keyOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
}
