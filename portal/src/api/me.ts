import { queryOptions, useQuery } from "@tanstack/react-query";
import type { KeyRole } from "../../../src/domain/roles.ts";
import { roleMay } from "../../../src/domain/roles.ts";
import { send } from "./client.ts";
import { tellTimesIn } from "./zone.ts";

/** Who is signed in. */
export interface Me {
  id: string;
  name: string;
  email: string | null;
  role: KeyRole;
  /** `timeZone` null: nobody has chosen one. */
  tenant: { id: string; name: string; slug: string; timeZone: string | null };
  /** Whether the sign-in asks for a second factor. */
  twoFactor: boolean;
  version: string;
  publicUrl: string;
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => {
    const me = await send<Me>("GET", "/v1/me");
    tellTimesIn(me.tenant.timeZone);
    return me;
  },
  staleTime: 5 * 60_000,
  retry: false,
});

/** Only under the shell, which lets nobody in before this is known. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("a page outside of the shell asked who is signed in");
  return data;
}

/** Whether whoever is signed in may call a route: what they may not is not offered to them. */
export function useMay(): (method: string, path: string) => boolean {
  const { role } = useMe();
  return (method, path) => roleMay(role, method, path);
}
