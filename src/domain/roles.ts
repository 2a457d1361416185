/** What a key may do. The people of the portal have the same roles. */
export const KEY_ROLES = ["owner", "admin", "operator", "viewer"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Set-up: not for operators. Everything else of the API is their daily work. */
const SET_UP = [
  "/v1/channels",
  "/v1/keys",
  "/v1/team",
  "/v1/settings",
  "/v1/reporters",
  "/v1/rules",
  "/v1/board/kinds",
  "/v1/audit",
  "/v1/endpoints",
  "/v1/webhooks",
  "/v1/ingress",
  "/v1/replays",
];
/** Keys, and addresses of doors that are as good as keys. */
const CREDENTIALS = ["/v1/keys", "/v1/channels", "/v1/audit", "/v1/team"];
/** Exports of people's texts and numbers: owner and admin. */
const EXPORTS = ["/v1/commands.csv"];
/** What people wrote, and who they are: not for viewers. */
const PEOPLE = [
  "/v1/commands",
  "/v1/messages",
  "/v1/conversations",
  "/v1/media",
  "/v1/mails",
  "/v1/consent",
  "/v1/simulator",
  "/v1/reporters",
  "/v1/events",
  "/v1/guards",
  "/v1/arrivals",
  "/v1/audit",
  "/v1/keys",
  "/v1/team",
  "/v1/channels",
  "/v1/endpoints",
  "/v1/webhooks",
  "/v1/deliveries",
  "/v1/replays",
  "/v1/jobs",
  "/v1/ingress",
];

/** Whether an opt-out was meant as one: not for operators, who may read the list. */
const JUDGED = ["/v1/consent/reviews"];

/** Set-up by its address, but daily work: holding a channel back and letting it go. */
const DAILY = /^\/v1\/(channels\/:id\/(pause|resume)|rules\/test)$/;

/** Whether a role may call this route; `path` is the route's pattern. */
export function roleMay(role: KeyRole, method: string, path: string): boolean {
  const reads = method === "GET" || method === "HEAD";
  const under = (prefixes: string[]) => prefixes.some((prefix) => path.startsWith(prefix));
  switch (role) {
    case "owner":
    case "admin":
      return true;
    case "operator":
      if (under(EXPORTS)) return false;
      if (DAILY.test(path)) return true;
      return reads ? !under(CREDENTIALS) : !under([...SET_UP, ...JUDGED]);
    case "viewer":
      return reads && !under(PEOPLE);
    default:
      return role satisfies never;
  }
}

/** Whether a role may give `wanted` to somebody, or take it away: nobody makes more of others than they are. */
export function roleMayGive(role: KeyRole, wanted: KeyRole): boolean {
  return role === "owner" || (role === "admin" && wanted !== "owner");
}
