import type { ConsentScope } from "./consent.ts";
import type { MessageKind } from "./message.ts";

/** What the router may ask for. The workers write all effects of one arrival in one transaction. */
export type Effect =
  | SendTextEffect
  | ChangeBoardEffect
  | ChangeConsentEffect
  | ReviewConsentEffect
  | CallWebhookEffect
  | SendMailEffect
  | AlertEffect;

/** A text back to the sender, from the number and channel that was texted. */
export interface SendTextEffect {
  kind: "send-text";
  messageKind: MessageKind;
  /** Key of the reply catalogue, for the log. */
  key: string;
  text: string;
  /** Set when the text is written and logged but must not leave. */
  withheld: Withheld | null;
  /** The rule that says it. */
  ruleId?: string;
  /** That rule lets short codes be answered. */
  shortCodes?: true;
}

/** Why something that was decided does not leave. */
export type Withheld =
  | "opted_out"
  | "answered_by_provider"
  | "loop_guard"
  /** The rule's pause for this sender is not over. */
  | "cooldown"
  /** A short code, a name or a number that costs extra. */
  | "not_answerable"
  | "reaction"
  | "own_number";

/** The endpoint of a rule is told of the text. */
export interface CallWebhookEffect {
  kind: "call-webhook";
  endpointId: string;
  ruleId: string;
}

export interface SendMailEffect {
  kind: "send-mail";
  /** One address. */
  to: string;
  subject: string;
  body: string;
  ruleId: string;
  withheld: Withheld | null;
}

export interface ChangeBoardEffect {
  kind: "change-board";
  changeId: string;
  itemId: string;
  field: string;
  from: string | null;
  to: string | null;
  /** The change this one takes back. */
  reverses: string | null;
}

export interface ChangeConsentEffect {
  kind: "change-consent";
  action: "revoke" | "restore";
  /** `all`: every address of the tenant. `address`: only the one texted. `topic`: one subject. */
  scope: ConsentScope;
  /** Key of the topic; null for the other scopes. */
  topic: string | null;
  method: "text_word" | "text_phrase" | "provider_block";
  /** The word or phrase that was recognised. */
  word: string;
}

/** A wording that a person should judge: goes onto the review list. */
export interface ReviewConsentEffect {
  kind: "review-consent";
  /** Whether the person was opted out for it, or not. */
  reviewKind: "opt_out" | "review_only";
  scope: ConsentScope;
  phrase: string;
  /** Of the list that holds the phrase. */
  version: string;
}

/** A person should look at this: written as an event and shown. */
export interface AlertEffect {
  kind: "alert";
  code: "pin_locked" | "opted_out_command" | "consent_review" | "loop_guard";
  text: string;
}
