import {
  Alert,
  Button,
  Drawer,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { itemsQuery, kindsQuery } from "../../api/board.ts";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { ifMatch, useEdited } from "../../api/save-over.ts";
import type { Reporter } from "../../api/shapes.ts";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { SaveFault } from "../../kit/save-fault.tsx";

/** Adds a reporter or edits one; `reporter` null: a new one. */
export function ReporterDrawer({
  reporter,
  opened,
  onClose,
}: {
  reporter: Reporter | null;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={reporter ? `Edit ${reporter.name}` : "Add a reporter"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {opened && <ReporterForm key={reporter?.id ?? "new"} reporter={reporter} onClose={onClose} />}
    </Drawer>
  );
}

interface Facts {
  name: string;
  phones: string[];
  permissions: string[];
  confirmation: "" | "immediate" | "two_step";
  undoSeconds: number | "";
  tags: string[];
  active: boolean;
  pin: string;
}

function factsOf(reporter: Reporter | null): Facts {
  return {
    name: reporter?.name ?? "",
    phones: reporter?.phones ?? [],
    permissions: reporter?.permissions ?? ["*"],
    confirmation: reporter?.confirmation ?? "",
    undoSeconds: reporter?.undoWindowSeconds ?? "",
    tags: reporter?.tags ?? [],
    active: reporter?.active ?? true,
    pin: "",
  };
}

function ReporterForm({ reporter, onClose }: { reporter: Reporter | null; onClose: () => void }) {
  const client = useQueryClient();
  const edited = useEdited(reporter, factsOf);
  const { draft: facts, change } = edited;
  const suggestions = usePermissions();
  const save = useMutation({
    mutationFn: (over: Reporter | null) => edited.save(reporterOrder(reporter, facts), over),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["reporters"] });
      notifyDone(`${facts.name} is saved.`);
      onClose();
    },
  });
  const faults = issuesByPath(save.error);
  const faultOf = (field: string) =>
    Object.entries(faults).find(([path]) => path === field || path.startsWith(`${field}.`))?.[1];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.error && (
          <SaveFault<Reporter>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        <TextInput
          label="Name"
          required
          data-autofocus
          value={facts.name}
          error={faultOf("name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TagsInput
          label="Phones"
          description="Texts from these numbers count as theirs. Enter after each."
          placeholder="e.g. +1 415 555 0101"
          required
          acceptValueOnBlur
          value={facts.phones}
          error={faultOf("phones")}
          onChange={(phones) => change({ phones })}
        />
        <TagsInput
          label="May change"
          description="* is everything; a kind such as lift; trail:area=North only that area."
          data={suggestions}
          acceptValueOnBlur
          value={facts.permissions}
          error={faultOf("permissions")}
          onChange={(permissions) => change({ permissions })}
        />
        <NativeSelect
          label="When a text would change something"
          data={[
            { value: "", label: "As the settings say" },
            { value: "immediate", label: "Change it at once" },
            { value: "two_step", label: "Ask YES or NO first" },
          ]}
          value={facts.confirmation}
          onChange={(event) => change({ confirmation: event.currentTarget.value as Facts["confirmation"] })}
        />
        <NumberInput
          label="Seconds in which UNDO works"
          description="30 to 600; empty: as the settings say."
          value={facts.undoSeconds}
          error={faultOf("undoWindowSeconds")}
          onChange={(value) => change({ undoSeconds: value === "" ? "" : Number(value) })}
        />
        <PasswordInput
          label="PIN"
          description={
            reporter?.pinSet
              ? "One is set, and is never shown. Type another one to replace it."
              : "4 to 8 digits, for changes that ask for one."
          }
          inputMode="numeric"
          autoComplete="off"
          value={facts.pin}
          error={faultOf("pin")}
          onChange={(event) => change({ pin: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": "Show the PIN", tabIndex: 0 }}
        />
        <TagsInput
          label="Tags"
          description="Shown in the log and in the CSV file."
          value={facts.tags}
          error={faultOf("tags")}
          onChange={(tags) => change({ tags })}
        />
        <Switch
          label="Active"
          description="Texts of inactive reporters are those of strangers."
          checked={facts.active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        {facts.permissions.length === 0 && (
          <Alert color="yellow">Without a permission they may ask, but change nothing.</Alert>
        )}
        <Group justify="space-between">
          <Button type="submit" loading={save.isPending}>
            {reporter ? "Save" : "Add"}
          </Button>
          {reporter && <RemoveReporter reporter={reporter} onGone={onClose} />}
        </Group>
      </Stack>
    </form>
  );
}

/** What can be chosen: kinds, and kinds within the areas of the board. */
function usePermissions(): string[] {
  const { data: kinds = [] } = useQuery(kindsQuery);
  const { data: board } = useQuery(itemsQuery(false));
  const areas = new Set(board?.items.flatMap(({ area }) => area ?? []) ?? []);
  const keys = kinds.map(({ key }) => key);
  return ["*", ...keys, ...[...areas].flatMap((area) => ["*", ...keys].map((key) => `${key}:area=${area}`))];
}

function RemoveReporter({ reporter, onGone }: { reporter: Reporter; onGone: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      take(api.DELETE("/v1/reporters/{id}", { params: { path: { id: reporter.id } }, ...ifMatch(reporter) })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["reporters"] });
      notifyDone(`${reporter.name} is gone.`);
      onGone();
    },
    onError: notifyFault,
  });
  return (
    <ConfirmButton
      label="Remove"
      question={`Remove ${reporter.name}?`}
      confirm="Remove"
      onConfirm={() => remove.mutate()}
    >
      Their phones are strangers from then on. What they did stays in the log, under their name.
    </ConfirmButton>
  );
}

function reporterOrder(reporter: Reporter | null, facts: Facts) {
  const { name, phones, permissions, tags, active } = facts;
  const body = {
    name,
    phones,
    permissions,
    tags,
    active,
    confirmation: facts.confirmation === "" ? null : facts.confirmation,
    undoWindowSeconds: facts.undoSeconds === "" ? null : facts.undoSeconds,
    ...(facts.pin !== "" && { pin: facts.pin }),
  };
  return {
    body,
    read: ({ id }: Reporter) => take(api.GET("/v1/reporters/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<Reporter> =>
      reporter
        ? take(api.PATCH("/v1/reporters/{id}", { params: { path: { id: reporter.id } }, body, ...guard }))
        : take(api.POST("/v1/reporters", { body })),
  };
}
