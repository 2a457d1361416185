import type { MessageKind } from "./message.ts";

/** What the router may ask for. The workers write all effects of one arrival in one transaction. */
export type Effect = SendTextEffect | ChangeBoardEffect | ChangeConsentEffect | AlertEffect;

/** A text back to the sender, from the number and channel that was texted. */
export interface SendTextEffect {
  kind: "send-text";
  messageKind: MessageKind;
  /** Key of the reply catalogue, for the log. */
  key: string;
  text: string;
  /** Set when the text is written and logged but must not leave. */
  withheld: "opted_out" | "answered_by_provider" | null;
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
  /** `all`: every address of the tenant. `address`: only the one texted. */
  scope: "all" | "address";
  method: "text_word" | "text_phrase" | "provider_block";
  /** The word or phrase that was recognised. */
  word: string;
}

/** A person should look at this: written as an event and shown. */
export interface AlertEffect {
  kind: "alert";
  code: "pin_locked" | "opted_out_command" | "consent_review";
  text: string;
}
