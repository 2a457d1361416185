import type { ActiveChannel } from "../../channels/types.ts";
import { isTollFree } from "../../domain/phone.ts";

/** Words that a provider answers if somebody set it to, where it does not say itself which. */
const USUAL = ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "start", "unstop", "help"];
/** The network behind toll-free numbers answers these by itself; nobody can change that. */
const BY_NETWORK = ["stop", "start", "unstop"];

/**
 * Who answers STOP, START and HELP: one of us, never two. The channel's setting, else what its provider does, and on
 * toll-free numbers the network. They know bare words only: who writes "stop texting me" or STOP and a topic has no
 * answer but ours.
 */
export function isAnsweredElsewhere({ provider, settings, address }: ActiveChannel, text: string): boolean {
  const word = text.trim().toLowerCase();
  const own = provider.answersConsent ?? [];
  const who = settings.consentAnswers ?? (isTollFree(address) ? "network" : null);
  switch (who) {
    case "signalbox":
      return false;
    case "provider":
      return (own.length > 0 ? own : USUAL).includes(word);
    case "network":
      return BY_NETWORK.includes(word) || own.includes(word);
    default:
      return own.includes(word);
  }
}
