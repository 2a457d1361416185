/** What the owner of a tenant wants to happen when a text comes in that is nobody's command. */
export interface Rule {
  id: string;
  name: string;
  /** The lowest comes first; of two alike the older one. */
  priority: number;
  enabled: boolean;
  match: RuleMatch;
  /** Which senders, see `readFromFilter`; null = everybody. */
  from: string | null;
  /** The channel that was texted; null = any. */
  channelId: string | null;
  /** How long one sender gets no second reply or mail of this rule; 0 = no such pause. */
  cooldownSeconds: number;
  /** Whether short codes get its replies and cause its mails. */
  shortCodes: boolean;
  actions: RuleAction[];
}

export interface RuleMatch {
  type: MatchType;
  /** Empty for `any`. */
  pattern: string;
  /** Of `contains`: the pattern stands between edges of words. */
  wholeWord: boolean;
}

export const MATCH_TYPES = ["contains", "exact", "regex", "any"] as const;
export type MatchType = (typeof MATCH_TYPES)[number];

/** An action as it is kept: its type and the values of the fields that its kind declares. */
export interface RuleAction {
  type: string;
  /** Of actions that call an address: the endpoint behind it, which holds its secret. */
  endpointId?: string;
  [field: string]: string | undefined;
}

/** What a kind of action asks for. Checks, forms and the API's description come from this one declaration. */
export interface ActionSpec {
  type: string;
  title: string;
  fields: ActionField[];
}

export interface ActionField {
  key: string;
  label: string;
  help: string;
  /** `template` and `line` are Liquid; a `line` has no line breaks. `secret` is never kept with the rule. */
  kind: "template" | "line" | "addresses" | "url" | "secret";
  required: boolean;
  /** Characters at most. */
  most: number;
  /** The text is sent by SMS: its segments count. */
  isText?: true;
  example: string;
}

/** Patterns of regular expressions are at most this long, characters. */
export const MOST_PATTERN = 500;

/** The default reply of a tenant is held back from one sender for so long after it was given, s. */
export const DEFAULT_REPLY_COOLDOWN = 15 * 60;
export const DEFAULT_COOLDOWN = 60;

/** Variables that every template may use; `contact` and `match` have parts. */
export const TEMPLATE_VARIABLES = [
  "from",
  "text",
  "ref",
  "now",
  "tenantName",
  "deviceId",
  "contact",
  "match",
] as const;
/** What is known of a sender. */
export const CONTACT_VARIABLES: readonly string[] = ["number"];
