import {
  Alert,
  Button,
  Drawer,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { useEdited } from "../../api/save-over.ts";
import type { Item, Kind } from "../../api/shapes.ts";
import { ConfirmButton } from "../../kit/confirm.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { SaveFault } from "../../kit/save-fault.tsx";

/** Adds an item, or edits what it is called; `item` null: a new one. */
export function ItemDrawer({
  item,
  kinds,
  opened,
  onClose,
}: {
  item: Item | null;
  kinds: Kind[];
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={item ? `Edit ${item.name}` : "Add an item"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {opened && kinds.length > 0 && (
        <ItemForm key={item?.id ?? "new"} item={item} kinds={kinds} onClose={onClose} />
      )}
    </Drawer>
  );
}

interface Facts {
  kind: string;
  name: string;
  number: number | "";
  area: string;
  aliases: string[];
  archived: boolean;
}

function factsOf(item: Item | null, kinds: Kind[]): Facts {
  return {
    kind: item?.kind ?? kinds[0]?.key ?? "",
    name: item?.name ?? "",
    number: item?.number ?? "",
    area: item?.area ?? "",
    aliases: item?.aliases ?? [],
    archived: item?.archived ?? false,
  };
}

function ItemForm({ item, kinds, onClose }: { item: Item | null; kinds: Kind[]; onClose: () => void }) {
  const client = useQueryClient();
  const edited = useEdited(item, (now) => factsOf(now, kinds));
  const { draft: facts, change } = edited;
  const save = useMutation({
    mutationFn: (over: Item | null) => edited.save(itemOrder(item, facts), over),
    onSuccess: (saved) => {
      const { name, warnings = [] } = saved;
      edited.begin(saved);
      void client.invalidateQueries({ queryKey: ["board"] });
      notifyDone(`${name} is saved.`);
      if (warnings.length === 0) onClose();
    },
  });
  const faults = issuesByPath(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(null);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.error && (
          <SaveFault<Item>
            error={save.error}
            onMine={save.mutate}
            onTheirs={(theirs) => {
              save.reset();
              edited.begin(theirs);
            }}
          />
        )}
        {save.data?.warnings?.map((warning) => (
          <Alert key={warning} color="yellow" title="Saved, but hard to reach by text">
            {warning}
          </Alert>
        ))}
        {!item && (
          <NativeSelect
            label="Kind"
            data={kinds.map(({ key, label }) => ({ value: key, label }))}
            value={facts.kind}
            error={faults.kind}
            onChange={(event) => change({ kind: event.currentTarget.value })}
          />
        )}
        <TextInput
          label="Name"
          required
          data-autofocus
          value={facts.name}
          error={faults.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TagsInput
          label="Also called"
          description="Short names that reporters may use. Enter after each."
          value={facts.aliases}
          error={faults.aliases}
          onChange={(aliases) => change({ aliases })}
        />
        <NumberInput
          label="Number"
          description="As on the map; texts may use it instead of the name."
          min={0}
          allowDecimal={false}
          value={facts.number}
          error={faults.number}
          onChange={(value) => change({ number: value === "" ? "" : Number(value) })}
        />
        <TextInput
          label="Area"
          description="Groups the public board; reporters can be limited to one."
          value={facts.area}
          error={faults.area}
          onChange={(event) => change({ area: event.currentTarget.value })}
        />
        {item && (
          <Switch
            label="Archived: neither shown nor found by texts"
            checked={facts.archived}
            onChange={(event) => change({ archived: event.currentTarget.checked })}
          />
        )}
        {item && (
          <Link to="/commands" search={{ item: item.id } as never}>
            Texts that changed it
          </Link>
        )}
        <Group justify="space-between">
          <Button type="submit" loading={save.isPending}>
            {item ? "Save" : "Add"}
          </Button>
          {item && <RemoveItem item={item} onGone={onClose} />}
        </Group>
      </Stack>
    </form>
  );
}

function RemoveItem({ item, onGone }: { item: Item; onGone: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/v1/board/items/{id}", { params: { path: { id: item.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["board"] });
      notifyDone(`${item.name} is gone.`);
      onGone();
    },
    onError: notifyFault,
  });
  return (
    <ConfirmButton
      label="Remove"
      question={`Remove ${item.name}?`}
      confirm="Remove it"
      onConfirm={() => remove.mutate()}
    >
      Its changes stay in the log. To take it off for a season only, archive it instead.
    </ConfirmButton>
  );
}

function itemOrder(item: Item | null, facts: Facts) {
  const { kind, name, aliases, archived } = facts;
  const body = {
    name,
    aliases,
    archived,
    number: facts.number === "" ? null : facts.number,
    area: facts.area.trim() === "" ? null : facts.area.trim(),
  };
  return {
    body,
    read: ({ id }: Item) => take(api.GET("/v1/board/items/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<Item> =>
      item
        ? take(api.PATCH("/v1/board/items/{id}", { params: { path: { id: item.id } }, body, ...guard }))
        : take(api.POST("/v1/board/items", { body: { ...body, kind } })).then((saved) => saved as Item),
  };
}
