import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import type { Rule } from "../../api/shapes.ts";
import { notifyFault } from "../../kit/notify.ts";

interface Order {
  /** As they stand now, also while the API is still told. */
  shown: Rule[];
  /** Puts one rule where another stands. */
  move(from: number, to: number): void;
}

/** The order of the rules: those named come first, so only the beginning that changed is sent. */
export function useOrder(rules: Rule[]): Order {
  const client = useQueryClient();
  const order = useMutation({
    mutationFn: (moved: Moved) => take(api.POST("/v1/rules/order", { body: { ids: moved.ids } })),
    // Pending until the list is read again: the rules do not jump back in between.
    onSettled: () => client.invalidateQueries({ queryKey: ["rules"] }),
    onError: notifyFault,
  });
  const shown = order.isPending ? order.variables.rules : rules;
  return {
    shown,
    move(from, to) {
      if (to < 0 || to >= shown.length || from === to || order.isPending) return;
      const moved = shown.filter((_rule, place) => place !== from);
      moved.splice(to, 0, shown[from] as Rule);
      const ids = moved.slice(0, Math.max(from, to) + 1).map(({ id }) => id);
      order.mutate({ rules: moved, ids });
    },
  };
}

interface Moved {
  rules: Rule[];
  ids: string[];
}
