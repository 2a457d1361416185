import { NativeSelect, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Item, Kind } from "../../api/shapes.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";

/** One field of one item. A choice is made at once, logged, and can be taken back by making the other one. */
export function FieldControl({ item, field }: { item: Item; field: Kind["fields"][number] }) {
  const client = useQueryClient();
  const may = useMay();
  const value = item.fields[field.key] ?? "";
  const states = field.values.map(({ key, state }) => ({ value: key, label: state }));
  const change = useMutation({
    mutationFn: (to: string) =>
      take(
        api.PATCH("/v1/board/items/{id}", {
          params: { path: { id: item.id } },
          body: { fields: { [field.key]: to === "" ? null : to } },
        }),
      ),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ["board"] });
      const now = states.find((state) => state.value === saved.fields[field.key])?.label ?? "not set";
      notifyDone(`${saved.name}: ${field.key} is ${now}.`);
    },
    onError: notifyFault,
  });
  const shown = change.isPending ? (change.variables ?? value) : value;
  if (!may("PATCH", "/v1/board/items/:id")) {
    return <Text size="sm">{states.find((state) => state.value === value)?.label ?? "not set"}</Text>;
  }
  return (
    <div className="state" data-value={shown}>
      <NativeSelect
        size="xs"
        aria-label={`${item.name}: ${field.key}`}
        data={[...(value === "" ? [{ value: "", label: "not set" }] : []), ...states]}
        value={shown}
        onChange={(event) => change.mutate(event.currentTarget.value)}
      />
    </div>
  );
}
