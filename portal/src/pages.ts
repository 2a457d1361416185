import type { ComponentType } from "react";
import type { IconName } from "./kit/icon.tsx";

/**
 * Every page of the portal. A new one is a file in `pages/` that exports `Page`, and a line here; its script is
 * loaded when somebody goes there.
 */
export interface PortalPage {
  path: string;
  /** Name of the file in `pages/`, without its ending. */
  file: string;
  /** The route of the API it cannot do without: whose role may not call it is not shown the page. */
  asks: [method: string, path: string] | null;
  /** Its place in the navigation; null: other pages lead there. */
  nav: { group: NavGroup; label: string; icon: IconName } | null;
}

export type NavGroup = (typeof NAV_GROUPS)[number];
export const NAV_GROUPS = ["Today", "Status board", "Automation", "Connections", "Account"] as const;

const ALL_PAGES: PortalPage[] = [
  {
    path: "/",
    file: "home",
    asks: null,
    nav: { group: "Today", label: "Home", icon: "home" },
  },
  {
    path: "/inbox",
    file: "inbox",
    asks: ["GET", "/v1/conversations"],
    nav: { group: "Today", label: "Inbox", icon: "inbox" },
  },
  {
    path: "/inbox/$phone",
    file: "inbox",
    asks: ["GET", "/v1/conversations"],
    nav: null,
  },
  {
    path: "/commands",
    file: "commands",
    asks: ["GET", "/v1/commands"],
    nav: { group: "Status board", label: "Commands", icon: "log" },
  },
  {
    path: "/status-board",
    file: "status-board",
    asks: ["GET", "/v1/board/items"],
    nav: { group: "Status board", label: "Board", icon: "board" },
  },
  {
    path: "/status-board/kinds",
    file: "kinds",
    asks: ["GET", "/v1/board/kinds"],
    nav: null,
  },
  {
    path: "/reporters",
    file: "reporters",
    asks: ["GET", "/v1/reporters"],
    nav: { group: "Status board", label: "Reporters", icon: "people" },
  },
  {
    path: "/rules",
    file: "rules",
    asks: ["GET", "/v1/rules"],
    nav: { group: "Automation", label: "Rules", icon: "rules" },
  },
  {
    path: "/rules/new",
    file: "rules-new",
    asks: ["POST", "/v1/rules"],
    nav: null,
  },
  {
    path: "/rules/$id",
    file: "rules-edit",
    asks: ["PATCH", "/v1/rules/:id"],
    nav: null,
  },
  {
    path: "/webhooks",
    file: "webhooks",
    asks: ["GET", "/v1/endpoints"],
    nav: { group: "Automation", label: "Webhooks", icon: "webhook" },
  },
  {
    path: "/webhooks/new",
    file: "webhooks-new",
    asks: ["POST", "/v1/endpoints"],
    nav: null,
  },
  {
    path: "/webhooks/deliveries",
    file: "webhooks-deliveries",
    asks: ["GET", "/v1/deliveries"],
    nav: null,
  },
  {
    path: "/webhooks/deliveries/$id",
    file: "webhooks-delivery",
    asks: ["GET", "/v1/deliveries/:id"],
    nav: null,
  },
  {
    path: "/webhooks/mails",
    file: "webhooks-mails",
    asks: ["GET", "/v1/mails"],
    nav: null,
  },
  {
    path: "/webhooks/$id",
    file: "webhooks-endpoint",
    asks: ["GET", "/v1/endpoints/:id"],
    nav: null,
  },
  {
    path: "/integrations",
    file: "integrations",
    asks: ["GET", "/v1/ingress"],
    nav: { group: "Automation", label: "Integrations", icon: "plug" },
  },
  {
    path: "/integrations/new",
    file: "integrations-new",
    asks: ["POST", "/v1/ingress"],
    nav: null,
  },
  {
    path: "/integrations/$id",
    file: "integrations-one",
    asks: ["GET", "/v1/ingress/:id"],
    nav: null,
  },
  {
    path: "/channels",
    file: "channels",
    asks: ["GET", "/v1/channels"],
    nav: { group: "Connections", label: "Channels", icon: "channel" },
  },
  {
    path: "/channels/new",
    file: "channel-new",
    asks: ["POST", "/v1/channels"],
    nav: null,
  },
  {
    path: "/channels/$id",
    file: "channel",
    asks: ["GET", "/v1/channels/:id"],
    nav: null,
  },
  {
    path: "/health-report",
    file: "health",
    asks: ["GET", "/v1/health"],
    nav: { group: "Connections", label: "Health", icon: "health" },
  },
  {
    path: "/consent",
    file: "consent",
    asks: ["GET", "/v1/consent"],
    nav: { group: "Account", label: "Consent", icon: "consent" },
  },
  {
    path: "/consent/reviews",
    file: "consent-reviews",
    asks: ["GET", "/v1/consent/reviews"],
    nav: null,
  },
  {
    path: "/settings",
    file: "settings",
    asks: ["GET", "/v1/settings"],
    nav: { group: "Account", label: "Settings", icon: "settings" },
  },
  {
    path: "/team",
    file: "team",
    asks: ["GET", "/v1/team"],
    nav: { group: "Account", label: "Team", icon: "team" },
  },
  {
    path: "/keys",
    file: "keys",
    asks: ["GET", "/v1/keys"],
    nav: { group: "Account", label: "API keys", icon: "key" },
  },
  {
    path: "/audit",
    file: "audit",
    asks: ["GET", "/v1/audit"],
    nav: { group: "Account", label: "Audit", icon: "audit" },
  },
  {
    path: "/account",
    file: "account",
    asks: null,
    nav: null,
  },
  {
    path: "/start",
    file: "start",
    asks: ["POST", "/v1/channels"],
    nav: null,
  },
];

const FILES = import.meta.glob<{ Page: ComponentType }>("./pages/*.tsx");

/** The script of a page. */
export function pageFile(file: string): () => Promise<{ Page: ComponentType }> {
  const load = FILES[`./pages/${file}.tsx`];
  if (!load) throw new Error(`there is no page ${file}`);
  return load;
}

export const PAGES = ALL_PAGES.filter(({ file }) => `./pages/${file}.tsx` in FILES);
