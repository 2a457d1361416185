import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";

/** A refused post makes no event: the list of posts is read again while somebody looks at it, ms. */
const LOOK_AGAIN_MS = 2_500;

export const integrationQuery = (id: string) =>
  queryOptions({
    queryKey: ["ingress", "one", id],
    queryFn: () => take(api.GET("/v1/ingress/{id}", { params: { path: { id } } })),
  });

export const postsQuery = (id: string) =>
  queryOptions({
    queryKey: ["ingress", "posts", id],
    queryFn: () =>
      take(api.GET("/v1/ingress/{id}/posts", { params: { path: { id } } })).then(({ data }) => data),
    refetchInterval: LOOK_AGAIN_MS,
  });
