import type { DefaultError, QueryKey, UseQueryOptions } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import { isApiFault } from "./client.ts";

/**
 * Reads what a page is made of. While the server is away, or has no answer, what was read before stays: a page
 * that turned into a fault would take along what somebody is typing on it.
 */
export function useRead<Fn, Data = Fn, Key extends QueryKey = QueryKey>(
  options: UseQueryOptions<Fn, DefaultError, Data, Key>,
) {
  const { data, error, refetch } = useQuery(options);
  return { data, error: data !== undefined && willPass(error) ? null : error, refetch };
}

/** Whether the next look may well succeed: nobody answered, or with a fault that is not the question's. */
function willPass(error: unknown): boolean {
  return isApiFault(error) && (error.status === 0 || error.status === 429 || error.status >= 500);
}
