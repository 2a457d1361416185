import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";

export const ruleActionsQuery = queryOptions({
  queryKey: ["rule-actions"],
  queryFn: () => take(api.GET("/v1/rules/actions")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ["rules", "one", id],
    queryFn: () => take(api.GET("/v1/rules/{id}", { params: { path: { id } } })),
  });

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => take(api.GET("/v1/settings")),
});
