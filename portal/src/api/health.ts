import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client.ts";

/** What keeps texts from moving, the worst first. Every role may ask. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: () => take(api.GET("/v1/health")),
  refetchInterval: 15_000,
});
