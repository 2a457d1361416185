import type { Advice } from "./advice.ts";

/**
 * What may come in through a door, already parsed. One provider request may hold several.
 * Phone numbers are E.164 where they could be normalised, else as the provider gave them.
 */
export type Arrival =
  | MessageArrival
  | ReceiptArrival
  | UnsubscribeArrival
  | ResubscribeArrival
  | BounceArrival
  | ContactStatusArrival
  | RejectionArrival
  | IgnoredArrival;

export interface MessageArrival {
  kind: "message";
  /** The provider's own id of this text; null where it gives none that is safe. */
  providerMessageId: string | null;
  from: string;
  to: string;
  /** Well-formed Unicode without NUL. */
  text: string;
  media: Media[];
  /** ISO 8601, UTC, as told by the provider. */
  providerTime: string | null;
  /** The provider's id of the contact, where it has contacts. */
  providerContactId: string | null;
  /** Nothing tells a repeat of it for sure: the same words again at once are taken for one. */
  mayRepeat?: true;
  /** Its provider has answered it as a question for help, by a word that perhaps only it knows. */
  answered?: true;
  /** It is one part of a long text, and not worked on before all of them are there. */
  part?: TextPart;
  /** So many of its parts came, and no more are waited for. */
  incomplete?: { came: number; total: number };
}

/** `reference` is the same for all parts of a text of one sender; `index` counts from 1. */
export interface TextPart {
  reference: string;
  index: number;
  total: number;
}

export interface Media {
  url: string;
  contentType: string | null;
  bytes: number | null;
}

/** News about a text we sent. Matched by the provider's id, else by number and text. */
export interface ReceiptArrival {
  kind: "receipt";
  providerMessageId: string | null;
  /** Our own id of the text, where the provider tells it back: finds a text whose send had no clear answer. */
  messageId?: string;
  phone: string | null;
  text: string | null;
  status: "handed_over" | "sent" | "delivered" | "undelivered" | "failed" | "expired" | "cancelled";
  code: string | null;
  description: string | null;
  bounce: boolean;
  /** The provider says that this person has opted out. */
  optedOut?: true;
  /** The provider says that nobody will tell whether it arrived. Comes with the status `sent`. */
  unconfirmed?: true;
  /** What can be done about a failure, where the code tells. */
  advice?: Advice;
  /** It is about one part of a long text only; `index` counts from 1. */
  part?: { index: number; total: number };
}

export interface UnsubscribeArrival {
  kind: "unsubscribe";
  phone: string;
  to: string | null;
  at: string | null;
  providerContactId: string | null;
}

/** The provider has lifted its block, for a word that perhaps only it knows: the same as the word START. */
export interface ResubscribeArrival {
  kind: "resubscribe";
  phone: string;
  to: string | null;
}

export interface BounceArrival {
  kind: "bounce";
  phone: string;
  bounces: number;
  providerContactId: string | null;
}

export interface ContactStatusArrival {
  kind: "contact-status";
  phone: string;
  status: "suspended" | "deactivated" | "resumed" | "transferred";
  providerContactId: string | null;
}

/** A provider's complaint that names no message. */
export interface RejectionArrival {
  kind: "rejection";
  code: string;
  message: string;
  description: string;
}

/** Genuine, understood, and of no interest: kept and answered, nothing more. */
export interface IgnoredArrival {
  kind: "ignored";
  reason: string;
}
