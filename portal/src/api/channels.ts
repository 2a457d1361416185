import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client.ts";

/** What several pages ask about channels; their keys begin with the noun, so that events reach them. */

export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: () => take(api.GET("/v1/providers")).then(({ data }) => data),
  staleTime: Number.POSITIVE_INFINITY,
});

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () =>
    take(api.GET("/v1/channels", { params: { query: { limit: 100 } } })).then(({ data }) => data),
});

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ["channels", id],
    queryFn: () => take(api.GET("/v1/channels/{id}", { params: { path: { id } } })),
  });
