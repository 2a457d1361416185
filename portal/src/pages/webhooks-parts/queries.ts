import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";

/** A test, or a text that leaves, changes how an endpoint is without an event of its own: it is looked at again. */
const LOOK_AGAIN_MS = 10_000;
/** While something is under way. */
const WATCH_MS = 1_500;

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: ["endpoints", "one", id],
    queryFn: () => take(api.GET("/v1/endpoints/{id}", { params: { path: { id } } })),
  });

export const healthQuery = (id: string) =>
  queryOptions({
    queryKey: ["endpoints", "health", id],
    queryFn: () => take(api.GET("/v1/endpoints/{id}/health", { params: { path: { id } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const forwardAllQuery = queryOptions({
  queryKey: ["endpoints", "forward-all"],
  queryFn: () =>
    take(api.GET("/v1/endpoints", { params: { query: { source: "forward_all", limit: 1 } } })).then(
      ({ data: [first] }) => first ?? null,
    ),
});

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["deliveries", "one", id],
    queryFn: () => take(api.GET("/v1/deliveries/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) =>
      state.data && ["waiting", "sending"].includes(state.data.state) ? WATCH_MS : false,
  });

export const replaysQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ["replays", endpoint],
    queryFn: () => take(api.GET("/v1/replays", { params: { query: { endpoint, limit: 5 } } })),
    refetchInterval: ({ state }) =>
      state.data?.data.some((replay) => replay.state === "running" || replay.waiting > 0) ? WATCH_MS : false,
  });
