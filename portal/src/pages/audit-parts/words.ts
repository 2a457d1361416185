import { inWords } from "../../kit/words.ts";

/** What the audit names by keys. An action that is not here is told by its own words. */

const ACTIONS: Record<string, string> = {
  "arrival.replayed": "tried again what was set aside",
  "board.item.changed": "changed an item of the board",
  "board.item.deleted": "deleted an item of the board",
  "board.items.created": "added items to the board",
  "board.kind.saved": "saved a kind of the board",
  "channel.changed": "changed a channel",
  "channel.created": "added a channel",
  "channel.paused": "paused a channel",
  "channel.removed": "removed a channel",
  "channel.resumed": "resumed a channel",
  "channel.token_rotated": "made new webhook addresses for a channel",
  "consent.restored": "recorded consent",
  "consent.reviewed": "decided about a wording",
  "consent.revoked": "recorded an opt-out",
  "delivery.retried": "sent a delivery again",
  "endpoint.changed": "changed a webhook endpoint",
  "endpoint.created": "added a webhook endpoint",
  "endpoint.removed": "removed a webhook endpoint",
  "endpoint.replayed": "replayed events to an endpoint",
  "endpoint.secret_rotated": "made a new secret for an endpoint",
  "guard.released": "released a guard",
  "integration.changed": "changed an integration",
  "integration.created": "added an integration",
  "integration.removed": "removed an integration",
  "integration.token_rotated": "made a new address for an integration",
  "key.created": "made an API key",
  "key.revoked": "revoked an API key",
  "person.password_changed": "changed their password",
  "person.password_link_made": "made a link for a new password",
  "person.password_reset": "chose a new password by a link",
  "person.signed_in": "signed in",
  "person.two_factor_off": "turned two-factor off",
  "person.two_factor_on": "turned two-factor on",
  "person.two_factor_reset": "turned somebody's two-factor off",
  "replay.cancelled": "cancelled a replay",
  "reporter.changed": "changed a reporter",
  "reporter.created": "added a reporter",
  "reporter.deleted": "removed a reporter",
  "rule.changed": "changed a rule",
  "rule.created": "made a rule",
  "rule.deleted": "deleted a rule",
  "rules.ordered": "changed the order of rules",
  "settings.changed": "changed settings",
  "team.invitation_revoked": "took back an invitation",
  "team.invited": "invited somebody",
  "team.joined": "joined the team",
  "team.removed": "removed somebody from the team",
  "team.role_changed": "gave somebody another role",
  "team.set_up": "set everything up",
  "webhook.changed": "changed the forwarding of all texts",
  "webhook.created": "set up the forwarding of all texts",
  "webhook.removed": "removed the forwarding of all texts",
};

export function actionInWords(action: string): string {
  return ACTIONS[action] ?? inWords(action.replaceAll(".", " ")).toLowerCase();
}

/** What the list can be narrowed to. */
export const ABOUT = [
  { value: "", label: "Everything" },
  { value: "person.*", label: "Sign-ins and passwords" },
  { value: "team.*", label: "Team" },
  { value: "key.*", label: "API keys" },
  { value: "settings.*", label: "Settings" },
  { value: "channel.*", label: "Channels" },
  { value: "board.*", label: "Board" },
  { value: "reporter.*", label: "Reporters" },
  { value: "rule.*", label: "Rules" },
  { value: "consent.*", label: "Consent" },
  { value: "guard.*", label: "Guards" },
  { value: "endpoint.*", label: "Webhook endpoints" },
  { value: "webhook.*", label: "Forward-all webhook" },
  { value: "integration.*", label: "Integrations" },
];

const KINDS: Record<string, string> = {
  user: "",
  key: "API key",
  reporter: "reporter",
  rule: "rule",
  schedule: "schedule",
};

export function kindInWords(kind: string): string {
  return KINDS[kind] ?? kind;
}
