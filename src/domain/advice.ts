import type { ReceiptArrival } from "./arrival.ts";
import type { MessageFault } from "./events.ts";
import type { RefusalReason } from "./outcome.ts";

/** What a person can do about a text that did not arrive. Every refusal and every receipt comes down to one. */
export type Advice = RefusalReason | "later" | "credential";

const STEPS: Record<Advice, string> = {
  bad_number: "Check the number.",
  opted_out: "They can come back by texting START.",
  content: "Change the words and send it again.",
  sender: "Check with the provider that the number is yours and registered for texts.",
  region: "Allow texts to this country in the provider's account.",
  no_funds: "Add credit at the provider, then test the channel.",
  credential: "Check the account with the provider, then test the channel.",
  later: "Send it again later.",
  other: "If that does not say enough, ask the provider and name the code.",
};

const WHOSE: Record<Advice, MessageFault["fault"]> = {
  bad_number: "recipient",
  opted_out: "recipient",
  content: "sender",
  sender: "channel",
  region: "channel",
  no_funds: "channel",
  credential: "channel",
  later: "carrier",
  other: "carrier",
};

/** The cause as a sentence, and after it what to do. */
export function withStep(cause: string, advice: Advice): string {
  const said = cause.trim();
  if (said === "") return STEPS[advice];
  return `${/[.!?]$/.test(said) ? said : `${said}.`} ${STEPS[advice]}`;
}

/** Why a text did not arrive, as a receipt tells it; null where it tells of no failure. */
export function faultOfReceipt(receipt: ReceiptArrival): MessageFault | null {
  const { status, code, description } = receipt;
  if (status !== "undelivered" && status !== "failed" && status !== "expired") return null;
  const advice = adviceOf(receipt);
  return {
    code: status === "expired" ? "expired" : "undelivered",
    providerCode: code,
    text: withStep(description ?? "The carrier could not deliver it.", advice),
    fault: WHOSE[advice],
  };
}

function adviceOf({ status, advice, optedOut, bounce }: ReceiptArrival): Advice {
  if (optedOut) return "opted_out";
  if (advice) return advice;
  if (bounce) return "bad_number";
  return status === "expired" ? "later" : "other";
}
