/**
 * What an opt-out covers: every address of the tenant, one address, or one topic whatever the address. Kept as
 * one word: '*', the address itself, or 'topic:' and the key of the topic.
 */
export type ConsentScope = "all" | "address" | "topic";

export const EVERY_ADDRESS = "*";
const TOPIC = "topic:";

export function scopeWord(scope: ConsentScope, topic: string | null, address: string): string {
  switch (scope) {
    case "all":
      return EVERY_ADDRESS;
    case "address":
      return address;
    case "topic":
      return `${TOPIC}${topic ?? ""}`;
    default:
      return scope satisfies never;
  }
}

export interface ScopeParts {
  scope: ConsentScope;
  address: string | null;
  topic: string | null;
}

export function scopeParts(word: string): ScopeParts {
  if (word === EVERY_ADDRESS) return { scope: "all", address: null, topic: null };
  if (word.startsWith(TOPIC)) return { scope: "topic", address: null, topic: word.slice(TOPIC.length) };
  return { scope: "address", address: word, topic: null };
}

/** What one person has opted out of, seen from one of our addresses. */
export interface OptOuts {
  all: boolean;
  address: boolean;
  /** Keys of topics. */
  topics: readonly string[];
}

export function optOutsOf(words: readonly string[], address: string): OptOuts {
  return {
    all: words.includes(EVERY_ADDRESS),
    address: words.includes(address),
    topics: words.flatMap((word) => scopeParts(word).topic ?? []),
  };
}

/** How consent came to change; the evidence names it. */
export type ConsentMethod =
  | "text_word"
  | "text_phrase"
  | "provider_block"
  | "staff"
  | "paper"
  | "web_form"
  | "review";

const BARE_STOP = /^\W*(?:stop(?: ?all)?|unsubscribe|revoke|opt[ -]?out)\W*$/i;

/** Whether a text is surely an opt-out and nothing else, at a glance; the router reads it with more care. */
export function isBareStop(text: string): boolean {
  return text.length < 40 && BARE_STOP.test(text);
}
